import type { SessionTree } from "@skein/protocol"
import { jsonPage } from "@skein/protocol"
import { chooseSession } from "../../session/choose.ts"
import { type Asking, withHost } from "../../session/host.ts"
import { type NumberedTurn, numbered } from "../../session/turns.ts"
import { age, counted } from "../../tell/amounts.ts"
import { clipped, oneLine } from "../../tell/visible.ts"
import type { Run } from "../../verb.ts"

/** `skein session tree <id>`: every turn there was, the branches that were left indented. */
export const run: Run = (call) => withHost(call, tree)

export async function tree(at: Asking): Promise<number> {
  const { call, engine } = at
  const { io, flags, words } = call
  const sessionId = await chooseSession(at, words[0])
  if (sessionId === undefined) return 0
  const whole = await engine.ask({ type: "session.tree", sessionId })
  if (flags.has("json")) io.out(jsonPage({ ...whole, turns: numbered(whole) }))
  else for (const line of drawn(whole, io.now(), await io.columns())) io.out(line)
  if (whole.turns.length === 0) io.err("The conversation is empty.")
  return 0
}

/** A line for each turn. What continues a turn stands below it; where there are several ways, all but the last are moved in. */
export function drawn(whole: SessionTree, nowMs: number, width: number): string[] {
  const turns = numbered(whole)
  const known = new Set(turns.map(({ turnId }) => turnId))
  const after = Map.groupBy(turns, ({ parentTurnId }) =>
    parentTurnId !== undefined && known.has(parentTurnId) ? parentTurnId : undefined,
  )
  const digits = String(turns.length).length
  const lines: string[] = []
  // Not by recursion: a conversation is as deep as it is long.
  const open = [...ways(after.get(undefined) ?? [], "")].toReversed()
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { turn, indent, isBranch } = next
    const gutter = isBranch ? `${indent.slice(0, -2)}├─` : indent
    lines.push(clipped(`${gutter}${line(turn, whole.current, digits, nowMs)}`, width))
    open.push(...ways(after.get(turn.turnId) ?? [], indent).toReversed())
  }
  return lines
}

interface Way {
  readonly turn: NumberedTurn
  readonly indent: string
  /** The first turn of a branch that was left. */
  readonly isBranch: boolean
}

/** The way that the conversation took, or else the newest, goes straight down and stands last. */
function ways(children: readonly NumberedTurn[], indent: string): Way[] {
  const main = children.find(({ isCurrent }) => isCurrent) ?? children.at(-1)
  const left = children.filter((turn) => turn !== main)
  return [
    ...left.map((turn) => ({ turn, indent: `${indent}│ `, isBranch: true })),
    ...(main === undefined ? [] : [{ turn: main, indent, isBranch: false }]),
  ]
}

function line(turn: NumberedTurn, current: string | undefined, digits: number, nowMs: number): string {
  const mark = turn.turnId === current ? "*" : turn.isCurrent ? "●" : "○"
  // Before the words, which may be longer than the line.
  const label = turn.label === undefined || turn.label === "" ? "" : `[${oneLine(turn.label)}]  `
  const files = turn.filesChanged === 0 ? "" : `, ${counted(turn.filesChanged, "file")}`
  return `${mark} ${String(turn.number).padStart(digits)}  ${label}${oneLine(turn.preview)}  (${age(turn.at, nowMs)}${files})`
}
