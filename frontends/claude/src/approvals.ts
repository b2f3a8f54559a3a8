import { type ApprovalId, type Engine, type Event, type EventOf, type Rule, SkeinError } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import type { HostRequests } from "./host.ts"
import { permissionRequest, readAnswer } from "./permission.ts"
import type { HostSession } from "./session.ts"

export interface ApprovalsContext {
  readonly engine: Engine
  readonly host: HostRequests
  readonly cwd: string
  /** For `~/` in permission rules. */
  readonly home?: string | undefined
  readonly mayBypass: () => boolean
  readonly uuid: () => string
  /** Whether the host is waited for. */
  readonly onWaiting: (isWaiting: boolean) => void
  /** For stderr. */
  readonly warn: (text: string) => void
}

const ONCE = { answer: "allow_once" } as const

/** What must be approved, asked of the host; its answers, with the rules, modes and folders that they bring. */
export class HostApprovals {
  readonly #context: ApprovalsContext
  readonly #asked = new Map<ApprovalId, { readonly id: string; readonly request: Json }>()

  constructor(context: ApprovalsContext) {
    this.#context = context
  }

  /** Requests that the host has not answered: one that attaches anew is given them again. */
  get pending(): readonly Json[] {
    return [...this.#asked.values()].map(({ id, request }) => ({ type: "control_request", request_id: id, request }))
  }

  /** Must be told of every event. */
  take(event: Event, session: HostSession): void {
    const { onWaiting, host, warn } = this.#context
    if (event.type === "approval.requested" && session.isAnswering()) {
      this.#ask(event, session).catch((error: unknown) => warn(`An answer of the host was not taken: ${textOf(error)}`))
    }
    if (event.type !== "approval.resolved") return
    host.withdraw(this.#asked.get(event.approvalId)?.id ?? "")
    if (this.#asked.delete(event.approvalId) && this.#asked.size === 0) onWaiting(false)
  }

  async #ask(event: EventOf<"approval.requested">, session: HostSession): Promise<void> {
    const { approvalId, callId } = event
    if (event.subject === "wait") {
      // A host that says yes to every tool has not said to wait for hours.
      await session.submit({ type: "approval.answer", sessionId: session.sessionId, approvalId, answer: "reject_once" })
      return
    }
    const { host, uuid, cwd, home, onWaiting } = this.#context
    onWaiting(true)
    const call = callId === undefined ? undefined : session.call(callId)
    const id = uuid()
    const request = permissionRequest(event, call)
    this.#asked.set(approvalId, { id, request })
    const reply = await host
      .ask(id, request)
      .catch((error: unknown): Json => ({ behavior: "deny", message: textOf(error) }))
    if (!reply) return
    await this.#answer(event, session, readAnswer(reply, event, call, { cwd, home }))
  }

  async #answer(
    { approvalId }: EventOf<"approval.requested">,
    session: HostSession,
    { answer, rules, mode, roots, unsupported }: ReturnType<typeof readAnswer>,
  ): Promise<void> {
    const { warn, mayBypass } = this.#context
    for (const text of unsupported) warn(text)
    if (mode === "bypassPermissions" && !mayBypass()) warn(`The mode ${mode} was not allowed at the start.`)
    else if (mode) await session.setMode(mode)
    if (roots.length > 0) await this.addRoots(session, roots)
    const answering = { type: "approval.answer", sessionId: session.sessionId, approvalId } as const
    try {
      await session.submit({ ...answering, ...answer })
    } catch (error) {
      if (answer.answer !== "allow_always" || isGone(error)) throw error
      // A rule that cannot be kept answers nothing; the call itself was allowed all the same.
      warn(`The rules of an answer were not kept: ${textOf(error)}`)
      const { rules: _, scope: __, ...once } = answer
      await session.submit({ ...answering, ...once, ...ONCE })
    }
    // After the answer: a rule that holds already could answer in its place, without the words and arguments it brings.
    for (const rule of rules) await this.#addRule(session, rule)
  }

  /** Opens folders for tools; absolute. Throws SkeinError. */
  async addRoots(session: HostSession, roots: readonly string[]): Promise<void> {
    const { engine } = this.#context
    const { settings } = await engine.ask({ type: "session.read", sessionId: session.sessionId })
    await session.change({ extraRoots: [...new Set([...settings.extraRoots, ...roots])] })
  }

  async #addRule(session: HostSession, rule: Rule): Promise<void> {
    try {
      await session.submit({ type: "rule.add", sessionId: session.sessionId, rule })
    } catch (error) {
      this.#context.warn(`A rule was not kept: ${textOf(error)}`)
    }
  }
}

/** Answered or withdrawn meanwhile: whoever was first decided it. */
function isGone(error: unknown): boolean {
  return error instanceof SkeinError && error.code === "approval.not_found"
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
