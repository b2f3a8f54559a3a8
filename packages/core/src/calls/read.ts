import type { ToolKind } from "@skein/protocol"
import type { CallLabel, Place, ToolsPort } from "../ports/index.ts"

interface WrittenCall {
  readonly name: string
  readonly argumentsText: string
  readonly isWhole: boolean
}

interface ReadCall extends CallLabel {
  readonly kind: ToolKind
  readonly input?: unknown
  readonly inputText?: string
  readonly defect?: {
    readonly code: "call.unknown_tool" | "call.invalid_input" | "call.truncated"
    readonly message: string
  }
}

interface Reading {
  readonly place: Place
  readonly tools: Pick<ToolsPort, "describe" | "list">
  /** Whether the session leaves this tool to its model. */
  readonly allows: (name: string) => boolean
}

/**
 * The arguments as the model wrote them, read; or what is wrong with the call, in words that let it do better. A tool that
 * the person took from the session is not there, whoever names it.
 */
export function readCall(call: WrittenCall, { place, tools, allows }: Reading): ReadCall {
  const inputText = call.argumentsText
  if (!call.isWhole) {
    const message = "The arguments were cut off before they were whole, so nothing was run. Write less in one call."
    return { ...unreadable(call.name), inputText, defect: { code: "call.truncated", message } }
  }
  try {
    const input: unknown = inputText.trim() === "" ? {} : JSON.parse(inputText)
    const { tool = call.name, ...label } = tools.describe(call.name, input, place.cwd)
    if (allows(tool)) return { ...label, input }
    const left = tools.list(place).flatMap(({ name }) => (allows(name) ? [name] : []))
    return {
      ...unreadable(call.name),
      ...{ inputText, defect: { code: "call.unknown_tool", message: notOffered(tool, left) } },
    }
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    const message = `The arguments are not valid JSON (${cause.message}), so nothing was run. Send them again, escaped.`
    return { ...unreadable(call.name), inputText, defect: { code: "call.invalid_input", message } }
  }
}

function notOffered(name: string, left: readonly string[]): string {
  const what = left.length === 0 ? "It has no tools: answer in words." : `The tools are ${left.join(", ")}.`
  return `There is no tool "${name}" in this session, so nothing was run. ${what}`
}

function unreadable(name: string): CallLabel {
  return { title: name, kind: "other", locations: [] }
}
