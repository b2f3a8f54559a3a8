/** Characters that hide or reorder what is around them: controls, bidirectional marks, zero-width ones, tags. */
const HIDING = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu

/** A text as one line that shows everything: hiding characters as `\u{…}`, the middle of a long one left out. */
export function oneLine(text: string, charsMax: number): string {
  const shown = text.replace(HIDING, (character) =>
    character === "\n" ? "⏎" : `\\u{${character.codePointAt(0)?.toString(16)}}`,
  )
  if (shown.length <= charsMax) return shown
  const half = Math.floor((charsMax - 1) / 2)
  return `${shown.slice(0, half)}…${shown.slice(shown.length - half)}`
}

/** Text as a block of Markdown code that nothing inside can close. */
export function fenced(text: string, language = ""): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length))
  const fence = "`".repeat(longest + 1)
  return `${fence}${language}\n${text.endsWith("\n") ? text : `${text}\n`}${fence}`
}
