import { ToolFailure } from "@skein/core/ports"
import { plainText, type Statement, unread, wrapped } from "./lines.ts"
import { type Box, type Head, type Label, type Polyline, type Scene, widthOf } from "./scene.ts"

interface Message {
  readonly kind: "message"
  readonly from: string
  readonly to: string
  readonly text: string
  readonly stroke: "solid" | "dotted"
  readonly head: Head | undefined
}
/** A note at participants, or the edge of a part such as `loop`. */
interface Remark {
  readonly kind: "note" | "part"
  readonly over: readonly string[]
  readonly text: string
}
type Step = Message | Remark

const STEPS_MAX = 300
const PARTICIPANTS_MAX = 30

/** A sequence diagram: participants, messages, notes, and the edges of loops and alternatives. */
export function sequenceOf(statements: readonly Statement[]): Scene {
  const names = new Map<string, string>()
  const steps: Step[] = []
  let number = 0
  let isNumbered = false
  for (const statement of statements) {
    const { text } = statement
    const participant = /^(?:create\s+)?(?:participant|actor)\s+(.+?)(?:\s+as\s+(.+))?$/.exec(text)
    const message = messageOf(text)
    const note = /^note\s+(?:over|left of|right of)\s+([^:]+):\s*(.*)$/i.exec(text)
    const part = /^(loop|alt|else|opt|par|and|critical|option|break|rect|end)\b\s*(.*)$/.exec(text)
    if (participant !== null)
      names.set((participant[1] ?? "").trim(), plainText(participant[2] ?? participant[1] ?? ""))
    else if (message !== undefined) {
      for (const name of [message.from, message.to]) if (!names.has(name)) names.set(name, name)
      number += 1
      steps.push(isNumbered ? { ...message, text: `${number}. ${message.text}` } : message)
    } else if (note !== null) {
      const over = (note[1] ?? "").split(",").map((name) => name.trim())
      for (const name of over) if (!names.has(name)) names.set(name, name)
      steps.push({ kind: "note", over, text: plainText(note[2] ?? "").replaceAll("\n", " ") })
    } else if (part !== null) {
      if (part[1] !== "rect")
        steps.push({ kind: "part", over: [], text: [part[1], plainText(part[2] ?? "")].filter(Boolean).join(" ") })
    } else if (/^autonumber/.test(text)) isNumbered = true
    else if (!/^(?:activate|deactivate|destroy|box|title|accTitle|accDescr|link|links|properties)\b/.test(text))
      throw unread(statement, "messages, as Alice->>Bob: hello")
  }
  if (names.size === 0) throw new ToolFailure("The diagram has no participants.")
  if (names.size > PARTICIPANTS_MAX || steps.length > STEPS_MAX)
    throw new ToolFailure(
      `The diagram has ${names.size} participants and ${steps.length} steps; it is drawn up to ${PARTICIPANTS_MAX} and ${STEPS_MAX}.`,
    )
  return drawn(names, steps)
}

function messageOf(text: string): Message | undefined {
  const found = /^(.+?)\s*(<<)?(--?)(>>|>|x|\))\s*[+-]?\s*([^:]+?)\s*(?::\s*(.*))?$/.exec(text)
  if (found === null) return undefined
  const [, from = "", , line, end = "", to = "", said = ""] = found
  const heads: Readonly<Record<string, Head | undefined>> = { ">>": "arrow", x: "cross", ")": "open" }
  return {
    ...{ kind: "message", from: from.trim(), to: to.trim(), text: plainText(said).replaceAll("\n", " ") },
    ...{ stroke: line === "--" ? "dotted" : "solid", head: heads[end] },
  }
}

function drawn(names: ReadonlyMap<string, string>, steps: readonly Step[]): Scene {
  const order = [...names.keys()]
  const titles = order.map((name) => wrapped(names.get(name) ?? name, 20))
  const widths = titles.map((lines) => Math.max(...lines.map(widthOf)) + 4)
  const columns = columnsOf(order, widths, steps)
  const column = (name: string) => columns[order.indexOf(name)] ?? 0
  const top = Math.max(...titles.map((lines) => lines.length)) + 2
  const [boxes, lines, labels]: [Box[], Polyline[], Label[]] = [[], [], []]
  const right = Math.max(...columns.map((at, index) => at + Math.ceil((widths[index] ?? 0) / 2)))
  const rowsOf = (step: Step) =>
    step.kind === "message" ? (step.from === step.to ? 3 : 2) : step.kind === "note" ? 3 : 1
  let y = top + 1
  for (const step of steps) {
    if (step.kind === "message") {
      const [from, to] = [column(step.from), column(step.to)]
      if (from === to) {
        const points = [
          { x: from + 1, y },
          { x: from + 4, y },
          { x: from + 4, y: y + 1 },
          { x: from + 1, y: y + 1 },
        ]
        lines.push({ points, stroke: step.stroke, ...(step.head && { end: step.head }) })
        labels.push({ x: from + 6, y, text: step.text })
      } else {
        const way = from < to ? 1 : -1
        const [first, last] = [from + way, to - way]
        if (step.text !== "")
          labels.push({
            x: Math.max(Math.min(first, last), Math.floor((from + to - widthOf(step.text)) / 2) + 1),
            y,
            text: step.text,
          })
        lines.push({
          points: [
            { x: first, y: y + 1 },
            { x: last, y: y + 1 },
          ],
          stroke: step.stroke,
          ...(step.head && { end: step.head }),
        })
      }
    } else if (step.kind === "note") {
      const over = step.over.map(column)
      const [least, most] = [Math.min(...over), Math.max(...over)]
      const width = Math.max(widthOf(step.text) + 4, most - least + 5)
      boxes.push({
        x: Math.max(0, Math.floor((least + most - width) / 2) + 1),
        y,
        width,
        height: 3,
        shape: "round",
        text: [step.text],
      })
    } else {
      const text = `╌╌ ${step.text} `
      labels.push({ x: 0, y, text: text + "╌".repeat(Math.max(2, right - widthOf(text))) })
    }
    y += rowsOf(step)
  }
  const life = columns.map(
    (x): Polyline => ({
      points: [
        { x, y: top },
        { x, y },
      ],
      stroke: "solid",
    }),
  )
  const heads = titles.map((text, at): Box => {
    const width = widths[at] ?? 0
    return {
      x: (columns[at] ?? 0) - Math.floor((width - 1) / 2),
      y: 0,
      width,
      height: text.length + 2,
      shape: "box",
      text,
    }
  })
  return { boxes: [...heads, ...boxes], lines: [...life, ...lines], labels }
}

/** Far enough from each other for what is written between them. */
function columnsOf(order: readonly string[], widths: readonly number[], steps: readonly Step[]): readonly number[] {
  const columns: number[] = []
  for (const [at, width] of widths.entries()) {
    const before = columns[at - 1]
    const boxes =
      before === undefined ? Math.floor((width - 1) / 2) : before + Math.ceil(((widths[at - 1] ?? 0) + width) / 2) + 2
    columns.push(Math.max(boxes, ...steps.map((step) => neededBy(step, order, columns, at))))
  }
  return columns
}

function neededBy(step: Step, order: readonly string[], columns: readonly number[], at: number): number {
  if (step.kind !== "message") return 0
  const [from, to] = [order.indexOf(step.from), order.indexOf(step.to)]
  const [least, most] = [Math.min(from, to), Math.max(from, to)]
  if (from === to) return from === at - 1 ? (columns[from] ?? 0) + widthOf(step.text) + 8 : 0
  return most === at ? (columns[least] ?? 0) + widthOf(step.text) + 4 : 0
}
