/** What the host is to do before and around one command. Laid out here as `confine.c` reads it. */
export interface JailRequest {
  /** Program and arguments, at least one. */
  readonly argv: readonly string[]
  /** Where the program may be; each is tried in turn. */
  readonly candidates: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly cwd: string
  /** Made in this order, in a mount namespace of the command's own. */
  readonly pins: readonly Pin[]
  readonly landlock?: LandlockRules | undefined
  readonly limits: readonly ResourceLimit[]
  /** What is only finishing has this long after the command's own end. */
  readonly graceMs: number
  /** Its standard input is a terminal, and becomes that of its session. */
  readonly hasTerminal?: boolean | undefined
}

/**
 * A path bound to itself, by descriptor and through no link: it cannot be renamed or removed then, nor changed when it is
 * read-only.
 */
export interface Pin {
  readonly path: string
  readonly isReadOnly: boolean
}

export interface LandlockRules {
  /** The ruleset's attributes: handled file access, handled network access, scopes; as many as the kernel knows. */
  readonly attributes: readonly number[]
  readonly rules: readonly { readonly path: string; readonly access: number }[]
}

export interface ResourceLimit {
  /** `RLIMIT_` number. */
  readonly resource: number
  readonly soft: number
  readonly hard: number
}

const RELAY = 1
const TERMINAL = 2
const HEADER_WORDS = 14

/** The bytes of a request: 64-bit words, places as distances from the first, texts behind. */
export function encodeRequest(request: JailRequest): Uint8Array {
  const words = wordsOf()
  const list = (texts: readonly string[], spare = 0) => {
    // The spare word stands before the list, for a program that turns out to be a script without a first line.
    const at = words.begin() + 8 * spare
    for (let count = 0; count < spare; count++) words.push(0)
    for (const text of texts) words.push(text)
    words.push(0)
    return at
  }
  const rows = (values: readonly (readonly (number | string)[])[]) => {
    const at = words.begin()
    for (const row of values) for (const value of row) words.push(value)
    return at
  }
  const { landlock, pins, limits } = request
  words.header([
    request.hasTerminal === true ? TERMINAL : 0,
    list(request.argv, 1),
    list(assignmentsOf(request.environment)),
    list(request.candidates),
    rows([[request.cwd]]),
    rows(pins.map(({ path, isReadOnly }) => [path, isReadOnly ? 1 : 0])),
    pins.length,
    rows(landlock?.rules.map(({ path, access }) => [path, access]) ?? []),
    landlock?.rules.length ?? 0,
    rows([landlock?.attributes ?? []]),
    (landlock?.attributes.length ?? 0) * 8,
    rows(limits.map(({ resource, soft, hard }) => [resource, soft, hard])),
    limits.length,
    request.graceMs,
  ])
  return words.bytes([4])
}

const assignments = new WeakMap<JailRequest["environment"], readonly string[]>()

/** Most commands have the same environment. */
function assignmentsOf(environment: JailRequest["environment"]): readonly string[] {
  const made = assignments.get(environment) ?? Object.entries(environment).map(([name, value]) => `${name}=${value}`)
  assignments.set(environment, made)
  return made
}

/** Asks for a port that leads to a socket outside, instead of a command. */
export function encodeRelay(): Uint8Array {
  const words = wordsOf()
  const nothing = words.begin()
  words.push(0)
  words.header([RELAY, nothing, nothing, nothing, ...Array<number>(HEADER_WORDS - 4).fill(0)])
  return words.bytes([])
}

function wordsOf() {
  const words: (number | string)[] = Array<number>(HEADER_WORDS).fill(0)
  const header = new Map<number, number>()
  return {
    begin: () => words.length * 8,
    push: (value: number | string) => void words.push(value),
    header: (values: readonly number[]) => {
      for (const [at, value] of values.entries()) header.set(at, value)
    },
    /** `places`: words of the header that hold the place of a place of a text, and are to hold the text's own. */
    bytes(places: readonly number[]): Uint8Array {
      const texts = words.filter((word) => typeof word === "string")
      const start = words.length * 8
      const all = Buffer.from(`${"\0".repeat(start)}${texts.join("\0")}\0`)
      // Buffer may place it anywhere in memory of its own; words are read in eights.
      const bytes = all.byteOffset % 8 === 0 ? all : new Uint8Array(all)
      const halves = new Uint32Array(bytes.buffer, bytes.byteOffset, words.length * 2)
      const isAscii = bytes.length === start + texts.reduce((sum, text) => sum + text.length + 1, 0)
      let end = start
      const put = (at: number, value: number) => {
        halves[at * 2] = value % 2 ** 32
        halves[at * 2 + 1] = Math.floor(value / 2 ** 32)
      }
      for (const [at, word] of words.entries()) {
        if (typeof word === "number") put(at, word)
        else {
          put(at, end)
          end += (isAscii ? word.length : Buffer.byteLength(word)) + 1
        }
      }
      for (const [at, value] of header) put(at, value)
      for (const at of places) put(at, halves[((header.get(at) ?? 0) / 8) * 2] ?? 0)
      return bytes
    },
  }
}
