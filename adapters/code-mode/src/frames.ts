import { asNumber, asObject, asText, parseObject } from "@skein/protocol/json"

/** What the process says to us. SEMANTICS 9.3 gives the framing: a word, JSON, a word. */
export type Said =
  | { readonly kind: "call"; readonly id: number; readonly tool: string; readonly input: unknown }
  | { readonly kind: "value"; readonly json: string }
  | { readonly kind: "failed"; readonly message: string }
  /** What the program wrote there itself. */
  | { readonly kind: "noise"; readonly bytes: number; readonly text: string }
  /** Nobody keeps so much. */
  | { readonly kind: "too_long" }

const END = "__MCP_END__"

/** Longer lines are nothing that the process may say. */
export const FRAME_CHARS_MAX = 8 * 1024 * 1024

/** Word before a frame of the process. The token is another for each program: text that passes through it has no frames. */
export const callWord = (token: string) => `__MCP_CALL__${token}`

/** An answer for the process: one line. */
export function answerFrame(id: number, answer: { readonly value: string } | { readonly error: string }): string {
  const word = "value" in answer ? "__MCP_RESULT__" : "__MCP_ERROR__"
  return `${word}${JSON.stringify({ id, text: "value" in answer ? answer.value : answer.error })}${END}\n`
}

/** Reads what comes, in pieces of any size. Pure but for what it holds. */
export class Frames {
  readonly #word: string
  readonly #decoder = new TextDecoder()
  #held: string[] = []
  #heldChars = 0

  constructor(token: string) {
    this.#word = callWord(token)
  }

  take(bytes: Uint8Array): readonly Said[] {
    const said: Said[] = []
    const pieces = this.#decoder.decode(bytes, { stream: true }).split("\n")
    const last = pieces.pop() ?? ""
    for (const piece of pieces) {
      this.#hold(piece)
      if (this.#isTooLong) return [...said, { kind: "too_long" }]
      said.push(...this.#line(this.#held.join("")))
      this.#held = []
      this.#heldChars = 0
    }
    this.#hold(last)
    return this.#isTooLong ? [...said, { kind: "too_long" }] : said
  }

  get #isTooLong(): boolean {
    return this.#heldChars > FRAME_CHARS_MAX
  }

  #hold(piece: string): void {
    if (piece === "") return
    this.#held.push(piece)
    this.#heldChars += piece.length
  }

  #line(line: string): readonly Said[] {
    if (line === "") return []
    const isFrame = line.startsWith(this.#word) && line.endsWith(END)
    const frame = isFrame ? frameOf(line.slice(this.#word.length, -END.length)) : undefined
    return [frame ?? { kind: "noise", bytes: line.length, text: `${line}\n` }]
  }
}

/** Nothing of a frame but these is looked at. Undefined: it is none. */
function frameOf(json: string): Said | undefined {
  const given = parseObject(json)
  if (given === undefined) return undefined
  const message = asText(given.failed)
  if (message !== undefined) return { kind: "failed", message }
  const value = asText(given.value)
  if (value !== undefined) return { kind: "value", json: value }
  const id = asNumber(given.id)
  const tool = asText(given.tool)
  if (id === undefined || tool === undefined) return undefined
  return { kind: "call", id, tool, input: asObject(given.args) ?? {} }
}
