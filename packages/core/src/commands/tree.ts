import type { SessionTree, TreeTurn } from "@skein/protocol"
import { defineCommand } from "./command.ts"
import { REWIND_USAGE, rewindReply, rewindWords, scopeReply } from "./rewinding.ts"
import { findTurn, turnDetail, turnLabel } from "./turns.ts"

export const tree = defineCommand({
  name: "tree",
  summary: "The conversation with its branches; go on from any turn.",
  usage: `[turn] ${REWIND_USAGE}`,
  whileBusy: false,
  isAsking: true,
  async run(args, world) {
    const all = await world.ask({ type: "session.tree", sessionId: world.sessionId })
    const { rest, scope, onConflict } = rewindWords(args)
    if (rest.length === 0) {
      if (all.turns.length === 0) return { kind: "show", text: "There is no turn yet." }
      return { kind: "choose", title: "Go on from the end of which turn?", choices: rows(all) }
    }
    const turn = findTurn(all, rest.join(" "))
    if (turn.turnId === all.current) return { kind: "show", text: "That is where you are." }
    const rewinding = {
      to: { kind: "seq", seq: turn.endSeq },
      onConflict,
      command: `tree ${turn.turnId}`,
      done: "Here you are. /redo goes back to where you were.",
    } as const
    return scope === undefined ? scopeReply(rewinding, world) : rewindReply({ ...rewinding, scope }, world)
  },
})

/** Depth first; a branch is indented only where the conversation really parts, so that a long one stays narrow. */
function rows(all: SessionTree) {
  const children = Map.groupBy(all.turns, ({ parentTurnId }) => parentTurnId)
  const listed: { turn: TreeTurn; depth: number }[] = []
  const waiting = (children.get(undefined) ?? []).toReversed().map((turn) => ({ turn, depth: 0 }))
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { turn, depth } = next
    listed.push(next)
    const below = children.get(turn.turnId) ?? []
    const parted = depth + (below.length > 1 ? 1 : 0)
    waiting.push(...below.toReversed().map((child) => ({ turn: child, depth: parted })))
  }
  return listed.map(({ turn, depth }) => ({
    label: `${turn.turnId === all.current ? "›" : " "}${"  ".repeat(depth)}${turnLabel(turn, all)}`,
    detail: turnDetail(turn),
    command: `tree ${turn.turnId}`,
  }))
}
