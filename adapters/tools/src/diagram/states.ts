import type { Edge, Graph, GraphNode } from "./graph.ts"
import { plainText, type Statement, unread, wrapped } from "./lines.ts"

/** A state diagram: states with their words, transitions with theirs, where it begins and ends. */
export function statesOf(statements: readonly Statement[]): Graph {
  const nodes = new Map<string, GraphNode>()
  const edges: Edge[] = []
  const notes: string[] = []
  let direction: Graph["direction"] = "down"
  let isInNote = false
  const named = (name: string, isTarget: boolean): string => {
    const id = name === "[*]" ? (isTarget ? "[end]" : "[start]") : name
    if (!nodes.has(id))
      nodes.set(
        id,
        id.startsWith("[") ? { text: [isTarget ? "◉" : "●"], shape: "dot" } : { text: wrapped(id), shape: "round" },
      )
    return id
  }
  for (const statement of statements) {
    const { text } = statement
    if (isInNote) {
      isInNote = text !== "end note"
      continue
    }
    const move = /^(\[\*\]|[\p{L}\p{N}_.-]+?)\s*-->\s*(\[\*\]|[\p{L}\p{N}_.-]+)\s*(?::\s*(.*))?$/u.exec(text)
    const alias = /^state\s+"([^"]*)"\s+as\s+([\p{L}\p{N}_]+)\s*\{?$/u.exec(text)
    const said = /^([\p{L}\p{N}_]+)\s*:\s*(.+)$/u.exec(text)
    if (move !== null) {
      const [, from = "", to = "", label = ""] = move
      edges.push({
        from: named(from, false),
        to: named(to, true),
        label: plainText(label).replaceAll("\n", " "),
        stroke: "solid",
        end: "arrow",
      })
    } else if (alias !== null) nodes.set(alias[2] ?? "", { text: wrapped(alias[1] ?? ""), shape: "round" })
    else if (/^direction\s+LR/.test(text)) direction = "right"
    else if (said !== null) nodes.set(said[1] ?? "", { text: wrapped(said[2] ?? ""), shape: "round" })
    else if (/^note\b/.test(text)) {
      isInNote = !text.includes(":")
      if (!notes.includes(NOTES)) notes.push(NOTES)
    } else if (/^state\s+[\p{L}\p{N}_]+\s*(?:<<\w+>>\s*)?\{?$/u.test(text) || text === "}" || text === "--") {
      if (text.endsWith("{") && !notes.includes(FRAMES)) notes.push(FRAMES)
    } else if (/^[\p{L}\p{N}_]+$/u.test(text)) named(text, false)
    else if (!/^(?:classDef|class|style|direction|hide)\b/.test(text))
      throw unread(statement, "transitions, as Idle --> Running : start")
  }
  return { direction, nodes, edges, notes }
}

const NOTES = "Notes are not drawn."
const FRAMES = "The frames of states within states are not drawn."
