import { type RunContext, ToolFailure } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import type { ToolWorld } from "../define.ts"

export interface LayerSearch {
  readonly argv: readonly string[]
  readonly cwd: string
  readonly timeoutMs: number
}

export interface LayerSearchEnd {
  /** Its standard output, at most as much as is ever looked at. */
  readonly output: string
  readonly isCut: boolean
  readonly isLate: boolean
  readonly complaints: string
}

/** Half of it is more than any search shows. */
const OUTPUT_BYTES_MAX = 4_000_000
const COMPLAINT_BYTES_MAX = 4_000

/** Only in the sandbox is a layer mounted: what a search finds there is what a command sees. */
const SCRIPT = `
max=$1 mark=$2 complaints=$(mktemp)
shift 2
"$@" 2>"$complaints" | head -c "$max"
printf '%s' "$mark"
head -c ${COMPLAINT_BYTES_MAX} "$complaints"
rm -f "$complaints"`

export async function searchInLayer(
  search: LayerSearch,
  { exec }: Pick<ToolWorld, "exec">,
  context: RunContext,
): Promise<LayerSearchEnd> {
  const mark = `skein-${crypto.randomUUID()}`
  const result = await exec
    .run({
      command: ["/bin/sh", "-c", SCRIPT, "sh", String(OUTPUT_BYTES_MAX), mark, ...search.argv],
      cwd: search.cwd,
      sandbox: "read-only",
      roots: context.roots,
      timeoutMs: search.timeoutMs,
      signal: context.signal,
      bytesMax: 2 * OUTPUT_BYTES_MAX,
      layer: context.layer,
    })
    .catch((cause: unknown) => {
      if (cause instanceof SkeinError) throw new ToolFailure(`Cannot search here. ${cause.message}`, { cause })
      throw cause
    })
  context.signal.throwIfAborted()
  const end = result.output.lastIndexOf(mark)
  if (end === -1 && !result.isTimedOut) throw new ToolFailure("The search ended unexpectedly.")
  const output = end === -1 ? result.output : result.output.slice(0, end)
  return {
    output,
    isCut: Buffer.byteLength(output) >= OUTPUT_BYTES_MAX,
    isLate: result.isTimedOut,
    complaints: end === -1 ? "" : result.output.slice(end + mark.length),
  }
}
