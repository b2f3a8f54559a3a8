import { lazy } from "@skein/protocol"
import * as z from "@skein/protocol/schema"
import type { Connection } from "../wire/connection.ts"
import type { WireDiagnostic } from "../wire/shapes.ts"

/**
 * typescript-language-server tells diagnostics as they come, syntax before types, and says nothing when a clean file stays
 * clean: nobody knows when it is done. So the compiler's own server is asked, through the command that the former offers for
 * that (`typescript.tsserverRequest` in its README). Lines and columns count from 1 there.
 */
export async function tsserverDiagnostics(
  connection: Connection,
  path: string,
  signal: AbortSignal,
): Promise<readonly WireDiagnostic[]> {
  const asked = ["syntacticDiagnosticsSync", "semanticDiagnosticsSync"].map(async (command) => {
    const params = { command: "typescript.tsserverRequest", arguments: [command, { file: path }] }
    const answer = response().safeParse(await connection.ask("workspace/executeCommand", params, signal))
    return answer.success ? (answer.data.body ?? []) : []
  })
  const found = await Promise.all(asked)
  return found.flat().map(({ start, end, text, code, category }) => ({
    range: { start: positionOf(start), end: positionOf(end) },
    severity: SEVERITIES[category] ?? 4,
    code,
    source: "typescript",
    message: text,
  }))
}

const SEVERITIES: Readonly<Record<string, number>> = { error: 1, warning: 2, message: 3, suggestion: 4 }

const response = lazy(() => {
  const location = z.object({ line: z.int().min(1), offset: z.int().min(1) })
  return z.object({
    body: z
      .array(
        z.object({
          start: location,
          end: location,
          text: z.string(),
          code: z.number().optional(),
          category: z.string(),
        }),
      )
      .optional(),
  })
})

function positionOf({ line, offset }: { readonly line: number; readonly offset: number }) {
  return { line: line - 1, character: offset - 1 }
}
