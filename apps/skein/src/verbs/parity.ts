import { jsonPage } from "@skein/protocol"
import { inPlace } from "../parity/place.ts"
import { type Probe, probed } from "../parity/probes/probe.ts"
import { type Judged, judged, type Probed, type Surface } from "../parity/surface.ts"
import { probesOf, SURFACES } from "../parity/surfaces.ts"
import { UsageError } from "../usage.ts"
import type { Run, VerbCall } from "../verb.ts"

/** A surface after the run. */
interface Told extends Omit<Surface, "rows"> {
  readonly rows: readonly Judged[]
}

/**
 * `skein parity`: what of other programs' doors holds here, from runs of this program made now. Exit 1 when a probe failed or a run
 * says otherwise than a row.
 */
export const run: Run = async (call) => {
  const surfaces = wanted(call, SURFACES, ({ id }) => id)
  const ids = new Set(surfaces.flatMap(({ probes }) => probes))
  const probes = probesOf(call.table).filter(({ id }) => ids.has(id) || call.words.length === 0)
  const results = await allProbed(probes, surfaces)
  const told = surfaces.map((surface): Told => ({ ...surface, rows: judged(surface, results) }))
  const { flags, io } = call
  if (flags.has("json")) io.out(jsonPage({ surfaces: told, probes: results.map(plain) }))
  else for (const line of page(told, results, flags.has("all"))) io.out(line)
  const reference = flags.text("reference")
  const missing =
    reference === undefined ? [] : (await import("../reference/compare.ts")).unclaimed(reference, told, io)
  for (const line of missing) io.out(line)
  const isAgainst = told.some(({ rows }) => rows.some(({ evidence }) => evidence === "against"))
  return isAgainst || results.some(({ isPassed }) => !isPassed) ? 1 : 0
}

/** Those that are named, or all. */
function wanted<T>({ words }: VerbCall, all: readonly T[], idOf: (one: T) => string): readonly T[] {
  const name = words.join(" ")
  const found = all.filter((one) => name === "" || idOf(one).startsWith(name))
  if (found.length > 0) return found
  throw new UsageError(`There is no surface ${name}. There are: ${all.map(idOf).join(", ")}.`)
}

/** One after the other: together they would tell of each other's load. */
async function allProbed(probes: readonly Probe[], surfaces: readonly Surface[]): Promise<readonly Probed[]> {
  const results: Probed[] = []
  for (const probe of probes) {
    const rows = surfaces.filter(({ probes: own }) => own.includes(probe.id)).flatMap(({ rows }) => rows)
    results.push(await inPlace((place) => probed(probe, place, rows)))
  }
  return results
}

/** Sets have no JSON. */
function plain({ seen, refused, ...probe }: Probed) {
  return { ...probe, seen: [...seen].sort(), refused: [...refused].sort() }
}

function page(surfaces: readonly Told[], probes: readonly Probed[], isWhole: boolean): readonly string[] {
  return [
    ...surfaces.flatMap((surface) => surfaceLines(surface, isWhole)),
    "Probes, run just now against this program with a scripted model on loopback:",
    ...probes.map(
      ({ id, isPassed, ms, detail }) => `  ${isPassed ? "passed" : "FAILED"}  ${id.padEnd(18)} ${detail} (${ms} ms)`,
    ),
  ]
}

function surfaceLines({ id, reference, boundary, rows }: Told, isWhole: boolean): readonly string[] {
  const count = (holds: string) => rows.filter((row) => row.holds === holds).length
  const run = rows.filter(({ evidence }) => evidence !== "claimed").length
  const shown = rows.filter(({ holds, evidence }) => isWhole || holds !== "yes" || evidence === "against")
  return [
    `${id} (${reference}), held by ${boundary}: ${count("yes")} hold, ${count("partly")} partly, ${count("no")} not; ${run} of ${rows.length} seen in this run`,
    ...shown.map(
      (row) =>
        `  ${row.holds.padEnd(7)} ${row.id.padEnd(34)} ${evidenceOf(row)}${row.why === undefined ? "" : `  ${row.why}`}`,
    ),
    "",
  ]
}

function evidenceOf({ evidence, by }: Judged): string {
  const words = {
    seen: "seen",
    refused: "refused by name",
    against: "THE RUN SAYS OTHERWISE",
    claimed: "claimed, not run",
  }
  return by === undefined ? `[${words[evidence]}]` : `[${words[evidence]}: ${by}]`
}
