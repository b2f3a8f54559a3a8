import { type ClientId, type LiveDraft, type RequestId, SkeinError } from "@skein/protocol"
import type { ClientRequestKind, ClockPort, RandomPort } from "../ports/index.ts"
import type { ClientQuestion } from "../turn/ports.ts"

type Answerable = "approval" | ClientRequestKind

interface ClientPorts {
  readonly clock: ClockPort
  readonly random: RandomPort
  tell(draft: LiveDraft): void
}

/** Who is there to answer, and what they were asked: the channel from the engine back to its clients. */
export class Clients {
  readonly #answers = new Map<ClientId, ReadonlySet<Answerable>>()
  readonly #open = new Map<RequestId, { readonly clientId: ClientId; settle(outcome: Outcome): void }>()
  readonly #ports: ClientPorts

  constructor(ports: ClientPorts) {
    this.#ports = ports
  }

  attach(clientId: ClientId, answers: readonly Answerable[]): void {
    this.#answers.set(clientId, new Set(answers))
  }

  /** A client that is gone answers nothing: whatever it was asked fails at once. */
  detach(clientId: ClientId): void {
    this.#answers.delete(clientId)
    for (const asked of this.#open.values()) {
      if (asked.clientId === clientId) asked.settle({ error: new SkeinError("client.gone", "The client went away.") })
    }
  }

  /** The client that offered to answer this kind, the newest first. */
  whoAnswers(kind: Answerable): ClientId | undefined {
    return [...this.#answers].findLast(([, kinds]) => kinds.has(kind))?.[0]
  }

  /** Asks a client; see `PlanContext.askClient`. */
  async request({ kind, payload, deadlineMs, signal, agent }: ClientQuestion): Promise<unknown> {
    if (signal.aborted) throw signal.reason
    const clientId = this.whoAnswers(kind)
    if (clientId === undefined) throw new SkeinError("client.gone", `No client answers requests of kind ${kind}.`)
    const requestId = this.#ports.random.id("req")
    const stop = new AbortController()
    const { promise: answered, resolve: settle, reject } = Promise.withResolvers<Outcome>()
    const abandon = () => reject(signal.reason)
    signal.addEventListener("abort", abandon, { once: true })
    this.#open.set(requestId, { clientId, settle })
    const late = this.#ports.clock.sleep(deadlineMs, stop.signal).then(
      (): Outcome => ({ error: new SkeinError("client.deadline", `No answer within ${deadlineMs} ms (${kind}).`) }),
      (): Outcome => ({ result: undefined }),
    )
    const whose = agent === undefined ? {} : { agent }
    this.#ports.tell({ type: "client.requested", requestId, clientId, ...whose, kind, payload, deadlineMs })
    try {
      const { result, error } = await Promise.race([answered, late])
      if (error !== undefined) throw error
      return result
    } finally {
      stop.abort()
      signal.removeEventListener("abort", abandon)
      this.#open.delete(requestId)
    }
  }

  /** False when there is no such request of this client. */
  answer(clientId: ClientId, requestId: RequestId, result: unknown, error: string | undefined): boolean {
    const asked = this.#open.get(requestId)
    if (asked?.clientId !== clientId) return false
    asked.settle(error === undefined ? { result } : { error: new SkeinError("client.refused", error) })
    return true
  }
}

interface Outcome {
  readonly result?: unknown
  readonly error?: SkeinError
}
