import type { ToolKind } from "@skein/protocol"
import type { CallLabel, ToolsPort } from "../ports/index.ts"

interface WrittenCall {
  readonly name: string
  readonly argumentsText: string
  readonly isWhole: boolean
}

interface ReadCall extends CallLabel {
  readonly kind: ToolKind
  readonly input?: unknown
  readonly inputText?: string
  readonly defect?: { readonly code: "call.invalid_input" | "call.truncated"; readonly message: string }
}

/** The arguments as the model wrote them, read; or what is wrong with them, in words that let it do better. */
export function readCall(call: WrittenCall, cwd: string, tools: Pick<ToolsPort, "describe">): ReadCall {
  const inputText = call.argumentsText
  if (!call.isWhole) {
    const message = "The arguments were cut off before they were whole, so nothing was run. Write less in one call."
    return { ...unreadable(call.name), inputText, defect: { code: "call.truncated", message } }
  }
  try {
    const input: unknown = inputText.trim() === "" ? {} : JSON.parse(inputText)
    return { ...tools.describe(call.name, input, cwd), input }
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    const message = `The arguments are not valid JSON (${cause.message}), so nothing was run. Send them again, escaped.`
    return { ...unreadable(call.name), inputText, defect: { code: "call.invalid_input", message } }
  }
}

function unreadable(name: string): CallLabel {
  return { title: name, kind: "other", locations: [] }
}
