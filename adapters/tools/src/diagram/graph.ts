import type { Head, Shape } from "./scene.ts"

/** Nodes and edges, as flowcharts, state and class diagrams say them. */
export interface Graph {
  readonly direction: "down" | "up" | "right" | "left"
  /** By their names, in the order they are first named. */
  readonly nodes: ReadonlyMap<string, GraphNode>
  readonly edges: readonly Edge[]
  /** What was said and is not drawn: sentences. */
  readonly notes: readonly string[]
}

export interface GraphNode {
  readonly text: readonly string[]
  readonly shape: Shape
}

export interface Edge {
  readonly from: string
  readonly to: string
  readonly label: string
  readonly stroke: "solid" | "dotted" | "thick"
  readonly start?: Head | undefined
  readonly end?: Head | undefined
}
