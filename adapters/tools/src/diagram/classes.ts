import type { Edge, Graph, GraphNode } from "./graph.ts"
import { plainText, type Statement, unread } from "./lines.ts"
import type { Head } from "./scene.ts"

const MEMBERS_MAX = 30
const MEMBER_CHARS_MAX = 60

/** A class diagram: classes with their members, and how they belong together. */
export function classesOf(statements: readonly Statement[]): Graph {
  const members = new Map<string, string[]>()
  const edges: Edge[] = []
  const notes: string[] = []
  let inside: string | undefined
  let direction: Graph["direction"] = "down"
  const of = (name: string): string[] => {
    const known = members.get(name) ?? []
    members.set(name, known)
    return known
  }
  for (const statement of statements) {
    const { text } = statement
    if (inside !== undefined) {
      if (text === "}") inside = undefined
      else of(inside).push(text)
      continue
    }
    const opened = /^class\s+([\p{L}\p{N}_]+)(?:~[^~]*~)?(?:\["[^"]*"\])?\s*(\{)?\s*(\})?$/u.exec(text)
    const member = /^([\p{L}\p{N}_]+)\s*:\s*(.+)$/u.exec(text)
    const edge = relation(text)
    if (opened !== null) {
      of(opened[1] ?? "")
      if (opened[2] !== undefined && opened[3] === undefined) inside = opened[1]
    } else if (edge !== undefined) {
      of(edge.from)
      of(edge.to)
      edges.push(edge)
    } else if (member !== null) of(member[1] ?? "").push(member[2] ?? "")
    else if (/^direction\s+LR/.test(text)) direction = "right"
    else if (/^(?:note|namespace|\})/.test(text)) notes.push("Notes and namespaces are not drawn.")
    else if (!/^(?:classDef|cssClass|style|direction|click|link|callback|<<)/.test(text))
      throw unread(statement, "classes and relations, as Animal <|-- Duck : is a")
  }
  const nodes = new Map([...members].map(([name, lines]) => [name, nodeOf(name, lines)] as const))
  return { direction, nodes, edges, notes: [...new Set(notes)] }
}

function nodeOf(name: string, members: readonly string[]): GraphNode {
  const shown = members
    .slice(0, MEMBERS_MAX)
    .map((member) => plainText(member).replaceAll("~", " ").slice(0, MEMBER_CHARS_MAX))
  return { text: shown.length === 0 ? [name] : [name, "---", ...shown], shape: "box" }
}

const HEADS: Readonly<Record<string, Head>> = {
  "<|": "triangle",
  "|>": "triangle",
  "*": "diamond",
  o: "circle",
  "<": "open",
  ">": "open",
}

function relation(text: string): Edge | undefined {
  const found =
    /^([\p{L}\p{N}_]+)\s*(?:"([^"]*)"\s*)?(<\||[*o<])?(--|\.\.)(\|>|[*o>])?\s*(?:"([^"]*)"\s*)?([\p{L}\p{N}_]+)\s*(?::\s*(.*))?$/u.exec(
      text,
    )
  if (found === null) return undefined
  const [, from = "", many = "", start, line, end, more = "", to = "", label = ""] = found
  return {
    ...{ from, to, label: [many, plainText(label), more].filter((part) => part !== "").join(" ") },
    stroke: line === ".." ? "dotted" : "solid",
    ...(start === undefined ? {} : { start: HEADS[start] }),
    ...(end === undefined ? {} : { end: HEADS[end] }),
  }
}
