import { openLibrary } from "./pipe.ts"

export interface Stamped {
  readonly path: string
  /** Also when it last changed: for a folder, whether it still has the same names. */
  readonly hasTime: boolean
  /** What a link leads to, instead of the link. */
  readonly isFollowed: boolean
}

/** Takes the stamps of what is there now. What it gives tells whether they are still the same: all are asked at once. */
export type Stamper = (all: readonly Stamped[]) => () => boolean

const HERE = -100
const NO_FOLLOW = 0x100
/** Basic facts, birth, and the mount. */
const MASK = 0x7ff | 0x800 | 0x1000
/** 32-bit words of what statx(2) tells. */
const WORDS = 64
const UID = 5
const MODE = 7
const NUMBER = [8, 9]
const BIRTH = [20, 21, 22]
const CHANGE = [24, 25, 26]
const DEVICE = [34, 35]
const MOUNT = [36, 37]
const IDENTITY = [UID, MODE, ...NUMBER, ...BIRTH, ...DEVICE, ...MOUNT]

let loading: Promise<Stamper> | undefined

/** Linux only. The runtime's own calls make an object with dates of each answer, which takes longer than the look. */
export function stamper(): Promise<Stamper> {
  loading ??= load()
  return loading
}

async function load(): Promise<Stamper> {
  const { ptr } = await import("bun:ffi")
  const { symbols } = await openLibrary({ statx: { args: ["i32", "ptr", "i32", "u32", "ptr"], returns: "i32" } })
  return (all) => {
    const texts = Buffer.from(all.map(({ path }) => `${path}\0`).join(""))
    const starts = all.map((_, index) =>
      Buffer.byteLength(
        all
          .slice(0, index)
          .map(({ path }) => `${path}\0`)
          .join(""),
      ),
    )
    const flags = all.map(({ isFollowed }) => (isFollowed ? 0 : NO_FOLLOW))
    const text = ptr(texts)
    // Plain loops: this is run a few times only, and then what is simple is what is fast.
    const ask = (place: typeof text): boolean => {
      for (let i = 0; i < flags.length; i++) {
        const from = (text + (starts[i] ?? 0)) as typeof text
        const to = (place + i * WORDS * 4) as typeof text
        if (symbols.statx(HERE, from, flags[i] ?? 0, MASK, to) !== 0) return false
      }
      return true
    }
    const words = Uint32Array.from(
      all.flatMap(({ hasTime }, index) =>
        [...IDENTITY, ...(hasTime ? CHANGE : [])].map((word) => index * WORDS + word),
      ),
    )
    const then = new Uint32Array(WORDS * all.length)
    const now = new Uint32Array(WORDS * all.length)
    const wasThere = ask(ptr(then))
    const place = ptr(now)
    return () => {
      // The kernel reads the texts from where they lie: they must be somebody's as long as it does.
      if (!wasThere || texts.length === 0 || !ask(place)) return false
      for (let i = 0; i < words.length; i++) {
        const word = words[i] ?? 0
        if (now[word] !== then[word]) return false
      }
      return true
    }
  }
}
