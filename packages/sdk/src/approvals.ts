import { type Answer, askedTitle, askerText, type EventOf, type Op, type SessionId } from "@skein/protocol"

/** Something that may not happen without a yes: a call, a host that it wants to reach, a plan to be carried out. */
export interface ApprovalRequest {
  /** In a line: `run npm test`. */
  readonly title: string
  /** Why it is asked, strongest first. */
  readonly reasons: readonly string[]
  /** The tool's name and input; absent where no call is asked about, and for calls of sub-agents. */
  readonly call?: { readonly name: string; readonly input: unknown } | undefined
  /** All that was asked: what it would do, with diffs, and which answers there are. */
  readonly event: EventOf<"approval.requested">
}

/**
 * `true` and `false` are once. An object may say more: a standing answer, why not (the model reads it), other arguments, or that
 * the turn ends with the refusal.
 */
export type ApprovalReply = boolean | ({ readonly answer: Answer } & ApprovalDetails)
type ApprovalDetails = Pick<
  Op<"approval.answer">,
  "feedback" | "updatedInput" | "interrupt" | "scope" | "rules" | "hunks" | "expiresAt"
>

export type OnApproval = (request: ApprovalRequest) => ApprovalReply | Promise<ApprovalReply>

/** What is known of a call that is asked about. */
export type AskedCall = Pick<EventOf<"call.requested">, "name" | "title" | "input">

export function approvalRequest(event: EventOf<"approval.requested">, call: AskedCall | undefined): ApprovalRequest {
  const title =
    event.agent === undefined ? (call?.title ?? askedTitle(event)) : `${askerText(event)}${askedTitle(event)}`
  const asked = { title, reasons: event.reasons, event }
  return call === undefined ? asked : { ...asked, call: { name: call.name, input: call.input } }
}

/** What the engine is told. A handler that throws has said no, and why. */
export async function approvalAnswer(
  sessionId: SessionId,
  request: ApprovalRequest,
  onApproval: OnApproval,
): Promise<Op<"approval.answer">> {
  const { approvalId } = request.event
  const answering = { type: "approval.answer", sessionId, approvalId } as const
  try {
    const reply = await onApproval(request)
    if (typeof reply !== "boolean") return { ...answering, ...reply }
    return { ...answering, answer: reply ? "allow_once" : "reject_once" }
  } catch (error) {
    return { ...answering, answer: "reject_once", feedback: `The client could not decide: ${messageOf(error)}` }
  }
}

/** What was thrown, as a sentence. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
