import { isId, type SessionId, type SessionTree, type TreeTurn, type TurnId } from "@skein/protocol"
import { ageText, counted } from "../../view/amounts.ts"
import type { Entry, EntryKey } from "../list/entry.ts"
import { listPanel } from "../list/list.ts"
import type { Panel } from "../panel.ts"

/** The turns of a session with their branches. */
export interface TreeOptions {
  readonly sessionId: SessionId
  readonly tree: SessionTree
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly isVim?: boolean | undefined
}

/** The conversation with its branches: go on from the end of a turn, go back before one, or fork there. */
export function treePanel({ sessionId, tree, now, isVim }: TreeOptions): Panel {
  const turns = inOrder(tree)
  const entries = turns.map(({ turn, depth }) => turnEntry(turn, depth, tree, now))
  const selected = turns.findIndex(({ turn }) => turn.turnId === tree.current)
  return listPanel({
    ...{
      title: "turns",
      isVim,
      entries,
      selected: Math.max(0, selected),
      verb: "go on",
      keys: turnKeys(sessionId),
    },
    empty: "No turn yet. Say what you want done.",
  })
}

/** Depth first; a branch is indented only where the conversation really parts, so that a long one stays narrow. */
function inOrder({ turns }: SessionTree): readonly { readonly turn: TreeTurn; readonly depth: number }[] {
  const below = Map.groupBy(turns, ({ parentTurnId }) => parentTurnId)
  const listed: { turn: TreeTurn; depth: number }[] = []
  const waiting = (below.get(undefined) ?? []).toReversed().map((turn) => ({ turn, depth: 0 }))
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    listed.push(next)
    const { turn, depth } = next
    const children = below.get(turn.turnId) ?? []
    const indent = depth + (children.length > 1 ? 1 : 0)
    waiting.push(...children.toReversed().map((child) => ({ turn: child, depth: indent })))
  }
  return listed
}

function turnEntry(
  { turnId, preview, label, isCurrent, filesChanged, at }: TreeTurn,
  depth: number,
  { current }: SessionTree,
  now: number,
): Entry {
  const facts = [
    turnId === current ? "here" : undefined,
    label,
    isCurrent ? undefined : "left",
    filesChanged === 0 ? undefined : `${counted(filesChanged, "file")} changed`,
  ]
  return {
    id: turnId,
    label: `${"  ".repeat(depth)}${preview}`,
    detail: facts.filter((fact) => fact !== undefined && fact !== "").join(" · "),
    aside: ageText(at, now),
    intents: turnId === current ? [] : [{ type: "command", line: `/tree ${turnId}` }],
  }
}

function turnKeys(sessionId: SessionId): readonly EntryKey[] {
  return [
    {
      ...{ chord: "ctrl+b", name: "before", after: "leave" },
      intents: about((turnId) => [{ type: "command", line: `/rewind ${turnId}` }]),
    },
    {
      ...{ chord: "ctrl+f", name: "fork", after: "leave" },
      intents: about((turnId) => [{ type: "command", line: `/fork ${turnId}` }]),
    },
    {
      ...{ chord: "ctrl+l", name: "label", after: "stay", typed: () => "" },
      intents: about((turnId, label) => [
        { type: "op", op: { type: "turn.label", sessionId, turnId, label }, done: `Labelled ${label}.` },
      ]),
    },
  ]
}

function about(act: (turnId: TurnId, typed: string) => Entry["intents"]): EntryKey["intents"] {
  return ({ id }, typed) => (id !== undefined && isId("trn", id) ? act(id, typed) : undefined)
}
