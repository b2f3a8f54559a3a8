import type { Place } from "../place.ts"
import type { Probed, SurfaceRow } from "../surface.ts"

/** One run against a door of this program. Throws when what must hold does not. */
export interface Probe {
  readonly id: string
  /** Says in a few words what it did. */
  run(place: Place, notes: Notes): Promise<string>
}

/** What a probe says as it goes. */
export interface Notes {
  /** These were to be seen, working. */
  saw(...ids: string[]): void
  /** These were refused by name. */
  refused(...ids: string[]): void
  /** The rows that it is asked about. */
  readonly rows: readonly SurfaceRow[]
}

export function must(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise)
}

/** Runs it, and takes whatever goes wrong as its outcome. */
export async function probed(probe: Probe, place: Place, rows: readonly SurfaceRow[]): Promise<Probed> {
  const started = performance.now()
  const seen = new Set<string>()
  const refused = new Set<string>()
  const add = (into: Set<string>) => (ids: readonly string[]) => {
    for (const id of ids) into.add(id)
  }
  const outcome = await probe
    .run(place, { rows, saw: (...ids) => add(seen)(ids), refused: (...ids) => add(refused)(ids) })
    .then(
      (detail) => ({ isPassed: true, detail }),
      (error: unknown) => ({ isPassed: false, detail: error instanceof Error ? error.message : String(error) }),
    )
  return { id: probe.id, ...outcome, ms: Math.round(performance.now() - started), seen, refused }
}
