import type { ClientId, Engine, EventOf, SessionId } from "@skein/protocol"
import type { ClientFacts } from "./client-facts.ts"
import { isObject, type Json, type Rpc, type RpcError } from "./rpc.ts"
import { acpError } from "./words.ts"

export interface ServicesContext {
  readonly engine: Engine
  readonly rpc: Rpc
  readonly clientId: ClientId
  readonly facts: ClientFacts
  /** A path as the client names it. */
  readonly named: (path: string) => string
  /** A call has a terminal of the client's to be looked at. */
  readonly onTerminal: (callId: string, terminalId: string) => void
  /** For stderr. */
  readonly warn: (text: string) => void
}

type Asked = EventOf<"client.requested">

/** What the engine asks the client to do: to put a question to its person, to read and write its files, to run a command. */
export class Services {
  readonly #sessionId: SessionId
  readonly #context: ServicesContext
  /** What is under way, by what names it. */
  readonly #open = new Map<Asked, AbortController>()
  /** Paths at which the client had no file when it was last asked, with its words. */
  readonly #absent = new Map<string, RpcError>()

  constructor(sessionId: SessionId, context: ServicesContext) {
    this.#sessionId = sessionId
    this.#context = context
  }

  /** What this client is asked is answered, now or later; what another is asked is not its business. */
  take(event: Asked): void {
    if (event.clientId !== this.#context.clientId) return
    const { warn } = this.#context
    this.#answer(event).catch((error: unknown) => warn(`An answer was not taken: ${String(error)}`))
  }

  /** Time went by: what the client did not have, it may have now. */
  lookAgain(): void {
    this.#absent.clear()
  }

  /** A call is over: so is whatever was asked for it. */
  settled(callId: string): void {
    this.lookAgain()
    for (const [event, over] of this.#open) if (callOf(event) === callId) over.abort()
  }

  /** A sub-agent is over: its calls are not told here, and so not their ends either. */
  childEnded(childSessionId: string): void {
    this.lookAgain()
    for (const [event, over] of this.#open) if (event.agent?.sessionId === childSessionId) over.abort()
  }

  /** Nothing that was asked is waited for any more. */
  end(): void {
    for (const over of this.#open.values()) over.abort()
  }

  async #answer(event: Asked): Promise<void> {
    const over = new AbortController()
    this.#open.set(event, over)
    const late = setTimeout(() => over.abort(), Math.min(event.deadlineMs, TIMER_MS_MAX))
    over.signal.addEventListener("abort", () => clearTimeout(late), { once: true })
    try {
      const said = await this.#ask(event, over.signal).then(
        (result) => ({ result }),
        (error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }),
      )
      if (over.signal.aborted) return
      const { sessionId, clientId, requestId } = event
      const answer = { type: "client.answer", sessionId, clientId, requestId, ...said } as const
      const receipt = await this.#context.engine.submit(answer)
      // Nobody waits for it any more: its call was stopped meanwhile.
      if (receipt.status === "rejected" && receipt.code !== "op.invalid") throw acpError(receipt.code, receipt.message)
    } finally {
      clearTimeout(late)
      this.#open.delete(event)
    }
  }

  async #ask({ kind, payload }: Asked, over: AbortSignal): Promise<unknown> {
    const { rpc, facts, named, onTerminal, warn } = this.#context
    const sessionId = this.#sessionId
    const ask = (method: string, params: Json) => rpc.request(method, params, over)
    switch (kind) {
      case "question":
        return (await import("./questions.ts")).askForm(sessionId, payload, ask)
      case "fs":
        return (await import("./files.ts")).askFile(payload, {
          ...{ sessionId, writesFiles: facts.writesFiles, named, ask },
          absent: this.#absent,
        })
      case "terminal": {
        const { runInTerminal } = await import("./terminals.ts")
        // Not taken back when the call is over: the client would not let go of the terminal.
        const kept = (method: string, params: Json) => rpc.request(method, params, NEVER)
        return runInTerminal(payload, { sessionId, named, ask: kept, onCreated: onTerminal, over, warn })
      }
      default:
        throw new Error(`An editor answers nothing of the kind ${kind}.`)
    }
  }
}

/** No timer takes longer. */
const TIMER_MS_MAX = 2 ** 31 - 1
const NEVER = new AbortController().signal

/** The call that asks, where the question says so. */
function callOf({ payload }: Asked): string | undefined {
  const callId = isObject(payload) ? payload.callId : undefined
  return typeof callId === "string" ? callId : undefined
}
