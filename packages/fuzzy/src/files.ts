import { fuzzy, type Match } from "./fuzzy.ts"

/** A path that fits what was typed. */
export interface FoundFile {
  readonly path: string
  readonly match: Match
}

/** The paths that match best. What must be known of them is made once for each list, and no file system is touched. */
export function findFiles(files: readonly string[], query: string, limit: number): readonly FoundFile[] {
  if (query === "") return files.slice(0, limit).map((path) => ({ path, match: { score: 0, positions: [] } }))
  const index = indexOf(files)
  return glanced(index, query.toLowerCase(), Math.max(limit, LOOKED_AT_MIN))
    .flatMap((at) => {
      const path = files[at] ?? ""
      const match = fuzzy(query, path)
      return match === undefined ? [] : [{ path, match: inName(match, index.names[at] ?? 0) }]
    })
    .toSorted((a, b) => b.match.score - a.match.score || a.path.length - b.path.length)
    .slice(0, limit)
}

/** Makes what `findFiles` needs of a list, so that the first key does not have to: a few milliseconds for 50,000 paths. */
export function indexFiles(files: readonly string[]): void {
  indexOf(files)
}

/** So many of a first, cheap look are looked at well. */
const LOOKED_AT_MIN = 32

interface FileIndex {
  readonly lower: readonly string[]
  /** Where the last part of the path begins. */
  readonly names: Uint32Array
  /** Which paths have a name that begins with a character. */
  readonly begun: ReadonlyMap<number, readonly number[]>
  readonly firsts: Uint16Array
  /** Which characters there are in the name and in the path: without one of the query's, it is never looked at. */
  readonly nameLetters: Uint32Array
  readonly pathLetters: Uint32Array
  readonly all: Uint32Array
  /** What was asked last and which paths match it: a longer query looks at these alone. */
  last: { readonly query: string; readonly candidates: Uint32Array }
}

const indexes = new WeakMap<readonly string[], FileIndex>()

function indexOf(files: readonly string[]): FileIndex {
  const known = indexes.get(files)
  if (known !== undefined) return known
  const lower = files.map((path) => path.toLowerCase())
  const names = new Uint32Array(files.length)
  const firsts = new Uint16Array(files.length)
  const begun = new Map<number, number[]>()
  const nameLetters = new Uint32Array(files.length)
  const pathLetters = new Uint32Array(files.length)
  for (let at = 0; at < lower.length; at++) {
    const path = lower[at] ?? ""
    const name = path.lastIndexOf("/", path.length - 2) + 1
    names[at] = name
    const first = path.charCodeAt(name)
    firsts[at] = first
    const same = begun.get(first)
    if (same === undefined) begun.set(first, [at])
    else same.push(at)
    const ofName = lettersOf(path, name, path.length)
    nameLetters[at] = ofName
    pathLetters[at] = ofName | lettersOf(path, 0, name)
  }
  const all = Uint32Array.from(files, (_, at) => at)
  const made = { lower, names, begun, firsts, nameLetters, pathLetters, all, last: { query: "", candidates: all } }
  indexes.set(files, made)
  return made
}

/** A bit for each letter, one for all digits, one for each of the usual separators, one for everything else. */
function lettersOf(text: string, start: number, end: number): number {
  let bits = 0
  for (let at = start; at < end; at++) bits |= bitOf(text.charCodeAt(at))
  return bits
}

function bitOf(code: number): number {
  if (code >= 97 && code <= 122) return 1 << (code - 97)
  if (code >= 48 && code <= 57) return 1 << 26
  if (code === 47) return 1 << 27
  if (code === 46) return 1 << 28
  if (code === 45 || code === 95) return 1 << 29
  return 1 << 30
}

/**
 * The most promising by where and how closely the query stands in them. Names that begin with its first character are
 * looked at first, then names with all its characters, then paths: each round's best is better than what comes after it,
 * so a round that fills the places is the last.
 */
function glanced(index: FileIndex, query: string, limit: number): readonly number[] {
  const wanted = query.replaceAll(" ", "")
  const first = wanted.charCodeAt(0)
  const needed = lettersOf(wanted, 0, wanted.length)
  const found = new Best(limit)
  const look = (at: number): boolean => {
    const score = glance(index.lower[at] ?? "", index.names[at] ?? 0, wanted)
    if (score > 0) found.add(at, score)
    return score > 0
  }
  for (const at of index.begun.get(first) ?? []) look(at)
  if (found.worst > NAME_BEGINS) return found.places

  const candidates = index.last.query !== "" && query.startsWith(index.last.query) ? index.last.candidates : index.all
  const matches: number[] = []
  const far: number[] = []
  for (let position = 0; position < candidates.length; position++) {
    const at = candidates[position] ?? 0
    if (((index.pathLetters[at] ?? 0) & needed) !== needed) continue
    if (index.firsts[at] === first) matches.push(at)
    else if (((index.nameLetters[at] ?? 0) & needed) !== needed) far.push(at)
    else if (look(at)) matches.push(at)
  }
  if (found.worst > IN_NAME) return found.places
  for (const at of far) if (look(at)) matches.push(at)
  index.last = { query, candidates: Uint32Array.from(matches) }
  return found.places
}

/** The best of what was added, best first. */
class Best {
  readonly places: number[] = []
  readonly #scores: number[] = []
  readonly #limit: number
  constructor(limit: number) {
    this.#limit = limit
  }
  /** The score that another one has to beat; 0 while there is room. */
  get worst(): number {
    return this.#scores.length < this.#limit ? 0 : (this.#scores.at(-1) ?? 0)
  }
  add(at: number, score: number): void {
    if (this.#scores.length >= this.#limit && score <= (this.#scores.at(-1) ?? 0)) return
    let slot = this.#scores.length
    while (slot > 0 && (this.#scores[slot - 1] ?? 0) < score) slot--
    this.#scores.splice(slot, 0, score)
    this.places.splice(slot, 0, at)
    if (this.#scores.length > this.#limit) {
      this.#scores.pop()
      this.places.pop()
    }
  }
}

/** The least score, but for length, of a name that begins with the query, and of a match within a name. */
const NAME_BEGINS = 6000 - 256
const IN_NAME = 3000 - 256

/** 0: no match. In the name is better than in the path, in one piece better than in several, near the start better. */
function glance(path: string, name: number, query: string): number {
  const whole = path.indexOf(query, name)
  const length = Math.min(255, path.length)
  if (whole !== -1) return (whole === name ? 6000 : isEdge(path.charCodeAt(whole - 1)) ? 5000 : 4000) - length
  if (follows(path, name, query)) return 3000 - length
  const inPath = path.indexOf(query)
  if (inPath !== -1) return (inPath === 0 || isEdge(path.charCodeAt(inPath - 1)) ? 2500 : 2000) - length
  return follows(path, 0, query) ? 1000 - length : 0
}

function follows(path: string, from: number, query: string): boolean {
  let wanted = 0
  for (let at = from; at < path.length; at++) {
    if (path.charCodeAt(at) === query.charCodeAt(wanted) && ++wanted === query.length) return true
  }
  return false
}

function isEdge(code: number): boolean {
  return code === 47 || code === 46 || code === 45 || code === 95 || code === 32
}

/** A match within the name of the file is what people mean. */
function inName(match: Match, name: number): Match {
  return (match.positions[0] ?? 0) >= name ? { ...match, score: match.score + 24 } : match
}
