/** Control characters but newline and tab, and the ones that turn the direction of text. */
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

/**
 * Text that can be shown anywhere: no byte of it moves a cursor, rings a bell or hides what it says. CR before LF is
 * dropped; every other control character becomes a visible escape. Costs one scan for text that needs nothing.
 */
export function visible(text: string): string {
  if (!HIDDEN.test(text)) return text
  return text.replaceAll("\r\n", "\n").replace(new RegExp(HIDDEN, "g"), escaped)
}

function escaped(character: string): string {
  if (character === "\r") return "\\r"
  if (character === "\u001b") return "\\e"
  return `\\u{${character.charCodeAt(0).toString(16)}}`
}
