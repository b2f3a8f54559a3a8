import type { StandardSchemaV1 } from "@modelcontextprotocol/client"

/** What a server offers of one kind, as it was told last: the same objects as long as they say the same. */
export interface KeptList<T> {
  /** All pages, asked for where it is not known that nothing changed. */
  all(ask: AskPage, notify: (sentence: string) => void): Promise<readonly T[]>
  /** As it was told last; undefined before that. */
  readonly known: readonly T[] | undefined
  /** It may be another now. */
  markStale(): void
}

export interface Page {
  readonly items: readonly unknown[]
  readonly nextCursor?: string | undefined
}
export type AskPage = (cursor: string | undefined) => Promise<Page>

export interface ListKind<T> {
  /** What is told of one, bounded; a sentence where it is left out. */
  readonly read: (item: unknown) => T | string
  /** What tells one from another. */
  readonly keyOf: (item: T) => string
  /** `tools`, for what a person is told. */
  readonly called: string
}

export const ITEMS_MAX = 1_000
const PAGES_MAX = 100
const CHARS_MAX = 16_000_000
const NOTES_MAX = 5

export function keptList<T>(kind: ListKind<T>): KeptList<T> {
  let known: readonly T[] | undefined
  let isStale = true
  let asking: Promise<readonly T[]> | undefined

  async function asked(ask: AskPage, notify: (sentence: string) => void): Promise<readonly T[]> {
    isStale = false
    try {
      known = asBefore(known ?? [], await walked(kind, ask, notify), kind)
      return known
    } catch (error) {
      isStale = true
      throw error
    }
  }

  return {
    get known() {
      return known
    },
    async all(ask, notify) {
      if (known !== undefined && !isStale) return known
      asking ??= asked(ask, notify).finally(() => {
        asking = undefined
      })
      return asking
    },
    markStale() {
      isStale = true
    },
  }
}

async function walked<T>({ read, keyOf, called }: ListKind<T>, ask: AskPage, notify: (sentence: string) => void) {
  const found = new Map<string, T>()
  const leftOut: string[] = []
  const cursors = new Set<string>()
  let chars = 0
  let cursor: string | undefined
  for (let page = 0; page < PAGES_MAX; page++) {
    const { items, nextCursor } = await ask(cursor)
    for (const item of items) {
      const one = read(item)
      if (typeof one === "string") leftOut.push(one)
      else if (found.has(keyOf(one))) leftOut.push(`Of ${called} named ${keyOf(one)} only the first is there.`)
      else if (found.size < ITEMS_MAX && chars < CHARS_MAX) {
        found.set(keyOf(one), one)
        chars += JSON.stringify(one).length
      } else {
        notify(`It has more than ${found.size} ${called}; those beyond them are left out.`)
        return tell(found, leftOut, notify)
      }
    }
    // One that comes back has no end.
    if (nextCursor === undefined || cursors.has(nextCursor)) return tell(found, leftOut, notify)
    cursors.add(nextCursor)
    cursor = nextCursor
  }
  notify(`It has more than ${PAGES_MAX} pages of ${called}; those beyond them are left out.`)
  return tell(found, leftOut, notify)
}

function tell<T>(found: ReadonlyMap<string, T>, leftOut: readonly string[], notify: (sentence: string) => void) {
  for (const sentence of leftOut.slice(0, NOTES_MAX)) notify(sentence)
  if (leftOut.length > NOTES_MAX) notify(`So it is with ${leftOut.length - NOTES_MAX} more.`)
  return [...found.values()]
}

/** What says the same as before is the same object, and so is the list. */
function asBefore<T>(before: readonly T[], now: readonly T[], { keyOf }: ListKind<T>): readonly T[] {
  const known = new Map(before.map((item) => [keyOf(item), item]))
  const merged = now.map((item) => {
    const old = known.get(keyOf(item))
    return old !== undefined && JSON.stringify(old) === JSON.stringify(item) ? old : item
  })
  const isSame = merged.length === before.length && merged.every((item, at) => item === before[at])
  return isSame ? before : merged
}

/** A page of a list in the wire's words. One bad item does not spoil the others: each is read by itself. */
export function pageSchema(key: string): StandardSchemaV1<unknown, Page> {
  return {
    "~standard": {
      version: 1,
      vendor: "skein",
      validate(value) {
        const result = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {}
        const [items, nextCursor] = [result[key], result.nextCursor]
        if (!Array.isArray(items)) return { issues: [{ message: `${key} is no list` }] }
        return { value: { items, nextCursor: typeof nextCursor === "string" ? nextCursor : undefined } }
      },
    },
  }
}
