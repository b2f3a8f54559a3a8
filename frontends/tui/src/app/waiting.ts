import type { ApprovalId, InputId, InputPart } from "@skein/protocol"
import { insertedBefore, insertInput } from "../composer/back.ts"
import type { Desk } from "./desk.ts"
import type { SessionLink } from "./session-link.ts"

/**
 * Stops what runs, in the session that asks where a question was left by it. What waits behind it comes back to be gone on
 * with: nobody would expect it to be sent by itself later.
 */
export async function interrupted(approvalId: ApprovalId | undefined, seen: SessionLink, app: Desk): Promise<void> {
  const { tabs } = app.sessions
  const link = (approvalId && tabs.asking(approvalId)) ?? seen
  const { sessionId } = link
  const receipt = await link.submit({ type: "turn.interrupt", sessionId })
  if (receipt.status === "rejected") {
    // A turn that goes on asks what it asked before.
    for (const each of tabs.askedBy(sessionId)) app.sessions.askAgain(each)
    return app.tell(receipt.message, "warning")
  }
  const inputs: (readonly InputPart[])[] = []
  for (const { inputId, input } of link.facts.queue) {
    // What was taken up meanwhile is in the conversation, and waits no more.
    const { status } = await link.submit({ type: "input.cancel", sessionId, inputId })
    if (status === "accepted") inputs.push(input)
  }
  app.composer = insertedBefore(
    app.composer,
    inputs.map((input) => (state) => insertInput(state, input)),
  )
}

/** Takes one input that waits back, before what is typed. */
export async function takenBack(inputId: InputId, link: SessionLink, app: Desk): Promise<void> {
  const waiting = link.facts.queue.find((one) => one.inputId === inputId)
  const receipt = await link.submit({ type: "input.cancel", sessionId: link.sessionId, inputId })
  if (receipt.status === "rejected") return app.tell(receipt.message, "warning")
  if (waiting === undefined) return
  app.composer = insertedBefore(app.composer, [(state) => insertInput(state, waiting.input)])
}
