import type { CodeGraph, GraphEdge, GraphWanted } from "@skein/core/ports"
import type { Facts } from "../keep/facts-file.ts"
import { importResolver } from "./resolve.ts"

/** Which files a file or folder imports, and which import it, so many steps far. */
export function importGraph({ db }: Facts, path: string, { direction, depth, edgesMax }: GraphWanted): CodeGraph {
  const rows = db.query<{ path: string; imports: string }, []>("SELECT path, imports FROM files")
  const resolve = importResolver(Iterator.from(rows.iterate()).map((row) => row.path))
  const [out, into] = [new Map<string, Set<string>>(), new Map<string, Set<string>>()]
  for (const { path: from, imports } of rows.iterate()) {
    if (imports === "[]") continue
    for (const text of JSON.parse(imports) as string[]) {
      const to = resolve(from, text)
      if (to === undefined) continue
      added(out, from, to)
      added(into, to, from)
    }
  }
  const starts = startsOf(path, [...out.keys(), ...into.keys()])
  const edges: GraphEdge[] = []
  let isCut = false
  const walk = (next: ReadonlyMap<string, ReadonlySet<string>>, edgeOf: (node: string, other: string) => GraphEdge) => {
    const seen = new Set(starts)
    let front: readonly string[] = [...starts]
    for (let step = 0; step < depth && front.length > 0; step++) {
      const found: string[] = []
      for (const node of front) {
        for (const other of [...(next.get(node) ?? [])].toSorted()) {
          if (edges.length >= edgesMax) {
            isCut = true
            return
          }
          edges.push(edgeOf(node, other))
          if (!seen.has(other)) found.push(other)
          seen.add(other)
        }
      }
      front = found
    }
  }
  if (direction !== "in") walk(out, (from, to) => ({ from, to, how: "imports" }))
  if (direction !== "out") walk(into, (to, from) => ({ from, to, how: "imports" }))
  return { edges, isCut }
}

function added(map: Map<string, Set<string>>, key: string, value: string): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, new Set([value]))
  else known.add(value)
}

/** The file itself, or all that is in the folder and the folder as a whole. */
function startsOf(path: string, nodes: readonly string[]): ReadonlySet<string> {
  const folder = path === "" || path === "." ? "" : `${path.replace(/\/$/, "")}/`
  return new Set(nodes.filter((node) => node === path || node.startsWith(folder)))
}
