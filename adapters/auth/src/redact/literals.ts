/** Texts that are looked for as they stand, any number of them in the time of one pass. */
export interface Literals {
  /** The shortest that can be found has `LITERAL_CHARS_MIN` characters. Added twice, the first holds. */
  add(value: string, instead: string): void
  /** The text with every one of them replaced, the longest first; the same text when there is none. */
  replace(text: string): string
}

/** Shorter ones are words: taking them out would tear every text. */
export const LITERAL_CHARS_MIN = 8

interface Literal {
  readonly value: string
  readonly instead: string
}

/** By a hash of four characters, which a pass over the text carries along: sixteen bits, four of them shifted a step. */
export function literals(): Literals {
  const heads = new Map<number, Literal[]>()
  const isHead = new Uint8Array(HASHES)
  const known = new Set<string>()
  return {
    add(value, instead) {
      if (value.length < LITERAL_CHARS_MIN || known.has(value)) return
      known.add(value)
      const head = hashOf(value)
      const all = [...(heads.get(head) ?? []), { value, instead }]
      heads.set(
        head,
        all.toSorted((a, b) => b.value.length - a.value.length),
      )
      isHead[head] = 1
    },
    replace(text) {
      if (known.size <= FEW && !holdsAny(text, known)) return text
      let replaced = ""
      let from = 0
      let hash = 0
      for (let at = 0; at < text.length; at++) {
        hash = ((hash << 4) ^ text.charCodeAt(at)) & MASK
        if (isHead[hash] === 0 || at < from + 3) continue
        const start = at - 3
        const found = longestAt(text, start, heads.get(hash))
        if (found === undefined) continue
        replaced += text.slice(from, start) + found.instead
        from = start + found.value.length
        // What was inside of it is no beginning of another.
        at = from - 1
      }
      return from === 0 ? text : replaced + text.slice(from)
    },
  }
}

/** The platform looks for so many one by one in less time than a pass of ours takes. */
const FEW = 64

function holdsAny(text: string, values: ReadonlySet<string>): boolean {
  for (const value of values) if (text.includes(value)) return true
  return false
}

/** A function of its own: in the loop over the text, what looks would be made anew for each character. */
function longestAt(text: string, start: number, longestFirst: readonly Literal[] | undefined): Literal | undefined {
  return longestFirst?.find(({ value }) => text.startsWith(value, start))
}

const HASHES = 65_536
const MASK = HASHES - 1

function hashOf(value: string): number {
  let hash = 0
  for (let at = 0; at < 4; at++) hash = ((hash << 4) ^ value.charCodeAt(at)) & MASK
  return hash
}
