import type { Terminal } from "@xterm/headless"

/** What a terminal says of itself when it is asked. Null: it does not answer that question. */
export interface TerminalFacts {
  /** XTVERSION. */
  readonly name: string | null
  readonly foreground: `#${string}` | null
  readonly background: `#${string}` | null
  /** Flags of the progressive keyboard protocol. */
  readonly keyboardFlags: number | null
  /** Text area in pixels, width and height. */
  readonly pixels: readonly [number, number] | null
}

/** The emulator answers for cursor, attributes and modes by itself; what a window knows, we answer in its place. */
export function answerQuestions(
  terminal: Terminal,
  facts: Partial<TerminalFacts>,
  reply: (bytes: string) => void,
): void {
  const { name = "virtual 1", foreground = "#cccccc", background = "#111111", keyboardFlags = 0, pixels = null } = facts
  terminal.onData(reply)
  const answer = (bytes: string | undefined) => {
    if (bytes !== undefined) reply(bytes)
    return true
  }
  terminal.parser.registerCsiHandler({ prefix: ">", final: "q" }, () =>
    answer(name === null ? undefined : `\u001bP>|${name}\u001b\\`),
  )
  terminal.parser.registerCsiHandler({ prefix: "?", final: "u" }, () =>
    answer(keyboardFlags === null ? undefined : `\u001b[?${keyboardFlags}u`),
  )
  terminal.parser.registerCsiHandler({ final: "t" }, ([what]) =>
    what === 14 ? answer(pixels === null ? undefined : `\u001b[4;${pixels[1]};${pixels[0]}t`) : false,
  )
  for (const [code, color] of [
    [10, foreground],
    [11, background],
  ] as const) {
    terminal.parser.registerOscHandler(code, (asked) =>
      asked === "?" ? answer(color === null ? undefined : `\u001b]${code};${wide(color)}\u001b\\`) : false,
    )
  }
}

/** As XParseColor writes it, four digits a channel. */
function wide(color: string): string {
  const channels = [1, 3, 5].map((at) => color.slice(at, at + 2).repeat(2))
  return `rgb:${channels.join("/")}`
}
