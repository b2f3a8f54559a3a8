/** What was written to something that only ever takes more at its end. */
export interface Feed {
  /** The end of it. */
  readonly tail: string
  /** All of it, as long as that is not much. */
  readonly all: string | undefined
}

export const NOTHING_FED: Feed = { tail: "", all: "" }

const TAIL_CHARS = 4_000
const ALL_CHARS_MAX = 64_000
const GAP = "\n…\n"

/** The newest part of an output, of which the beginning may be told already: what of it is new. Between both may be a gap. */
export function fed(before: Feed, newest: string): { readonly feed: Feed; readonly more: string } {
  const known = overlap(before.tail, newest)
  const isGap = known === 0 && before.tail !== "" && newest !== ""
  const more = isGap ? `${GAP}${newest}` : newest.slice(known)
  if (more === "") return { feed: before, more }
  const all = before.all === undefined || isGap ? undefined : before.all + more
  const tail = (before.tail + more).slice(-TAIL_CHARS)
  return { feed: { tail, all: all === undefined || all.length > ALL_CHARS_MAX ? undefined : all }, more }
}

/** What is to be told at the end, when the whole output is known, or its beginning and its end. */
export function lastOf({ tail, all }: Feed, whole: string): string {
  if (all !== undefined && whole.startsWith(all)) return whole.slice(all.length)
  const at = whole.lastIndexOf(tail)
  if (tail !== "" && at !== -1) return whole.slice(at + tail.length)
  return fed({ tail, all: undefined }, whole).more
}

/** How many characters at the beginning of `newest` stand at the end of `tail`. */
function overlap(tail: string, newest: string): number {
  for (let length = Math.min(tail.length, newest.length); length > 0; length--) {
    if (tail.endsWith(newest.slice(0, length))) return length
  }
  return 0
}
