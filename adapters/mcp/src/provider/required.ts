import { SkeinError } from "@skein/protocol"
import { whyNot } from "./rows.ts"
import type { PlaceState, Servers } from "./servers.ts"

/** Starts the servers without which no turn begins. Throws SkeinError that says which did not. */
export async function startRequired(servers: Servers, { rows, place }: PlaceState): Promise<void> {
  const needed = rows.filter(({ found, standing }) => found.isRequired && standing !== "disabled")
  const started = needed.map(async (row) => {
    const { name, spec } = row.found
    const failed = (cause: unknown, why: string) =>
      new SkeinError("op.unsupported", `The MCP server ${name} is required, and cannot be used: ${why}`, { cause })
    const why = whyNot(row)
    if (why !== undefined) throw failed(undefined, why)
    const signal = AbortSignal.timeout(spec?.startTimeoutMs ?? START_MS_MAX)
    try {
      await servers.use(row, place, { signal, roots: [place.cwd] })
    } catch (error) {
      throw failed(error, error instanceof Error ? error.message : String(error))
    }
  })
  await Promise.all(started)
}

const START_MS_MAX = 20_000
