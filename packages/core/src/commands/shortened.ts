import type { DurableEvent, InputId, InputPart } from "@skein/protocol"
import type { ShortenedInput } from "./command.ts"

/** What the newest compaction with a receipt shortened of the person's words and was not restored since, in order. */
export function shortenedIn(events: readonly DurableEvent[]): readonly ShortenedInput[] {
  const said = new Map<InputId, readonly InputPart[]>()
  let open = new Set<InputId>()
  for (const event of events) {
    if (event.type === "turn.started") said.set(event.inputId, event.input)
    if (event.type === "turn.steered") for (const { inputId, input } of event.inputs) said.set(inputId, input)
    if (event.type === "context.compacted" && event.receipt !== undefined) open = new Set(event.receipt.shortened)
    if (event.type === "context.restored") for (const inputId of event.inputIds) open.delete(inputId)
  }
  return [...said].flatMap(([inputId, input]) => (open.has(inputId) ? [{ inputId, text: textOf(input) }] : []))
}

function textOf(input: readonly InputPart[]): string {
  return input.map((part) => (part.type === "text" ? part.text : `[${part.type}]`)).join("\n")
}
