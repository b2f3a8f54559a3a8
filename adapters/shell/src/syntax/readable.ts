/** Longest text that is read whole; of a longer one only the plain commands are named. */
export const LENGTH_MAX = 100_000

/** Control characters but tab and newline, separators and invisible characters of Unicode, halves of pairs. */
const ODD =
  /[\x00-\x08\x0b-\x1f\x7f-\xa0\xad\u061c\u115f\u1160\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ufeff\uffa0\ufff0-\uffff]|\u034f|[\u17b4\u17b5]|[\u180b-\u180d]|\u180f|[\ufe00-\ufe0f]|[\u{e0000}-\u{e0fff}]/u

/** Why a text may be read differently by different readers, before any of them has begun. */
export function oddity(text: string): string | undefined {
  if (text.length > LENGTH_MAX) return `It is too long to be followed: ${text.length} characters`
  if (!text.isWellFormed()) return "It holds half a character"
  const found = ODD.exec(text)?.[0]
  if (found === undefined) return undefined
  const code = found.codePointAt(0) ?? 0
  return `It holds a character that is invisible or read as a blank by some: U+${code.toString(16).toUpperCase().padStart(4, "0")}`
}

/** Words and operators without quotes, expansions, patterns or redirections: there is one way to read it. */
export function isPlain(text: string): boolean {
  return text.length <= 2_000 && /^[A-Za-z0-9_./:@%+,= \t|&;-]*$/.test(text)
}
