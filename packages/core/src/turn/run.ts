import { type DurableDraft, SkeinError, type TurnOutcome } from "@skein/protocol"
import { refuseCalls, runCalls } from "../calls/settle.ts"
import { hasImages } from "../context/elide.ts"
import { loadChanged } from "../context/load.ts"
import { mayMention } from "../context/newest-words.ts"
import { closing } from "../session/resume.ts"
import { endingOf } from "../transcript/ending.ts"
import { uncheckedLeft } from "../transcript/hooks.ts"
import type { OpenTurn, SessionState } from "../transcript/state.ts"
import { ask } from "./ask.ts"
import { decide } from "./decide.ts"
import { beginDryRun, type DryRun } from "./dry-run.ts"
import type { TurnPorts } from "./ports.ts"
import { reroute } from "./reroute.ts"
import { view } from "./view.ts"
import { wait } from "./wait.ts"

/**
 * One user input to settled. All control flow of a turn is in this function: what comes next is `decide`'s, read off the
 * folded log, so a turn goes on after a crash as it would have gone on without one. Ends with `turn.ended` in the log.
 */
export async function runTurn(state: SessionState, ports: TurnPorts): Promise<void> {
  if (state.turn?.isDryRun !== true) return await untilEnd(state, undefined, ports)
  const dryRun = await beginDryRun(state, ports)
  if (dryRun instanceof SkeinError) {
    const { code, message } = dryRun
    return await ports.emit(closing(state, { kind: "failed", code, message }), { flush: true })
  }
  try {
    await untilEnd(state, dryRun, dryRun.ports)
  } finally {
    await dryRun.drop()
  }
}

async function untilEnd(state: SessionState, dryRun: DryRun | undefined, ports: TurnPorts): Promise<void> {
  for (;;) {
    const turn = state.turn
    if (turn === undefined) return
    const next = decide(view(state, turn, ports))
    switch (next.kind) {
      case "ask":
        // A retry sends the same request again.
        // What was seen in a layer is in the layer.
        if (next.attempt === 1 && ports.layer === undefined) await loadChanged(state, ports)
        if (state.processNews.length > 0)
          await (await import("../context/process-news.ts")).tellProcessNews(state, ports)
        if (next.attempt === 1 && ports.skills !== undefined && mayMention(state))
          await (await import("../context/mentioned.ts")).openMentioned(state, ports.skills, ports)
        // Whoever the turn was rerouted to may not see what the first model saw.
        if ((next.attempt === 1 || turn.reroutedTo !== undefined) && hasImages(state))
          await (await import("./look-at.ts")).describeImages(state, ports)
        if (ports.hooks === undefined) await ask(state, turn, next, ports)
        else await (await import("../hooks/at-request.ts")).askHooked(state, turn, next, ports)
        break
      case "wait":
        await wait(turn, next.untilMs, ports)
        break
      case "decide_wait":
        await (await import("./decide-wait.ts")).decideWait(state, turn, next, ports)
        break
      case "reroute":
        await reroute(state, turn, next, ports)
        break
      case "run_calls":
        await runCalls(state, next.callIds, ports)
        break
      case "refuse_calls":
        await refuseCalls(state, next.callIds, next.why, ports)
        break
      case "steer":
        await steer(state, ports)
        break
      case "compact":
        await (await import("./compact.ts")).compact(state, next.cause, ports)
        break
      case "end":
        if (await hooksGoOn(state, turn, next.outcome, ports)) break
        await dryRun?.end(next.outcome)
        await ports.settled()
        await ports.emit([...uncheckedLeft(turn, state.items), ended(turn, next.outcome)], { flush: true })
        if (ports.hooks !== undefined) (await import("../hooks/at-end.ts")).tellEnd(next.outcome, ports.hooks)
        return
    }
  }
}

/** Whether a turn that would end goes on, as one of the person's own programs says. */
async function hooksGoOn(
  state: SessionState,
  turn: OpenTurn,
  outcome: TurnOutcome,
  ports: TurnPorts,
): Promise<boolean> {
  const point = state.created.agent === undefined ? "Stop" : "SubagentStop"
  if (ports.hooks?.has(point) !== true) return false
  return (await import("../hooks/at-end.ts")).goesOn(state, turn, outcome, ports)
}

function ended(turn: OpenTurn, outcome: TurnOutcome): DurableDraft {
  return { type: "turn.ended", turnId: turn.turnId, outcome, ...endingOf(turn) }
}

async function steer(state: SessionState, ports: TurnPorts): Promise<void> {
  const turn = state.turn
  const waiting = state.queue.filter((queued) => queued.delivery === "steer")
  const { hooks } = ports
  // To a child it is its parent that speaks.
  const isChecked = hooks?.has("UserPromptSubmit") === true && state.created.agent === undefined
  const inputs = isChecked
    ? await (await import("../hooks/at-turn.ts")).passedSteers(state, waiting, hooks, ports)
    : waiting
  if (turn === undefined || inputs.length === 0) return
  const said = inputs.map(({ inputId, input }) => ({ inputId, input }))
  const taint = [...new Set(inputs.flatMap(({ taint = [] }) => taint))]
  const read = taint.length === 0 ? {} : { taint }
  await ports.emit([{ type: "turn.steered", turnId: turn.turnId, inputs: said, ...read }])
}
