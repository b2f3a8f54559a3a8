/**
 * Typography that models and editors exchange for ASCII: quotes, primes, dashes, spaces, full-width forms. One code unit
 * for one, so that positions stay.
 */
export function foldUnits(text: string): string {
  return text.replace(FOLDED, (character) => PLAIN.get(character) ?? fullWidth(character))
}

/** As above, also without invisible characters, with "..." for the ellipsis and in composed form. Positions move. */
export function foldLine(line: string): string {
  return foldUnits(line)
    .replace(/[\u200b-\u200d\u2060\ufeff\u00ad]/g, "")
    .replaceAll("\u2026", "...")
    .normalize("NFC")
}

const PAIRS: readonly (readonly [string, string])[] = [
  ["'", "\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4"],
  ['"', "\u201c\u201d\u201e\u201f\u2033"],
  ["-", "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63"],
  [" ", "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"],
]
const PLAIN = new Map(PAIRS.flatMap(([plain, odd]) => [...odd].map((character) => [character, plain] as const)))
const FOLDED = new RegExp(`[${PAIRS.map(([, odd]) => odd).join("")}\uff01-\uff5e]`, "g")

/** U+FF01 to U+FF5E are U+0021 to U+007E, wide. */
const fullWidth = (character: string) => String.fromCharCode(character.charCodeAt(0) - 0xfee0)
