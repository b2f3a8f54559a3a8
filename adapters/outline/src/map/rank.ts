import type { Facts } from "../keep/facts-file.ts"
import { uint32At } from "../read/references.ts"

/** Definitions and how much the rest of the tree rests on them. */
export interface Ranking {
  /** Row ids of definitions, in ascending order of their names' hashes. */
  readonly rows: Uint32Array
  /** Of the same definitions; only comparable with each other. */
  readonly scores: Float64Array
  /** Of the same definitions: the place of their file in `files`. */
  readonly owners: Uint32Array
  /** Ids of files. */
  readonly files: Uint32Array
}

/** A name that so many things have tells nothing about any of them. */
const NAMESAKES_MAX = 12
/** Eight bytes each: a bound for memory, reached by trees of some hundred thousand files. */
const EDGES_MAX = 6_000_000
const ROUNDS = 12
const FOLLOWED = 0.85

/**
 * Ranks files by who mentions what they define, and those by who mentions them (PageRank, Page et al. 1998), and hands the
 * rank of each file on to the definitions it mentions. `weightOf` says how much a file matters from the start.
 */
export function ranked(facts: Facts, weightOf: (file: number) => number): Ranking {
  const names = namesOf(facts)
  const edges = edgesOf(facts, names)
  const rank = ranksOf(edges, Float64Array.from(names.files, weightOf))
  const scores = new Float64Array(names.rows.length)
  for (let from = 0; from < names.files.length; from++) {
    const [start = 0, end = 0] = [edges.starts[from], edges.starts[from + 1]]
    const share = (rank[from] ?? 0) / Math.max(1, edges.sums[from] ?? 0)
    for (let at = start; at < end; at++) {
      const to = edges.definitions[at] ?? 0
      scores[to] = (scores[to] ?? 0) + share * (edges.weights[at] ?? 0)
    }
  }
  // What nobody mentions comes last, by its file.
  for (let at = 0; at < scores.length; at++) scores[at] = (scores[at] ?? 0) + 1e-4 * (rank[names.owners[at] ?? 0] ?? 0)
  return { rows: names.rows, owners: names.owners, files: names.files, scores }
}

interface Names extends Omit<Ranking, "scores"> {
  readonly hashes: Uint32Array
  /** How likely each is meant by its name. */
  readonly reaches: Float32Array
}

function namesOf({ db }: Facts): Names {
  const { count: fileCount } = db.query<{ count: number }, []>("SELECT count(*) AS count FROM files").get() ?? {
    count: 0,
  }
  const files = new Uint32Array(fileCount)
  const places = new Map<number, number>()
  for (const { id } of db.query<{ id: number }, []>("SELECT id FROM files ORDER BY id").iterate()) {
    // Another skein may have read more since they were counted.
    if (places.size >= fileCount) break
    files[places.size] = id
    places.set(id, places.size)
  }
  const { count } = db.query<{ count: number }, []>("SELECT count(*) AS count FROM definitions").get() ?? { count: 0 }
  const [hashes, rows, owners] = [new Uint32Array(count), new Uint32Array(count), new Uint32Array(count)]
  const reaches = new Float32Array(count)
  const all = db.query<{ hash: number; row: number; file: number; reach: number }, []>(
    "SELECT hash, rowid AS row, file, reach FROM definitions ORDER BY hash, rowid",
  )
  let at = 0
  for (const { hash, row, file, reach } of all.iterate()) {
    if (at >= count) break
    if (at % (5 * ROWS_PER_CLEANING) === 0) Bun.gc(true)
    hashes[at] = hash
    reaches[at] = reach
    rows[at] = row
    owners[at] = places.get(file) ?? 0
    at += 1
  }
  return { hashes, rows, owners, reaches, files }
}

/** Who mentions what: for each file a run of definitions in other files, each with how surely it is meant. */
interface Edges {
  readonly starts: Uint32Array
  readonly definitions: Uint32Array
  readonly weights: Float32Array
  /** Of the weights of each file. */
  readonly sums: Float64Array
  readonly owners: Uint32Array
}

function edgesOf({ db }: Facts, { hashes, owners, reaches, files }: Names): Edges {
  const starts = new Uint32Array(files.length + 1)
  const sums = new Float64Array(files.length)
  let definitions = new Uint32Array(1024)
  let weights = new Float32Array(1024)
  let count = 0
  let from = 0
  for (const { refs } of db.query<{ refs: Uint8Array }, []>("SELECT refs FROM files ORDER BY id").iterate()) {
    if (from >= files.length) break
    starts[from] = count
    if (from % ROWS_PER_CLEANING === 0) Bun.gc(true)
    for (let byte = 0; byte < refs.length; byte += 4) {
      const hash = uint32At(refs, byte)
      const begin = lowerBound(hashes, hash)
      let end = begin
      while (hashes[end] === hash && end - begin <= NAMESAKES_MAX) end += 1
      if (end === begin || end - begin > NAMESAKES_MAX || count + NAMESAKES_MAX > EDGES_MAX) continue
      if (count + NAMESAKES_MAX > definitions.length) {
        definitions = grown(definitions, new Uint32Array(definitions.length * 2))
        weights = grown(weights, new Float32Array(weights.length * 2))
      }
      for (let at = begin; at < end; at++) {
        const weight = (reaches[at] ?? 0) / (end - begin)
        if (owners[at] === from || weight === 0) continue
        definitions[count] = at
        weights[count] = weight
        sums[from] = (sums[from] ?? 0) + weight
        count += 1
      }
    }
    from += 1
  }
  starts.fill(count, from)
  rarer(hashes, { definitions, weights, sums, starts })
  return { starts, definitions, weights, sums, owners }
}

/** What half of all files mention is a word rather than a name: the rarer, the more it tells. */
function rarer(hashes: Uint32Array, { definitions, weights, sums, starts }: Omit<Edges, "owners">): void {
  const mentions = new Uint32Array(hashes.length)
  const count = starts.at(-1) ?? 0
  for (let at = 0; at < count; at++) {
    const to = definitions[at] ?? 0
    mentions[to] = (mentions[to] ?? 0) + 1
  }
  sums.fill(0)
  for (let from = 0; from < sums.length; from++) {
    for (let at = starts[from] ?? 0; at < (starts[from + 1] ?? 0); at++) {
      const weight = (weights[at] ?? 0) * Math.log(1 + sums.length / (mentions[definitions[at] ?? 0] ?? 1))
      weights[at] = weight
      sums[from] = (sums[from] ?? 0) + weight
    }
  }
}

/** Rows leave garbage that is small and much: unless it is taken away in time it is most of the memory. */
const ROWS_PER_CLEANING = 20_000

function grown<T extends Uint32Array | Float32Array>(old: T, fresh: T): T {
  fresh.set(old)
  return fresh
}

function lowerBound(sorted: Uint32Array, wanted: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return low
}

function ranksOf({ starts, definitions, weights, sums, owners }: Edges, weight: Float64Array): Float64Array {
  const total = weight.reduce((sum, one) => sum + one, 0) || 1
  const start = weight.map((one) => one / total)
  let rank = start.slice()
  for (let round = 0; round < ROUNDS; round++) {
    const next = start.map((one) => one * (1 - FOLLOWED))
    let lost = 0
    for (let from = 0; from < rank.length; from++) {
      const given = (rank[from] ?? 0) * FOLLOWED
      const sum = sums[from] ?? 0
      // A file that mentions only what it may not mean hands on no more than that.
      lost += given * Math.max(0, 1 - sum)
      for (let at = starts[from] ?? 0; at < (starts[from + 1] ?? 0); at++) {
        const to = owners[definitions[at] ?? 0] ?? 0
        next[to] = (next[to] ?? 0) + (given * (weights[at] ?? 0)) / Math.max(1, sum)
      }
    }
    // What is not handed on goes back to where all began.
    rank = next.map((one, at) => one + lost * (start[at] ?? 0))
  }
  return rank
}
