import type { Edge, Graph, GraphNode } from "./graph.ts"
import { plainText, type Statement, unread, wrapped } from "./lines.ts"
import type { Head, Shape } from "./scene.ts"

const DIRECTIONS: Readonly<Record<string, Graph["direction"]>> = {
  TD: "down",
  TB: "down",
  BT: "up",
  LR: "right",
  RL: "left",
}

/** A flowchart: nodes of every form, edges of every kind with their labels, chains and `&`. Frames are not drawn. */
export function flowchartOf(header: string, statements: readonly Statement[]): Graph {
  const nodes = new Map<string, GraphNode>()
  const edges: Edge[] = []
  const notes: string[] = []
  const direction = DIRECTIONS[/\b(TD|TB|BT|LR|RL)\b/.exec(header)?.[1] ?? "TD"] ?? "down"
  for (const whole of statements) {
    for (const text of split(whole.text)) {
      const statement = { ...whole, text }
      if (/^subgraph\b/.test(text)) {
        if (notes.length === 0) notes.push("The frames of subgraphs are not drawn.")
      } else if (!/^(?:end|direction\b.*|(?:classDef|class|style|linkStyle|click|accTitle|accDescr)\b.*)$/.test(text)) {
        chain(statement, nodes, edges)
      }
    }
  }
  return { direction, nodes, edges, notes }
}

/** At semicolons outside of brackets and quotes. */
function split(text: string): readonly string[] {
  return (text.match(/(?:"[^"]*"|\[[^\]]*\]|\{[^}]*\}|\([^)]*\)|\|[^|]*\||[^;])+/g) ?? [])
    .map((part) => part.trim())
    .filter(Boolean)
}

function chain(statement: Statement, nodes: Map<string, GraphNode>, edges: Edge[]): void {
  let rest = statement.text
  let before: readonly string[] = []
  let link: Link | undefined
  while (rest !== "") {
    const group = groupAt(rest, statement, nodes)
    const made = link
    if (made !== undefined) {
      for (const from of before) for (const to of group.names) edges.push({ from, to, ...made.edge })
    }
    before = group.names
    rest = group.rest
    if (rest === "") return
    link = linkAt(rest)
    if (link === undefined) throw unread(statement, 'nodes and links, as A[text] -->|label| B{"text"}')
    rest = link.rest
    if (rest === "") throw unread(statement, "a node after each link")
  }
}

function groupAt(text: string, statement: Statement, nodes: Map<string, GraphNode>) {
  const names: string[] = []
  let rest = text
  for (;;) {
    const node = nodeAt(rest)
    if (node === undefined) throw unread(statement, "nodes and links, as A[text] --> B")
    names.push(node.name)
    const known = nodes.get(node.name)
    if (node.node !== undefined || known === undefined) {
      nodes.set(node.name, node.node ?? { text: wrapped(node.name), shape: "box" })
    }
    rest = node.rest
    if (!rest.startsWith("&")) return { names, rest }
    rest = rest.slice(1).trimStart()
  }
}

/** Opening, closing, form; the longer ones first. */
const FORMS: readonly (readonly [string, string, Shape])[] = [
  ["(((", ")))", "circle"],
  ["((", "))", "circle"],
  ["([", "])", "round"],
  ["[[", "]]", "box"],
  ["[(", ")]", "round"],
  ["[/", "/]", "box"],
  ["[\\", "\\]", "box"],
  ["{{", "}}", "diamond"],
  ["[", "]", "box"],
  ["(", ")", "round"],
  ["{", "}", "diamond"],
  [">", "]", "box"],
]

function nodeAt(text: string): { readonly name: string; readonly node?: GraphNode; readonly rest: string } | undefined {
  const name = /^[\p{L}\p{N}_.]+(?:-[\p{L}\p{N}_]+)*/u.exec(text)?.[0]
  if (name === undefined) return undefined
  const after = text.slice(name.length)
  const rest = (from: string) => from.replace(/^:::[\w-]+/, "").trimStart()
  for (const [open, close, shape] of FORMS) {
    if (!after.startsWith(open)) continue
    const isQuoted = after.startsWith('"', open.length)
    const from = isQuoted ? after.indexOf('"', open.length + 1) : open.length
    const end = from === -1 ? -1 : after.indexOf(close, from)
    if (end === -1) continue
    const node = { text: wrapped(after.slice(open.length, end)), shape }
    return { name, node, rest: rest(after.slice(end + close.length)) }
  }
  return { name, rest: rest(after) }
}

interface Link {
  readonly edge: Omit<Edge, "from" | "to">
  readonly rest: string
}

const HEADS: Readonly<Record<string, Head>> = { ">": "arrow", o: "circle", x: "cross", "<": "arrow" }

/** `-->`, `-.->`, `==>`, `--o`, `<-->`, `---|label|`, `-- label -->`. */
function linkAt(text: string): Link | undefined {
  const plain = /^([<ox])?(--+|-\.+-|==+|~~~+)([>ox])?(?![->=.])\s*(?:\|([^|]*)\|)?\s*/.exec(text)
  const named = /^([<ox])?(--|-\.|==)\s+(.*?)\s+(--+|\.+-|==+)([>ox])?\s*/.exec(text)
  const isNamed =
    named !== null && (plain === null || (plain[3] === undefined && plain[4] === undefined && plain[2]?.length === 2))
  const [whole, start, stroke = "", end, label = ""] = isNamed
    ? [named[0], named[1], named[2], named[5], named[3]]
    : [plain?.[0], plain?.[1], plain?.[2], plain?.[3], plain?.[4]]
  if (whole === undefined) return undefined
  return {
    edge: {
      label: plainText(label).replaceAll("\n", " "),
      stroke: stroke.startsWith("=") ? "thick" : stroke.includes(".") ? "dotted" : "solid",
      ...(start === undefined ? {} : { start: HEADS[start] }),
      ...(end === undefined ? {} : { end: HEADS[end] }),
    },
    rest: text.slice(whole.length),
  }
}
