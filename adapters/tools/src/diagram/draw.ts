import { ToolFailure } from "@skein/core/ports"
import { classesOf } from "./classes.ts"
import { drawSvg } from "./draw-svg.ts"
import { drawText } from "./draw-text.ts"
import { flowchartOf } from "./flowchart.ts"
import type { Graph } from "./graph.ts"
import { laidOut } from "./layout.ts"
import { statementsOf } from "./lines.ts"
import type { Scene } from "./scene.ts"
import { sequenceOf } from "./sequence.ts"
import { statesOf } from "./states.ts"

export interface Drawn {
  readonly text: string
  readonly svg: string
  readonly notes: readonly string[]
}

/** A Mermaid diagram, drawn. Throws ToolFailure for a kind that is not drawn here, and for what is not understood. */
export function drawn(source: string): Drawn {
  const { scene, notes } = sceneOf(source)
  return { text: drawText(scene), svg: drawSvg(scene), notes }
}

function sceneOf(source: string): { readonly scene: Scene; readonly notes: readonly string[] } {
  const { kind, rest } = statementsOf(source)
  if (/^sequenceDiagram\b/.test(kind)) return { scene: sequenceOf(rest), notes: [] }
  if (/^(?:graph|flowchart)\b/.test(kind)) return ofGraph(flowchartOf(kind, rest))
  if (/^stateDiagram(?:-v2)?\b/.test(kind)) return ofGraph(statesOf(rest))
  if (/^classDiagram(?:-v2)?\b/.test(kind)) return ofGraph(classesOf(rest))
  throw new ToolFailure(
    `${JSON.stringify(kind.slice(0, 60))} is not drawn here. Drawn are flowchart (graph), sequenceDiagram, stateDiagram-v2 and classDiagram.`,
  )
}

function ofGraph(graph: Graph): { readonly scene: Scene; readonly notes: readonly string[] } {
  if (graph.nodes.size === 0) throw new ToolFailure("The diagram is empty: it names no node.")
  return { scene: laidOut(graph), notes: graph.notes }
}
