import type { ApprovalId, InputId, InputPart } from "@skein/protocol"
import { moved } from "../composer/edit.ts"
import { insert, insertImage } from "../composer/paste.ts"
import type { ComposerState } from "../composer/state.ts"
import type { Desk } from "./desk.ts"
import type { SessionLink } from "./session-link.ts"

/**
 * Stops what runs, in the session that asks where a question was left by it. What waits behind it comes back to be gone on
 * with: nobody would expect it to be sent by itself later.
 */
export async function interrupted(approvalId: ApprovalId | undefined, seen: SessionLink, app: Desk): Promise<void> {
  const { tabs } = app.sessions
  const asking = approvalId && tabs.asking(approvalId)
  const link = tabs.all.find((tab) => tab.link.sessionId === asking)?.link ?? seen
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
  if (inputs.length > 0) app.composer = withInputsBefore(app.composer, inputs)
}

/** Takes one input that waits back to where the caret is. */
export async function takenBack(inputId: InputId, link: SessionLink, app: Desk): Promise<void> {
  const waiting = link.facts.queue.find((one) => one.inputId === inputId)
  const receipt = await link.submit({ type: "input.cancel", sessionId: link.sessionId, inputId })
  if (receipt.status === "rejected") return app.tell(receipt.message, "warning")
  if (waiting !== undefined) app.composer = withInput(app.composer, waiting.input)
}

/** Each on lines of its own, before what is typed; the caret stays where it was in that. */
export function withInputsBefore(typed: ComposerState, inputs: readonly (readonly InputPart[])[]): ComposerState {
  const before = inputs.reduce(
    (state, input, at) => withInput(at === 0 ? state : insert(state, "\n"), input),
    moved({ ...typed, menu: undefined }, 0),
  )
  const made = typed.text === "" ? before : insert(before, "\n")
  return moved(made, typed.caret + made.text.length - typed.text.length)
}

function withInput(state: ComposerState, input: readonly InputPart[]): ComposerState {
  return input.reduce((made, part) => {
    if (part.type === "text") return insert(made, part.text)
    const { mediaType, data, name = "image" } = part
    return insertImage(made, { mediaType, data, name, bytes: Math.floor((data.length * 3) / 4) })
  }, state)
}
