import type { Edge, Graph, GraphNode } from "./graph.ts"

/** Something in a layer: a node, or the place where a long edge passes by. */
export interface Item {
  /** Undefined where an edge passes. */
  readonly node?: GraphNode | undefined
  readonly layer: number
}

/** An edge from each layer to the next, through what it passes by. */
export interface Route {
  readonly items: readonly Item[]
  readonly edge: Edge
}

export interface Layers {
  /** In the order in which they stand beside each other. */
  readonly layers: readonly (readonly Item[])[]
  readonly routes: readonly Route[]
}

const SWEEPS = 6

/** Nodes in layers so that edges lead onward; those that would lead back are drawn the other way round. */
export function layersOf(graph: Graph): Layers {
  const isBackwards = graph.direction === "up" || graph.direction === "left"
  const onward = withoutCycles(graph, isBackwards)
  const ranks = ranksOf([...graph.nodes.keys()], onward)
  const items = new Map([...graph.nodes].map(([name, node]) => [name, { node, layer: ranks.get(name) ?? 0 }] as const))
  const layers: Item[][] = []
  const put = (item: Item): Item => {
    while (layers.length <= item.layer) layers.push([])
    layers[item.layer]?.push(item)
    return item
  }
  for (const item of items.values()) put(item)
  const routes = onward.flatMap((edge): readonly Route[] => {
    const [from, to] = [items.get(edge.from), items.get(edge.to)]
    if (from === undefined || to === undefined) return []
    const between = Array.from({ length: to.layer - from.layer - 1 }, (_, at) => put({ layer: from.layer + at + 1 }))
    return [{ items: [from, ...between, to], edge }]
  })
  return { layers: ordered(layers, routes), routes }
}

function turned({ from, to, start, end, ...rest }: Edge): Edge {
  return {
    ...rest,
    from: to,
    to: from,
    ...(end === undefined ? {} : { start: end }),
    ...(start === undefined ? {} : { end: start }),
  }
}

/** By a walk from the first node on: an edge to where the walk came through leads back. */
function withoutCycles({ nodes, edges }: Graph, isBackwards: boolean): readonly Edge[] {
  const given = edges.filter(({ from, to }) => from !== to).map((edge) => (isBackwards ? turned(edge) : edge))
  const leaving = Map.groupBy(given, ({ from }) => from)
  const state = new Map<string, "open" | "done">()
  const back = new Set<Edge>()
  for (const first of nodes.keys()) {
    const path: { readonly name: string; next: number }[] = []
    const enter = (name: string) => {
      state.set(name, "open")
      path.push({ name, next: 0 })
    }
    if (!state.has(first)) enter(first)
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const edge = leaving.get(top.name)?.[top.next++]
      if (edge === undefined) {
        state.set(top.name, "done")
        path.pop()
      } else if (state.get(edge.to) === "open") back.add(edge)
      else if (!state.has(edge.to)) enter(edge.to)
    }
  }
  return given.map((edge) => (back.has(edge) ? turned(edge) : edge))
}

/** As far down as the longest way to it. */
function ranksOf(names: readonly string[], edges: readonly Edge[]): ReadonlyMap<string, number> {
  const ranks = new Map(names.map((name) => [name, 0]))
  const arriving = new Map(names.map((name) => [name, 0]))
  for (const { to } of edges) arriving.set(to, (arriving.get(to) ?? 0) + 1)
  const leaving = Map.groupBy(edges, ({ from }) => from)
  const ready = names.filter((name) => arriving.get(name) === 0)
  for (let name = ready.shift(); name !== undefined; name = ready.shift()) {
    for (const { to } of leaving.get(name) ?? []) {
      ranks.set(to, Math.max(ranks.get(to) ?? 0, (ranks.get(name) ?? 0) + 1))
      arriving.set(to, (arriving.get(to) ?? 0) - 1)
      if (arriving.get(to) === 0) ready.push(to)
    }
  }
  return ranks
}

/** Each stands at the mean of what it is connected with, down and up a few times: few lines cross. */
function ordered(layers: readonly Item[][], routes: readonly Route[]): readonly (readonly Item[])[] {
  const neighbours = neighboursOf(routes)
  const order = layers.map((layer) => [...layer])
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const isDown = sweep % 2 === 0
    const rows = isDown ? order : order.toReversed()
    const places = new Map<Item, number>()
    for (const row of rows) {
      const means = new Map(
        row.map((item, at) => {
          const known = (neighbours.get(item)?.[isDown ? "above" : "below"] ?? []).flatMap(
            (each) => places.get(each) ?? [],
          )
          return [item, known.length === 0 ? at : known.reduce((sum, place) => sum + place, 0) / known.length] as const
        }),
      )
      row.sort((a, b) => (means.get(a) ?? 0) - (means.get(b) ?? 0))
      for (const [at, item] of row.entries()) places.set(item, at)
    }
  }
  return order
}

export interface Neighbours {
  readonly above: Item[]
  readonly below: Item[]
}

export function neighboursOf(routes: readonly Route[]): ReadonlyMap<Item, Neighbours> {
  const all = new Map<Item, Neighbours>()
  const of = (item: Item): Neighbours => {
    const known = all.get(item) ?? { above: [], below: [] }
    all.set(item, known)
    return known
  }
  for (const { items } of routes) {
    for (const [at, item] of items.entries()) {
      const next = items[at + 1]
      if (next === undefined) continue
      of(item).below.push(next)
      of(next).above.push(item)
    }
  }
  return all
}
