import { visible } from "@skein/protocol"

/** A text as one line that shows everything: hiding characters as `\u{…}`, the middle of a long one left out. */
export function oneLine(text: string, charsMax: number): string {
  const shown = visible(text).replaceAll("\n", "⏎").replaceAll("\t", "\\t")
  if (shown.length <= charsMax) return shown
  const half = Math.floor((charsMax - 1) / 2)
  return `${shown.slice(0, half)}…${shown.slice(shown.length - half)}`
}

/** Text as a block of Markdown code that nothing inside can close, every character of it visible. */
export function fenced(raw: string, language = ""): string {
  const text = visible(raw)
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length))
  const fence = "`".repeat(longest + 1)
  return `${fence}${language}\n${text.endsWith("\n") ? text : `${text}\n`}${fence}`
}
