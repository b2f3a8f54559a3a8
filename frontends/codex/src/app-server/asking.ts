import { type ApprovalId, type EventOf, type Op, type SessionId, SkeinError } from "@skein/protocol"
import { threadIdOf } from "../words.ts"
import { approvalRequest, readDecision } from "./approvals.ts"
import type { CallFacts } from "./items.ts"
import type { Peer } from "./peer.ts"

interface Asks {
  readonly sessionId: SessionId
  readonly cwd: string
  readonly peer: Peer
  submit(op: Op): Promise<unknown>
  readonly warn: (text: string) => void
}

type Asked = EventOf<"approval.requested">

/** The approvals that a client is asked about, each until it is answered here or elsewhere. */
export class Approvals {
  readonly #asks: Asks
  readonly #open = new Map<ApprovalId, { readonly requestId: number; readonly method: string }>()

  constructor(asks: Asks) {
    this.#asks = asks
  }

  get isWaiting(): boolean {
    return this.#open.size > 0
  }

  /** Rejects with what the engine refused. */
  async ask(event: Asked, call: CallFacts | undefined, turnId: string): Promise<void> {
    const { sessionId, cwd, peer, submit } = this.#asks
    const { approvalId } = event
    // Its clients are asked about commands and files; one that says yes to all of them has not said to wait for hours.
    if (event.subject === "wait") {
      await submit({ type: "approval.answer", sessionId, approvalId, answer: "reject_once" })
      return
    }
    const { method, params } = approvalRequest(event, call, cwd)
    const { id, answer } = peer.request(method, { ...params, threadId: threadIdOf(sessionId), turnId })
    this.#open.set(approvalId, { requestId: id, method })
    const reply = await answer
    // An approval that was withdrawn meanwhile has its answer already.
    if (this.#open.has(approvalId)) await this.#answer(event, readDecision(reply, event))
  }

  /** Tells the client that its answer is not waited for any more. By which method it was asked; undefined when it was not. */
  resolved({ approvalId }: EventOf<"approval.resolved">): string | undefined {
    const asked = this.#open.get(approvalId)
    if (asked === undefined) return undefined
    const { requestId, method } = asked
    this.#open.delete(approvalId)
    const { peer, sessionId } = this.#asks
    peer.forget(requestId)
    peer.notify("serverRequest/resolved", { threadId: threadIdOf(sessionId), requestId })
    return method
  }

  async #answer({ approvalId }: Asked, decision: ReturnType<typeof readDecision>): Promise<void> {
    const { sessionId, submit, warn } = this.#asks
    const answering = { type: "approval.answer", sessionId, approvalId } as const
    try {
      await submit({ ...answering, ...decision })
    } catch (error) {
      const isGone = error instanceof SkeinError && error.code === "approval.not_found"
      if (decision.answer !== "allow_always" || isGone) throw error
      // A rule that cannot be kept answers nothing; the command itself was accepted all the same.
      warn(`The rule of an answer was not kept: ${String(error)}`)
      await submit({ ...answering, ...({ answer: "allow_once" } as const) })
    }
  }
}
