import { longText } from "@skein/protocol"
import { sha256 } from "../context/sha256.ts"
import type { OpenTurn, SessionState } from "../transcript/state.ts"
import type { Next } from "./decide.ts"
import type { Question, TurnPorts } from "./ports.ts"

/** Whether a long limit is waited for, into the log: as the settings say, or as the person answers. */
export async function decideWait(
  state: SessionState,
  turn: OpenTurn,
  { untilMs, isAsked }: Extract<Next, { kind: "decide_wait" }>,
  ports: TurnPorts,
): Promise<void> {
  const { turnId } = turn
  const isWaiting = !isAsked || (await isWished(state, turn, untilMs, ports))
  // Stopped while it was asked: the next decision sees that.
  if (ports.signal.aborted) return
  await ports.emit([{ type: "wait.decided", turnId, isWaiting, untilMs, by: isAsked ? "person" : "settings" }], {
    flush: true,
  })
}

async function isWished(
  state: SessionState,
  { failure }: OpenTurn,
  untilMs: number,
  ports: TurnPorts,
): Promise<boolean> {
  const question: Question = {
    type: "approval.requested",
    approvalId: ports.random.id("apr"),
    subject: "wait",
    actions: [{ verb: "wait", target: `${longText(untilMs - ports.clock.now())}, until the limit is over` }],
    digest: sha256(String(untilMs)),
    reasons: failure === undefined ? [] : [failure.message],
    cwd: state.created.workspace.path,
    options: ["allow_once", "reject_once"],
  }
  try {
    const { resolved } = await ports.ask(question, ports.signal, () => "ask")
    return resolved.answer === "allow_once"
  } catch (error) {
    if (ports.signal.aborted) return false
    throw error
  }
}
