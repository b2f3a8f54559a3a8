import type { ModelChunk } from "@skein/core/ports"
import { cutOff } from "./cut.ts"
import { asArray, asNumber, asObject, asText, type JsonObject, parseEvent } from "./json.ts"
import { refusalOf, refused } from "./refusals.ts"
import type { Decoder, Target } from "./wire.ts"

/** Reads one reply of Ollama's chat: a JSON object a line, the last of which has `done`. */
export function ollamaReply(target: Target): Decoder {
  let nextIndex = 0
  let open: { readonly kind: "text" | "reasoning"; readonly index: number } | undefined
  let hasCalls = false
  let isOver = false

  function endOpen(): readonly ModelChunk[] {
    if (open === undefined) return []
    const { index } = open
    open = undefined
    return [{ type: "item_end", index }]
  }

  function grew(kind: "text" | "reasoning", text: string): readonly ModelChunk[] {
    if (text === "") return []
    if (open?.kind === kind) return [{ type: kind, index: open.index, text }]
    const ended = endOpen()
    open = { kind, index: nextIndex++ }
    return [...ended, { type: kind, index: open.index, text }]
  }

  /** Whole when it comes; its arguments are an object, and it has no id but in the newest servers. */
  function called(value: unknown): readonly ModelChunk[] {
    const call = asObject(asObject(value)?.function)
    const name = asText(call?.name)
    if (name === "") return []
    hasCalls = true
    const index = nextIndex++
    const given = call?.arguments
    const text = typeof given === "string" ? given : JSON.stringify(given ?? {})
    return [
      ...endOpen(),
      { type: "call", index, name, providerCallId: asText(asObject(value)?.id) || undefined },
      { type: "arguments", index, text },
      { type: "item_end", index },
    ]
  }

  function over(body: JsonObject): readonly ModelChunk[] {
    isOver = true
    const isCut = asText(body.done_reason) === "length"
    return [...endOpen(), ...usageOf(body), { type: "stop", reason: isCut ? "length" : hasCalls ? "calls" : "end" }]
  }

  return {
    framing: "lines",
    event({ data }) {
      if (isOver) return []
      const body = parseEvent(data, target)
      if (body.error !== undefined) throw refused(refusalOf(body), target)
      const message = asObject(body.message)
      const chunks = [
        ...grew("reasoning", asText(message?.thinking)),
        ...grew("text", asText(message?.content)),
        ...asArray(message?.tool_calls).flatMap(called),
      ]
      return body.done === true ? [...chunks, ...over(body)] : chunks
    },
    end() {
      if (isOver) return []
      throw cutOff(target)
    },
  }
}

function usageOf(body: JsonObject): readonly ModelChunk[] {
  const input = asNumber(body.prompt_eval_count)
  // A server that counts nothing says nothing: no prompt is empty.
  if (input === undefined || input === 0) return []
  const output = asNumber(body.eval_count) ?? 0
  return [{ type: "usage", usage: { input, cacheRead: 0, cacheWrite: 0, output, reasoning: 0 } }]
}
