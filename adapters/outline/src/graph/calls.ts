import type { CodeGraph, Definition, GraphEdge, GraphWanted } from "@skein/core/ports"
import type { Facts } from "../keep/facts-file.ts"
import { sourceText } from "../keep/source-file.ts"
import { callsOf } from "../read/reading.ts"
import { hashOf, isMentioned } from "../read/references.ts"
import { rowFor } from "../read/rows.ts"

/** A definition in the graph. */
interface Node extends Pick<Definition, "name" | "line" | "lineEnd"> {
  readonly path: string
}

/** Files that are read for one question; the code decides which, so it needs a bound. */
const FILES_READ_MAX = 400
/** A name that more things have tells nothing about any of them. */
const NAMESAKES_MAX = 8

/** Which definitions call the ones of this name, and which they call, so many steps far. Stops when `mayGoOn` says no. */
export async function callGraph(
  facts: Facts,
  root: string,
  name: string,
  { direction, depth, edgesMax, mayGoOn }: GraphWanted & { readonly mayGoOn: () => boolean },
): Promise<CodeGraph> {
  const reader = new CallReader(facts, root, mayGoOn)
  const edges = new Map<string, GraphEdge>()
  const starts = reader.definitions(name, NAMESAKES_MAX * 4)
  for (const way of direction === "both" ? (["out", "in"] as const) : [direction]) {
    const seen = new Set(starts.map(labelOf))
    let front: readonly Node[] = starts
    for (let step = 0; step < depth && front.length > 0; step++) {
      const found: Node[] = []
      for (const node of front) {
        const others = way === "out" ? await reader.calledBy(node) : await reader.callersOf(node)
        for (const other of others) {
          const [from, to] = way === "out" ? [labelOf(node), labelOf(other)] : [labelOf(other), labelOf(node)]
          if (edges.size >= edgesMax) return { edges: [...edges.values()], isCut: true }
          edges.set(`${from}\n${to}`, { from, to, how: "calls" })
          if (!seen.has(labelOf(other))) found.push(other)
          seen.add(labelOf(other))
        }
      }
      front = found
    }
  }
  return { edges: [...edges.values()], isCut: reader.isCut }
}

function labelOf({ path, line, name }: Node): string {
  return `${path}:${line} ${name}`
}

/** Reads files for the calls in them, each once. */
class CallReader {
  isCut = false
  readonly #facts: Facts
  readonly #root: string
  readonly #mayGoOn: () => boolean
  readonly #read = new Map<string, Awaited<ReturnType<typeof callsOf>>>()

  constructor(facts: Facts, root: string, mayGoOn: () => boolean) {
    this.#facts = facts
    this.#root = root
    this.#mayGoOn = mayGoOn
  }

  definitions(name: string, most: number): readonly Node[] {
    return this.#facts.db
      .query<Node, [string, number]>(
        `SELECT path, name, line, lineEnd FROM definitions JOIN files ON files.id = definitions.file
         WHERE name = ? AND kind NOT IN ('impl', 'constant', 'variable', 'type', 'interface') ORDER BY path, line LIMIT ?`,
      )
      .all(name, most)
  }

  async calledBy(node: Node): Promise<readonly Node[]> {
    const { calls = [], definitions = [] } = (await this.#callsIn(node.path)) ?? {}
    const own = definitions.find((one) => one.name === node.name && one.line === node.line)
    const inside = calls.filter(({ at }) => own !== undefined && at > own.start && at < own.end)
    return [...new Set(inside.map(({ callee }) => callee))].flatMap((callee) => {
      const found = this.definitions(callee, NAMESAKES_MAX + 1)
      const here = found.filter(({ path }) => path === node.path)
      return here.length > 0 ? here : found.length > NAMESAKES_MAX ? [] : found
    })
  }

  async callersOf({ name }: Node): Promise<readonly Node[]> {
    const found = new Map<string, Node>()
    for (const path of this.#mentioning(name)) {
      const { calls = [], definitions = [] } = (await this.#callsIn(path)) ?? {}
      for (const { callee, at, line } of calls) {
        if (callee !== name) continue
        const around = definitions.findLast(({ start, end }) => start <= at && at < end)
        const caller = around === undefined ? { path, name: "(top)", line, lineEnd: line } : { ...around, path }
        found.set(labelOf(caller), caller)
      }
    }
    return [...found.values()]
  }

  #mentioning(name: string): readonly string[] {
    const hashes = new Map<number, number>()
    const hashIn = (path: string) => {
      const family = rowFor(path)?.family ?? 0
      const known = hashes.get(family) ?? hashOf(name, family)
      hashes.set(family, known)
      return known
    }
    const found: string[] = []
    const rows = this.#facts.db.query<{ path: string; refs: Uint8Array }, []>(
      "SELECT path, refs FROM files ORDER BY path",
    )
    for (const { path, refs } of rows.iterate()) {
      if (isMentioned(refs, hashIn(path))) found.push(path)
    }
    return found
  }

  async #callsIn(path: string) {
    const known = this.#read.get(path)
    if (known !== undefined) return known
    if (this.#read.size >= FILES_READ_MAX || !this.#mayGoOn()) {
      this.isCut = true
      return undefined
    }
    const text = sourceText(this.#root, path)
    const found = text === undefined ? undefined : await callsOf(path, text)
    this.#read.set(path, found)
    await Bun.sleep(0)
    return found
  }
}
