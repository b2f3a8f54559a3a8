import { CALL_BEGIN } from "./grammar.ts"

/** What a model said, sorted: text for the person, thoughts, and the moment when a call begins or its turn ends. */
export type Spoken =
  | { readonly kind: "content" | "thinking"; readonly text: string }
  | { readonly kind: "call" | "stop" }

export interface Listener {
  /** The next text of the model. Text that might be the beginning of a mark is held back until it is known. */
  hear(text: string): readonly Spoken[]
  /** Nothing more will come. */
  end(): readonly Spoken[]
}

const THINK_BEGIN = "<think>"
const THINK_END = "</think>"

/** Sorts a reply. After `call` or `stop` it is not asked again for this stretch of text. */
export function listener({
  hasTools,
  stops,
}: {
  readonly hasTools: boolean
  readonly stops: readonly string[]
}): Listener {
  let held = ""
  let isThinking = false
  let hasSpoken = false

  function marks(): readonly string[] {
    if (isThinking) return [THINK_END, ...stops]
    return [...(hasSpoken ? [] : [THINK_BEGIN]), ...(hasTools ? [CALL_BEGIN] : []), ...stops]
  }

  function spoken(text: string): readonly Spoken[] {
    if (text === "") return []
    if (text.trim() !== "") hasSpoken = true
    return [{ kind: isThinking ? "thinking" : "content", text }]
  }

  function next(): readonly Spoken[] {
    const found = marks()
      .map((mark) => ({ mark, at: held.indexOf(mark) }))
      .filter(({ at }) => at >= 0)
      .toSorted((a, b) => a.at - b.at)[0]
    if (found === undefined) {
      const kept = beginningLength(held, marks())
      const text = held.slice(0, held.length - kept)
      held = held.slice(held.length - kept)
      return spoken(text)
    }
    const before = spoken(held.slice(0, found.at))
    held = held.slice(found.at + found.mark.length)
    if (found.mark === THINK_BEGIN || found.mark === THINK_END) {
      isThinking = found.mark === THINK_BEGIN
      hasSpoken = true
      return [...before, ...next()]
    }
    held = ""
    return [...before, { kind: found.mark === CALL_BEGIN ? "call" : "stop" }]
  }

  return {
    hear(text) {
      held += text
      return next()
    },
    end() {
      const rest = held
      held = ""
      return spoken(rest)
    },
  }
}

/** How much of a text's end could be the beginning of one of the marks. */
function beginningLength(text: string, marks: readonly string[]): number {
  const most = Math.min(text.length, Math.max(0, ...marks.map(({ length }) => length - 1)))
  for (let length = most; length > 0; length -= 1) {
    const end = text.slice(text.length - length)
    if (marks.some((mark) => mark.startsWith(end))) return length
  }
  return 0
}
