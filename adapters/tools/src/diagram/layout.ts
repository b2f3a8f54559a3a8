import { ToolFailure } from "@skein/core/ports"
import type { Edge, Graph, GraphNode } from "./graph.ts"
import { type Item, layersOf, neighboursOf, type Route } from "./layers.ts"
import { type Label, type Point, type Polyline, type Scene, widthOf } from "./scene.ts"

const NODES_MAX = 150
const EDGES_MAX = 300

/** A place on the way of an edge between two layers. */
interface Hop {
  readonly route: Route
  readonly from: Item
  readonly to: Item
  /** Where it leaves and arrives, across. */
  leaves: number
  arrives: number
  /** Which of the gap's rows it turns in. */
  channel: number
  /** Of the gap's rows for labels, for the last hop of an edge that has one. */
  labelRow: number
}

/** Where an item stands: across its layer, and along the layers. */
interface Place {
  across: number
  along: number
  readonly size: { readonly across: number; readonly along: number }
}

/** Boxes in layers and lines between them. Along is down for one direction and right for the other. */
export function laidOut(given: Graph): Scene {
  const graph = withLoopsInside(given)
  if (graph.nodes.size > NODES_MAX || graph.edges.length > EDGES_MAX)
    throw new ToolFailure(
      `The diagram has ${graph.nodes.size} nodes and ${graph.edges.length} edges; it is drawn up to ${NODES_MAX} and ${EDGES_MAX}. Split it.`,
    )
  const isDown = graph.direction === "down" || graph.direction === "up"
  const { layers, routes } = layersOf(graph)
  const hops = hopsOf(routes)
  const places = placesOf(layers, hops, isDown)
  settleAcross(layers, routes, places, isDown)
  setPorts(hops, places, isDown)
  const gaps = layers.map((_, at) =>
    gapOf(
      hops.filter(({ from }) => from.layer === at),
      isDown,
    ),
  )
  setAlong(layers, places, gaps)
  const point = (across: number, along: number): Point => (isDown ? { x: across, y: along } : { x: along, y: across })
  const boxes = [...places].flatMap(([{ node }, { across, along, size }]) => {
    if (node === undefined) return []
    const at = point(across, along)
    const [width, height] = isDown ? [size.across, size.along] : [size.along, size.across]
    return [{ ...at, width, height, shape: node.shape, text: node.text }]
  })
  const drawn = routes.map((route) => lineOf(route, hops, places, gaps, point, isDown))
  return { boxes, lines: drawn.map(({ line }) => line), labels: drawn.flatMap(({ label }) => label ?? []) }
}

/** An edge from a node to itself is said in it. Edges between the same two, alike, are one with all their words. */
function withLoopsInside({ nodes, edges, ...rest }: Graph): Graph {
  const inside = new Map(nodes)
  const kept = new Map<string, Edge>()
  for (const edge of edges) {
    const node = inside.get(edge.from)
    if (edge.from === edge.to && node !== undefined) {
      inside.set(edge.from, { ...node, text: [...node.text, `↻ ${edge.label}`.trim()] })
      continue
    }
    const key = JSON.stringify([edge.from, edge.to, edge.start, edge.end, edge.stroke])
    const known = kept.get(key)
    kept.set(
      key,
      known === undefined ? edge : { ...known, label: [known.label, edge.label].filter(Boolean).join(" / ") },
    )
  }
  return { ...rest, nodes: inside, edges: [...kept.values()] }
}

function hopsOf(routes: readonly Route[]): readonly Hop[] {
  return routes.flatMap((route) =>
    route.items.flatMap((from, at) => {
      const to = route.items[at + 1]
      return to === undefined ? [] : [{ route, from, to, leaves: 0, arrives: 0, channel: -1, labelRow: -1 }]
    }),
  )
}

function placesOf(layers: readonly (readonly Item[])[], hops: readonly Hop[], isDown: boolean): Map<Item, Place> {
  const leaving = Map.groupBy(hops, ({ from }) => from)
  const arriving = Map.groupBy(hops, ({ to }) => to)
  const room = (item: Item) => {
    const [out, into] = [leaving.get(item) ?? [], arriving.get(item) ?? []]
    return Math.max((out.length - 1) * (isDown ? 2 : 1), (into.length - 1) * stepOf(into, isDown), 0)
  }
  return new Map(
    layers.flat().map((item) => [item, { across: 0, along: 0, size: sizeOf(item.node, room(item), isDown) }] as const),
  )
}

/** How far apart edges arrive: where words stand at several of them, those have to fit beside each other. */
function stepOf(arriving: readonly Hop[], isDown: boolean): number {
  if (!isDown) return 1
  const widths = arriving.map(({ route, to }) => (route.items.at(-1) === to ? widthOf(route.edge.label) : 0))
  return Math.max(2, ...(arriving.length > 1 ? widths.map((width) => width + 2) : []))
}

function sizeOf(node: GraphNode | undefined, room: number, isDown: boolean): Place["size"] {
  if (node === undefined) return { across: 1, along: 0 }
  if (node.shape === "dot") return { across: 1, along: 1 }
  const width = Math.max(...node.text.map((line) => (line === "---" ? 0 : widthOf(line)))) + 4
  const height = node.text.length + 2
  return isDown
    ? { across: Math.max(width, room + 5), along: height }
    : { across: Math.max(height, room + 3), along: width }
}

const middle = ({ across, size }: Place) => across + Math.floor((size.across - 1) / 2)

const SETTLINGS = 8

/** Everything moves to the middle of what it is connected with, as far as its neighbours let it. */
function settleAcross(
  layers: readonly (readonly Item[])[],
  routes: readonly Route[],
  places: Map<Item, Place>,
  isDown: boolean,
): void {
  const gap = isDown ? 3 : 1
  const neighbours = neighboursOf(routes)
  const placeOf = (item: Item) => places.get(item)
  const settle = (layer: readonly Item[], side: "above" | "below" | undefined) => {
    const wanted = layer.map((item) => {
      const near = side === undefined ? [] : (neighbours.get(item)?.[side] ?? []).flatMap((each) => placeOf(each) ?? [])
      const own = placeOf(item)
      return near.length === 0
        ? own === undefined
          ? 0
          : middle(own)
        : near.reduce((sum, each) => sum + middle(each), 0) / near.length
    })
    let free = Number.NEGATIVE_INFINITY
    let error = 0
    for (const [at, item] of layer.entries()) {
      const place = placeOf(item)
      if (place === undefined) continue
      place.across = Math.round(Math.max(free, (wanted[at] ?? 0) - Math.floor((place.size.across - 1) / 2)))
      free = place.across + place.size.across + gap
      error += middle(place) - (wanted[at] ?? 0)
    }
    const shift = Math.round(error / Math.max(1, layer.length))
    for (const item of layer) {
      const place = placeOf(item)
      if (place !== undefined) place.across -= shift
    }
  }
  for (const layer of layers) settle(layer, undefined)
  for (let round = 0; round < SETTLINGS; round += 1) {
    const isDownward = round % 2 === 0
    for (const layer of isDownward ? layers : layers.toReversed()) settle(layer, isDownward ? "above" : "below")
  }
  const least = Math.min(...[...places.values()].map(({ across }) => across))
  for (const place of places.values()) place.across -= least
}

/** Edges leave and arrive beside each other, in the order of where they lead. */
function setPorts(hops: readonly Hop[], places: ReadonlyMap<Item, Place>, isDown: boolean): void {
  const at = (item: Item) => {
    const place = places.get(item)
    return place === undefined ? 0 : middle(place)
  }
  const spread = (
    given: readonly Hop[],
    item: Item,
    step: number,
    other: (hop: Hop) => Item,
    set: (hop: Hop, port: number) => void,
  ) => {
    const sorted = given.toSorted((a, b) => at(other(a)) - at(other(b)))
    for (const [index, hop] of sorted.entries())
      set(hop, at(item) + Math.round((index - (sorted.length - 1) / 2) * step))
  }
  for (const [item, given] of Map.groupBy(hops, ({ from }) => from))
    spread(
      given,
      item,
      isDown ? 2 : 1,
      ({ to }) => to,
      (hop, port) => {
        hop.leaves = port
      },
    )
  for (const [item, given] of Map.groupBy(hops, ({ to }) => to))
    spread(
      given,
      item,
      stepOf(given, isDown),
      ({ from }) => from,
      (hop, port) => {
        hop.arrives = port
      },
    )
}

interface Gap {
  readonly channels: number
  readonly labelRows: number
  readonly labelWidth: number
}

/** Which row of the gap each hop turns in, so that none lies on another; and room for what is written at them. */
function gapOf(hops: readonly Hop[], isDown: boolean): Gap {
  const turning = hops.filter(({ leaves, arrives }) => leaves !== arrives)
  const leftward = turning.filter(({ leaves, arrives }) => arrives < leaves).toSorted((a, b) => a.leaves - b.leaves)
  const rightward = turning.filter(({ leaves, arrives }) => arrives > leaves).toSorted((a, b) => b.leaves - a.leaves)
  const taken: { readonly from: number; readonly to: number; readonly channel: number }[] = []
  for (const hop of [...leftward, ...rightward]) {
    const [from, to] = [Math.min(hop.leaves, hop.arrives), Math.max(hop.leaves, hop.arrives)]
    const touching = taken.filter((each) => each.from <= to && from <= each.to)
    hop.channel = touching.length === 0 ? 0 : Math.max(...touching.map(({ channel }) => channel)) + 1
    taken.push({ from, to, channel: hop.channel })
  }
  const channels = Math.max(0, ...taken.map(({ channel }) => channel + 1))
  const labelled = hops.filter(({ route, to }) => route.items.at(-1) === to && route.edge.label !== "")
  const labelWidth = Math.max(0, ...labelled.map(({ route }) => widthOf(route.edge.label)))
  if (!isDown) return { channels, labelRows: 0, labelWidth }
  const rows: { readonly from: number; readonly to: number }[][] = []
  for (const hop of labelled.toSorted((a, b) => a.arrives - b.arrives)) {
    const width = widthOf(hop.route.edge.label)
    const span = { from: hop.arrives - Math.floor(width / 2) - 1, to: hop.arrives + Math.ceil(width / 2) + 1 }
    const free = rows.findIndex((row) => row.every(({ from, to }) => to < span.from || span.to < from))
    hop.labelRow = free === -1 ? rows.length : free
    if (free === -1) rows.push([span])
    else rows[free]?.push(span)
  }
  return { channels, labelRows: rows.length, labelWidth }
}

/** The least between two layers: a piece of line and an arrow's head. */
const GAP_MIN = 2

function lengthOf({ channels, labelRows, labelWidth }: Gap, isLast: boolean): number {
  return isLast ? 0 : GAP_MIN + channels + labelRows + (labelRows === 0 && labelWidth > 0 ? labelWidth + 2 : 0)
}

function setAlong(layers: readonly (readonly Item[])[], places: Map<Item, Place>, gaps: readonly Gap[]): void {
  let along = 0
  for (const [at, layer] of layers.entries()) {
    const all = layer.flatMap((item) => places.get(item) ?? [])
    for (const place of all) place.along = along
    const gap = gaps[at]
    along +=
      Math.max(1, ...all.map(({ size }) => size.along)) +
      (gap === undefined ? 0 : lengthOf(gap, at === layers.length - 1))
  }
}

function lineOf(
  route: Route,
  hops: readonly Hop[],
  places: ReadonlyMap<Item, Place>,
  gaps: readonly Gap[],
  point: (across: number, along: number) => Point,
  isDown: boolean,
): { readonly line: Polyline; readonly label?: Label } {
  const points: Point[] = []
  let label: Label | undefined
  const { edge } = route
  for (const hop of hops.filter((each) => each.route === route)) {
    const [from, to] = [places.get(hop.from), places.get(hop.to)]
    const gap = gaps[hop.from.layer]
    if (from === undefined || to === undefined || gap === undefined) continue
    const arrival = to.along - 1
    const turn = arrival - lengthOf(gap, false) + 2 + hop.channel
    points.push(point(hop.leaves, from.along + from.size.along))
    if (hop.channel >= 0) points.push(point(hop.leaves, turn), point(hop.arrives, turn))
    points.push(point(hop.arrives, arrival))
    if (hop.to !== route.items.at(-1) || edge.label === "") continue
    const width = widthOf(edge.label)
    label = isDown
      ? { ...point(hop.arrives - Math.floor(width / 2), arrival - 1 - hop.labelRow), text: edge.label }
      : { ...point(hop.arrives, arrival - 1 - width), text: edge.label }
  }
  const { stroke, start, end } = edge
  const line = { points: withoutRepeats(points), stroke, ...(start && { start }), ...(end && { end }) }
  return label === undefined ? { line } : { line, label }
}

function withoutRepeats(points: readonly Point[]): readonly Point[] {
  return points.filter(({ x, y }, at) => {
    const before = points[at - 1]
    return before === undefined || before.x !== x || before.y !== y
  })
}
