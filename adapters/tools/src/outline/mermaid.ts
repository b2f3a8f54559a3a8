import type { GraphEdge } from "@skein/core/ports"

/** A graph as mermaid source: ids of our own, so that no name of a file is read as syntax. */
export function mermaid(edges: readonly GraphEdge[]): string {
  const ids = new Map<string, string>()
  const idOf = (node: string) => {
    const known = ids.get(node) ?? `n${ids.size}`
    ids.set(node, known)
    return known
  }
  const arrows = edges.map(({ from, to, how }) => `  ${idOf(from)} -->|${how}| ${idOf(to)}`)
  const nodes = [...ids].map(([node, id]) => `  ${id}["${quoted(node)}"]`)
  return ["flowchart LR", ...nodes, ...arrows].join("\n")
}

/** As the entity codes of mermaid's own syntax. */
function quoted(text: string): string {
  return text.replace(/[\n\r\t]/g, " ").replace(/["#<>`[\]{}|\\]/g, (character) => `#${character.codePointAt(0)};`)
}
