import type { InputPart } from "@skein/protocol"
import { asNumber, asObject, asText, type Json } from "@skein/protocol/json"
import { contentOf } from "../files/content.ts"
import { objectOf } from "../files/json.ts"
import type { Ledger } from "../ledger.ts"

/** What came of a call, in the forms that the versions wrote it in. */
export interface CallOutput {
  readonly content: readonly InputPart[]
  readonly exitCode?: number | undefined
  readonly durationMs?: number | undefined
  readonly isError: boolean
}

export function outputOf(payload: Json, ledger: Ledger, line: number): CallOutput {
  const { output } = payload
  const object = asObject(output)
  // Once `{content, success}`; then a text; later also a list of blocks.
  const content = contentOf(object?.content ?? output, ledger, line)
  const [first] = content
  if (object === undefined && first?.type === "text" && content.length === 1) return ofText(first.text)
  return { content, isError: object?.success === false }
}

function ofText(text: string): CallOutput {
  return ofJson(text) ?? ofHeader(text) ?? { content: [{ type: "text", text }], isError: false }
}

/** `{"output": "…", "metadata": {"exit_code": 0, "duration_seconds": 0.1}}` */
function ofJson(text: string): CallOutput | undefined {
  const json = text.startsWith("{") ? objectOf(text) : undefined
  const metadata = asObject(json?.metadata)
  const output = asText(json?.output)
  if (metadata === undefined || output === undefined) return undefined
  const exitCode = asNumber(metadata.exit_code)
  const seconds = asNumber(metadata.duration_seconds)
  return {
    content: [{ type: "text", text: output }],
    exitCode,
    durationMs: seconds === undefined ? undefined : seconds * 1_000,
    isError: exitCode !== undefined && exitCode !== 0,
  }
}

/** Lines of facts before `Output:`, one of which is the exit code. */
function ofHeader(text: string): CallOutput | undefined {
  const at = text.search(/^(Output|Final output):\s*$/m)
  if (at < 0 || at > 2_000) return undefined
  const header = text.slice(0, at)
  const exit = /^(?:Process exited with code|Exit code:)\s*(-?\d+)/m.exec(header)?.[1]
  const seconds = /^(?:Wall time:|Duration:)\s*([\d.]+)/m.exec(header)?.[1]
  if (exit === undefined && seconds === undefined) return undefined
  const exitCode = exit === undefined ? undefined : Number(exit)
  return {
    content: [{ type: "text", text }],
    exitCode,
    durationMs: seconds === undefined ? undefined : Number(seconds) * 1_000,
    isError: exitCode !== undefined && exitCode !== 0,
  }
}
