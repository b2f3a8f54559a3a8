import type { CallId, ContentBlock, ToolCall } from "@skein/protocol"
import type { Batch, LastStep } from "./state.ts"

/**
 * A step asked for calls. Counts how often in a row exactly the same calls came while their results stayed the same:
 * polling a thing that changes is work, asking again for what is known is a loop.
 */
export function advanceBatch(previous: Batch | undefined, calls: readonly ToolCall[]): Batch {
  const signature = calls.map(signatureOf).toSorted().join("\n")
  const isSame = previous?.signature === signature
  const repeats = !isSame ? 1 : previous.isUnchanged ? previous.repeats + 1 : 2
  return { signature, repeats, results: isSame ? previous.results : undefined, isUnchanged: true }
}

/** A call settled. When it was the last of its step, the results are compared with those of the step before. */
export function closeBatch(
  batch: Batch,
  step: LastStep | undefined,
  callOf: (id: CallId) => ToolCall | undefined,
): Batch {
  const calls = (step?.callIds ?? []).map(callOf)
  if (calls.some((call) => call?.result === undefined)) return batch
  // A call answered only by the guard itself says nothing about the world.
  if (calls.every((call) => call?.result?.code === "call.repeated")) return batch
  const results = calls.flatMap((call) => (call?.result?.forModel ?? []).map(textOf))
  const isUnchanged = batch.results === undefined || sameTexts(batch.results, results)
  return { ...batch, results, isUnchanged }
}

function signatureOf(call: ToolCall): string {
  return `${call.name}\0${canonical(call.input ?? call.inputText)}`
}

/** JSON with sorted keys, so that the order in which a model writes arguments does not matter. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
    return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`).join(",")}}`
  }
  return JSON.stringify(value) ?? "null"
}

function textOf(block: ContentBlock): string {
  return block.type === "text" ? block.text : block.data
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, at) => text === b[at])
}
