import type { LanguageRow } from "./rows.ts"

/** Names of one file that are kept; more hold no more news. */
const NAMES_MAX = 1_000

/**
 * Hashes of the names that code mentions, each once, comments and plain strings left out as far as can be told without
 * reading it. In order, so that the same names are the same bytes.
 */
export function referencesIn(code: string, { comment, family, mention = ANY_NAME }: LanguageRow): Uint32Array {
  const names = new Set<number>()
  for (const [name] of code.replace(UNSAID[comment], " ").matchAll(mention)) {
    if (!WORDS.has(name)) names.add(hashOf(name, family))
    if (names.size >= NAMES_MAX) break
  }
  return Uint32Array.from(names).toSorted()
}

/** A name as it is compared: 32 bits of it. Two names that fall together cost a wrong hint, nothing more. */
export function hashOf(name: string, family: LanguageRow["family"]): number {
  return Bun.hash.xxHash32(name, family)
}

/** Whether kept references hold this hash. Without an array of its own: there are as many as files. */
export function isMentioned(references: Uint8Array, hash: number): boolean {
  for (let at = 0; at < references.length; at += 4) if (uint32At(references, at) === hash) return true
  return false
}

/** A number of kept references. */
export function uint32At(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]
  return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0
}

const ANY_NAME = /[A-Za-z_$][\w$]{2,79}/g

/** Strings end with their line, so that one that was never closed hides no more than that. */
const STRINGS = String.raw`"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'`
const UNSAID = {
  "//": new RegExp(String.raw`/\*[\s\S]*?\*/|//[^\n]*|${STRINGS}`, "g"),
  "#": new RegExp(String.raw`#[^\n]*|${STRINGS}`, "g"),
} as const

/** Words of the languages themselves: something may be called so, and hardly any mention means it. */
const WORDS: ReadonlySet<string> = new Set(
  `abstract and any assert async await bool boolean break case catch char class const continue crate declare def default
   defer delete double else elif end enum except export extends false final finally float for foreach from func function
   get global goto implements import impl include instanceof int interface internal lambda let long loop match mod module
   mut namespace new nil None not null number object package pass print private protected pub public raise range readonly
   require return self Self set short static string String struct super switch test this throw throws trait true True
   False try type typedef typeof undefined union unknown unsigned use using var void volatile when where while with yield`.split(
    /\s+/,
  ),
)
