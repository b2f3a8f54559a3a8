import {
  type ApprovalId,
  type Engine,
  type Event,
  type EventOf,
  type InputPart,
  jsonLine,
  type Rule,
  SkeinError,
} from "@skein/protocol"
import { asList, asObject, asText, type Json, parseObject } from "@skein/protocol/json"
import { commanded, noTurn, saysNothing } from "./command.ts"
import { readContent } from "./content.ts"
import { type ControlContext, control } from "./control.ts"
import { type ClaudeFlags, initialized, systemPromptOf } from "./flags.ts"
import { HostRequests } from "./host.ts"
import { NOT_YET } from "./missing.ts"
import { permissionRequest, readAnswer } from "./permission.ts"
import { MessageRunner } from "./runner.ts"
import { type HostSession, type Offer, openSession, readOffer, type SessionOptions } from "./session.ts"
import { claudeSessionId, skeinInputId, skeinSessionId } from "./words.ts"

export interface ServeOptions extends SessionOptions {
  /** For `~/` in permission rules. */
  readonly home?: string | undefined
  /** The host reads `session_state_changed`, and so knows when its answers are not wanted any more. */
  readonly readsSessionState?: boolean | undefined
  /**
   * Takes the instructions of an initialize request. A host initializes first, so this comes before the engine is used
   * at all. Without it they are refused aloud. Those of the command line are in `flags`.
   */
  readonly onInstructions?: ((instructions: HostInstructions) => void) | undefined
}

/** What a host wants the model told: `systemPrompt` in place of our own words, `appendSystemPrompt` after them. */
export interface HostInstructions {
  readonly systemPrompt?: string | undefined
  readonly appendSystemPrompt?: string | undefined
}

export interface Serving {
  readonly engine: Engine
  /** Lines without their newline. */
  readonly input: AsyncIterable<string>
  /** Takes one line, without its newline. */
  readonly write: (line: string) => void
  readonly options: ServeOptions
}

/**
 * Speaks the Claude Code stream-json contract until the host closes its end and all turns are over. Resolves to the
 * exit code: 1 when the last result was an error, because that is how a host of one prompt learns of it, else 0.
 */
export async function serveStreamJson({ engine, input, write, options }: Serving): Promise<number> {
  const pipe = new HostPipe(engine, (line) => write(jsonLine(line)), options)
  for (const text of options.flags.unsupported) pipe.warn(text)
  for await (const line of input) await pipe.take(line)
  return pipe.end()
}

const ONCE = { answer: "allow_once" } as const

/** One host at the other end, and its one session. */
class HostPipe {
  readonly #engine: Engine
  readonly #send: (line: Json) => void
  readonly #options: ServeOptions
  readonly #uuid: () => string
  readonly #host: HostRequests
  readonly #runner: MessageRunner
  readonly #control: ControlContext
  readonly #asked = new Map<ApprovalId, string>()
  #flags: ClaudeFlags
  /** Input that a host gave without wanting an answer; it goes ahead of its next message. */
  #held: readonly InputPart[] = []
  #offer: Promise<Offer> | undefined
  #opening: Promise<HostSession> | undefined
  #session: HostSession | undefined
  #following: Promise<void> | undefined

  constructor(engine: Engine, send: (line: Json) => void, options: ServeOptions) {
    this.#engine = engine
    this.#send = send
    this.#options = options
    this.#flags = options.flags
    this.#uuid = options.uuid ?? (() => crypto.randomUUID())
    this.#host = new HostRequests(send)
    this.#runner = new MessageRunner({
      session: () => this.#open(),
      command: (session, input) =>
        saysNothing(input) ? Promise.resolve(noTurn(session, send)) : commanded(engine, session, input, send),
      onRefused: (result) => send(this.#inSession(result)),
      onIdle: () => this.#tellState("idle"),
    })
    this.#control = {
      engine,
      offer: () => this.#readOffer(),
      session: () => this.#open(),
      mayBypass: options.flags.mayBypass,
      initialize: (request) => this.#initialize(request),
      submitIdle: (op) => this.#runner.submitIdle(op),
      interrupt: (cancelsQueued) => this.#interrupt(cancelsQueued),
      cancelMessage: (uuid) => this.#runner.drop((message) => message.uuid === uuid).length > 0,
    }
  }

  warn(text: string): void {
    this.#options.warn?.(text)
  }

  async take(text: string): Promise<void> {
    if (text.trim() === "") return
    const line = parseObject(text)
    if (!line) return this.warn("A line of input that is not a JSON object was left out.")
    if (line.type === "control_request") await this.#answer(line)
    else if (line.type === "control_response") this.#host.answer(asObject(line.response) ?? {})
    else if (line.type === "user") this.#user(line)
  }

  /** Finishes what was begun; nothing can be asked any more. */
  async end(): Promise<number> {
    this.#host.end()
    await this.#session?.detach()
    await this.#runner.settled()
    await this.#session?.close()
    await this.#following
    return this.#runner.isLastError ? 1 : 0
  }

  #user(line: Json): void {
    const { input, unsupported } = readContent(asObject(line.message)?.content)
    for (const text of unsupported) this.warn(text)
    const parts = [...this.#held, ...input]
    this.#held = line.shouldQuery === false ? parts : []
    if (line.shouldQuery === false) return
    const uuid = asText(line.uuid)
    const named = uuid ?? this.#uuid()
    if (this.#flags.replayUserMessages) this.#send({ ...this.#inSession(line), uuid: named, isReplay: true })
    this.#runner.add({ uuid, inputId: skeinInputId(named), input: parts })
  }

  async #answer(line: Json): Promise<void> {
    const reply = (response: Json) =>
      this.#send({ type: "control_response", response: { ...response, request_id: line.request_id } })
    try {
      reply({ subtype: "success", response: await control(asObject(line.request) ?? {}, this.#control) })
    } catch (error) {
      reply({ subtype: "error", error: textOf(error) })
    }
  }

  #initialize(request: Json): void {
    const systemPrompt = systemPromptOf(request.systemPrompt)
    const appendSystemPrompt = systemPromptOf(request.appendSystemPrompt)
    if (systemPrompt !== undefined || appendSystemPrompt !== undefined) {
      if (this.#options.onInstructions) this.#options.onInstructions({ systemPrompt, appendSystemPrompt })
      else this.warn("A system prompt given by the host is not supported yet; skein's own holds.")
    }
    this.#flags = initialized(this.#flags, request)
    for (const [field, name] of NOT_YET) {
      const isAsked = Object.keys(asObject(request[field]) ?? asList(request[field])).length > 0
      if (isAsked) this.warn(`${name} of the host are not supported yet.`)
    }
  }

  async #interrupt(cancelsQueued: boolean): Promise<Json> {
    const cancelled = cancelsQueued ? this.#runner.drop((message) => message.uuid !== undefined) : undefined
    await this.#runner.interrupt()
    return { still_queued: this.#runner.waiting, ...(cancelled ? { cancelled } : {}) }
  }

  #readOffer(): Promise<Offer> {
    this.#offer ??= readOffer(this.#engine)
    return this.#offer
  }

  #open(): Promise<HostSession> {
    this.#opening ??= this.#openNow()
    return this.#opening
  }

  async #openNow(): Promise<HostSession> {
    const options = { ...this.#options, flags: this.#flags, uuid: this.#uuid }
    const session = await openSession(this.#engine, options, await this.#readOffer())
    this.#session = session
    this.#following = this.#follow(session)
    await session.connect()
    return session
  }

  async #follow(session: HostSession): Promise<void> {
    try {
      for await (const event of session.events) await this.#see(event, session)
      this.#runner.fail(new Error("The session was closed."))
    } catch (error) {
      this.#runner.fail(error instanceof Error ? error : new Error(String(error)))
    }
  }

  async #see(event: Event, session: HostSession): Promise<void> {
    await session.before(event, this.#send)
    if (event.type === "turn.started") this.#tellState("running")
    for (const line of session.translator.lines(event)) this.#send(line)
    if (event.type === "approval.requested" && session.isAnswering()) {
      this.#tellState("requires_action")
      this.#ask(event, session).catch((error: unknown) =>
        this.warn(`An answer of the host was not taken: ${textOf(error)}`),
      )
    }
    session.sdk?.take(event, this.#host)
    if (event.type === "client.requested" && session.isAnswering(event.clientId)) this.#question(event, session)
    if (event.type === "call.settled") this.#host.withdraw(event.callId)
    if (event.type === "approval.resolved") {
      this.#host.withdraw(this.#asked.get(event.approvalId) ?? "")
      if (this.#asked.delete(event.approvalId) && this.#asked.size === 0) this.#tellState("running")
    }
    this.#runner.observe(event)
  }

  async #ask(event: EventOf<"approval.requested">, session: HostSession): Promise<void> {
    const { approvalId, callId } = event
    if (event.subject === "wait") {
      // A host that says yes to every tool has not said to wait for hours.
      await session.submit({ type: "approval.answer", sessionId: session.sessionId, approvalId, answer: "reject_once" })
      return
    }
    const call = callId === undefined ? undefined : session.call(callId)
    const id = this.#uuid()
    this.#asked.set(approvalId, id)
    const reply = await this.#host
      .ask(id, permissionRequest(event, call))
      .catch((error: unknown): Json => ({ behavior: "deny", message: textOf(error) }))
    if (!reply) return
    const { cwd, home } = this.#options
    const { answer, rules, mode, roots, unsupported } = readAnswer(reply, event, call, { cwd, home })
    for (const text of unsupported) this.warn(text)
    if (mode === "bypassPermissions" && !this.#flags.mayBypass)
      this.warn(`The mode ${mode} was not allowed at the start.`)
    else if (mode) await session.setMode(mode)
    if (roots.length > 0) await this.#addRoots(session, roots)
    const { sessionId } = session
    const answering = { type: "approval.answer", sessionId, approvalId } as const
    try {
      await session.submit({ ...answering, ...answer })
    } catch (error) {
      if (answer.answer !== "allow_always" || isGone(error)) throw error
      // A rule that cannot be kept answers nothing; the call itself was allowed all the same.
      this.warn(`The rules of an answer were not kept: ${textOf(error)}`)
      const { rules: _, scope: __, ...once } = answer
      await session.submit({ ...answering, ...once, ...ONCE })
    }
    // After the answer: a rule that holds already could answer in its place, without the words and arguments it brings.
    for (const rule of rules) await this.#addRule(session, rule)
  }

  #question(event: EventOf<"client.requested">, session: HostSession): void {
    this.#tellState("requires_action")
    import("./questions.ts")
      .then(({ askHost }) => askHost(event, session, this.#host))
      .then(() => this.#tellState("running"))
      .catch((error: unknown) => this.warn(`An answer of the host was not taken: ${textOf(error)}`))
  }

  async #addRule(session: HostSession, rule: Rule): Promise<void> {
    try {
      await session.submit({ type: "rule.add", sessionId: session.sessionId, rule })
    } catch (error) {
      this.warn(`A rule was not kept: ${textOf(error)}`)
    }
  }

  async #addRoots(session: HostSession, roots: readonly string[]): Promise<void> {
    const { settings } = await this.#engine.ask({ type: "session.read", sessionId: session.sessionId })
    await session.change({ extraRoots: [...new Set([...settings.extraRoots, ...roots])] })
  }

  #tellState(state: "running" | "requires_action" | "idle"): void {
    if (!this.#options.readsSessionState) return
    this.#send(this.#inSession({ type: "system", subtype: "session_state_changed", state, sdk_host_only: true }))
  }

  /** A line that no event made, with the id that the host knows or will know the session by. */
  #inSession(line: Json): Json {
    const proposed = this.#flags.resume || this.#flags.sessionId || NO_SESSION
    const id = this.#session?.sessionId ?? skeinSessionId(proposed)
    return { ...line, session_id: claudeSessionId(id), uuid: this.#uuid() }
  }
}

/** What a line says before there is a session. */
const NO_SESSION = "00000000-0000-0000-0000-000000000000"

/** Answered or withdrawn meanwhile: whoever was first decided it. */
function isGone(error: unknown): boolean {
  return error instanceof SkeinError && error.code === "approval.not_found"
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
