import { defineCommand } from "./command.ts"
import { REWIND_USAGE, rewindReply, rewindWords, scopeReply } from "./rewinding.ts"
import { currentTurns, findTurn, turnDetail, turnLabel } from "./turns.ts"

export const rewind = defineCommand({
  name: "rewind",
  summary: "Go back to before a turn: the conversation, files or both.",
  usage: `[turn] ${REWIND_USAGE}`,
  whileBusy: false,
  isAsking: true,
  async run(args, world) {
    const tree = await world.ask({ type: "session.tree", sessionId: world.sessionId })
    const { rest, scope, onConflict } = rewindWords(args)
    if (rest.length === 0) {
      const turns = currentTurns(tree).toReversed()
      if (turns.length === 0) return { kind: "show", text: "There is no turn to go back before yet." }
      return {
        kind: "choose",
        title: "Go back to before which turn?",
        choices: turns.map((turn) => ({
          label: turnLabel(turn, tree),
          detail: turnDetail(turn),
          command: `rewind ${[turn.turnId, scope, onConflict].filter((word) => word !== undefined).join(" ")}`,
        })),
      }
    }
    const { turnId } = findTurn(tree, rest.join(" "))
    const rewinding = {
      to: { kind: "before", turnId },
      onConflict,
      command: `rewind ${turnId}`,
      done: "Gone back. /redo brings it again, /tree shows what was left.",
    } as const
    return scope === undefined ? scopeReply(rewinding, world) : rewindReply({ ...rewinding, scope }, world)
  },
})
