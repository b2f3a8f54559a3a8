import type { CodePort, RunContext } from "@skein/core/ports"
import type { AfterChange } from "../files/after-step.ts"
import { bounded, countText, diagnosticLine } from "./text.ts"

/** What a change may wait for a server that is ready. What it says later comes with the next change. */
const WAIT_MS = 2_500
const LINES_MAX = 20

/** Tells the errors that a change brought, so that the model need not ask. Nothing where a layer is: servers see the folders. */
export async function introducedErrors(
  code: CodePort,
  { roots, signal, layer, cwd }: RunContext,
  paths: readonly string[],
): Promise<Partial<AfterChange>> {
  if (layer !== undefined) return {}
  const { diagnostics } = await code.introduced(paths, { roots, signal, waitMs: WAIT_MS })
  const summary = countText(diagnostics)
  if (summary === undefined) return {}
  const lines = bounded(
    diagnostics.map((one) => diagnosticLine(one, cwd)),
    LINES_MAX,
  )
  const cut =
    diagnostics.length > LINES_MAX ? "\nThe tool diagnostics tells all; call_tool calls it where it is not listed." : ""
  return { notes: [`The change brought ${summary}:\n${lines.join("\n")}${cut}`], shown: { lines, summary } }
}
