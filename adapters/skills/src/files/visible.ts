/**
 * Text in which nothing hides: control characters, zero-width characters, marks that turn the direction of text, tags
 * and variation selectors are shown as `\u{…}`. A file of instructions can otherwise say to the model what a person who
 * reviews it cannot see (the "Rules File Backdoor"). Any line end becomes LF. What joins emoji stays, and the joiners
 * that Arabic and Indic scripts are written with.
 */
export function visible(text: string): string {
  if (PLAIN.test(text)) return text
  const lines = text.replaceAll(/\r\n?/g, "\n")
  return lines.replaceAll(hidden(), (character, at: number) =>
    isJoining(character, lines, at) ? character : `\\u{${character.codePointAt(0)?.toString(16)}}`,
  )
}

/** The same on one line, for a path that is quoted. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll("\n", "\\n").replaceAll("\t", "\\t")
}

/** Almost every file, known in one scan without Unicode tables. */
const PLAIN = /^[\t\n\x20-\x7e]*$/

let compiled: RegExp | undefined

/** Compiled when it is needed: the tables cost more than the start has. */
function hidden(): RegExp {
  compiled ??= /[^\P{Cc}\t\n]|[\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu
  return compiled
}

const EMOJI_STYLE = "\ufe0f"
const JOINER = "\u200d"
const NON_JOINER = "\u200c"

function isJoining(character: string, text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 2), at)
  if (character === EMOJI_STYLE) return /[\p{Extended_Pictographic}0-9#*]$/u.test(before)
  if (character !== JOINER && character !== NON_JOINER) return false
  if (/[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Malayalam}]$/u.test(before))
    return true
  const after = text.slice(at + 1, at + 3)
  return (
    character === JOINER &&
    /(?:[\p{Extended_Pictographic}\p{Emoji_Modifier}]|\ufe0f)$/u.test(before) &&
    /^\p{Extended_Pictographic}/u.test(after)
  )
}
