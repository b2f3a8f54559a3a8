import type { Input } from "@skein/term"

/**
 * What a key means while there is no session yet, because nobody has asked for anything: a word of a prompt can be typed
 * without one. `wake`: one will be wanted soon. `wait`: the key is only understood when there is one. `never`: it leaves
 * or stops, which waits for nothing.
 */
export function wakingOf(input: Input, isBlank: boolean): "sleep" | "wake" | "wait" | "never" {
  if (input.kind === "paste") return "wake"
  if (input.kind !== "key" || LEAVING.has(input.chord)) return "never"
  const { text, chord } = input
  if (text === undefined) return chord === "backspace" ? "sleep" : "wait"
  if (/^[\p{L}\p{N}]+$/u.test(text)) return "sleep"
  // What stands first on the line may open something, or ask for commands or files.
  return isBlank ? "wait" : "wake"
}

const LEAVING: ReadonlySet<string> = new Set(["ctrl+c", "ctrl+d", "ctrl+z", "ctrl+l", "escape"])
