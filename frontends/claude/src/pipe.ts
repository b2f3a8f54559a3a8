import type { Engine, Event, InputPart } from "@skein/protocol"
import { asObject, asText, type Json, parseObject } from "@skein/protocol/json"
import { mainAgent } from "./agents.ts"
import { HostApprovals } from "./approvals.ts"
import { noTurn, resolved, saysNothing } from "./command.ts"
import { readContent } from "./content.ts"
import { control, isUnordered } from "./control.ts"
import type { ControlContext } from "./control-context.ts"
import type { ClaudeFlags } from "./flags.ts"
import { type HookWords, type HostHook, HostHooks } from "./hooks.ts"
import { HostRequests } from "./host.ts"
import { type HostGiven, type Initialized, readInitialize } from "./initialize.ts"
import { type HostMessage, MessageRunner } from "./runner.ts"
import { type HostSession, type Offer, openSession, readOffer } from "./session.ts"
import type { SessionOptions } from "./session-options.ts"
import { holdTo } from "./tool-policies.ts"
import { claudeSessionId, skeinInputId, skeinSessionId } from "./words.ts"

export interface ServeOptions extends SessionOptions {
  /** For `~/` in permission rules. */
  readonly home?: string | undefined
  /** The host reads `session_state_changed`, and so knows when its answers are not wanted any more. */
  readonly readsSessionState?: boolean | undefined
  /**
   * Takes what an initialize request hands over. A host initializes first, so this comes before the engine is used at all.
   * Without it that is refused aloud. What the command line says is in `flags`.
   */
  readonly onGiven?: ((given: HostGiven) => void) | undefined
  /** What hooks of the contract are told and say. Without it hooks of the host are refused aloud. */
  readonly hookWords?: (() => Promise<HookWords>) | undefined
}

/** One host at the other end, and its one session. */
export class HostPipe {
  readonly #engine: Engine
  readonly #send: (line: Json) => void
  readonly #options: ServeOptions
  readonly #uuid: () => string
  readonly #host: HostRequests
  readonly #runner: MessageRunner
  readonly #approvals: HostApprovals
  readonly #control: ControlContext
  /** Requests of the host that have no answer yet. */
  readonly #open = new Set<unknown>()
  /** What the host said, one after the other; but not its answers, which something of it may wait for. */
  #said: Promise<void> = Promise.resolve()
  readonly #beside = new Set<Promise<void>>()
  #flags: ClaudeFlags
  #initialized: Initialized | undefined
  /** Input that a host gave without wanting an answer; it goes ahead of its next message. */
  #held: readonly InputPart[] = []
  #offer: Promise<Offer> | undefined
  #opening: Promise<HostSession> | undefined
  #session: HostSession | undefined
  #hooks: HostHooks | undefined
  #following: Promise<void> | undefined

  constructor(engine: Engine, send: (line: Json) => void, options: ServeOptions) {
    this.#engine = engine
    this.#send = send
    this.#options = options
    this.#flags = options.flags
    this.#uuid = options.uuid ?? (() => crypto.randomUUID())
    this.#host = new HostRequests(send)
    this.#runner = new MessageRunner({
      session: () => this.#openSession(),
      resolve: (session, message) => this.#resolve(session, message),
      onRefused: (result) => send(this.#inSession(result)),
      onIdle: () => this.#tellState("idle"),
    })
    this.#approvals = new HostApprovals({
      ...{ engine, host: this.#host, cwd: options.cwd, home: options.home, uuid: this.#uuid },
      mayBypass: () => this.#flags.mayBypass,
      onWaiting: (isWaiting) => this.#tellState(isWaiting ? "requires_action" : "running"),
      warn: (text) => this.warn(text),
    })
    this.#control = {
      engine,
      cwd: options.cwd,
      offer: () => this.#readOffer(),
      agents: async () => (await options.agents?.()) ?? [],
      outputStyles: async () => (await options.outputStyles?.()) ?? [],
      account: () => options.account?.() ?? {},
      session: () => this.#openSession(),
      flags: () => this.#flags,
      initialize: (request) => this.#initialize(request),
      hooks: () => this.#hooks,
      hostHooks: () => this.#hostHooks,
      addRoots: async (roots) => this.#approvals.addRoots(await this.#openSession(), roots),
      submitIdle: (op) => this.#runner.submitIdle(op),
      interrupt: (cancelsQueued) => this.#interrupt(cancelsQueued),
      cancelMessage: (uuid) => this.#runner.drop((message) => message.uuid === uuid).length > 0,
      warn: (text) => this.warn(text),
    }
  }

  warn(text: string): void {
    this.#options.warn?.(text)
  }

  take(text: string): void {
    if (text.trim() === "") return
    const line = parseObject(text)
    if (!line) return this.warn("A line of input that is not a JSON object was left out.")
    if (line.type === "control_response") this.#host.answer(asObject(line.response) ?? {})
    else if (line.type === "control_cancel_request") this.#open.delete(line.request_id)
    else if (line.type === "control_request") this.#request(line)
    else if (line.type === "user") this.#said = this.#said.then(() => this.#user(line))
  }

  /** Finishes what was begun; nothing can be asked any more. */
  async end(): Promise<number> {
    this.#host.end()
    await this.#said
    await Promise.all(this.#beside)
    await this.#hooks?.detach()
    await this.#session?.detach()
    await this.#runner.settled()
    await this.#session?.close()
    await this.#following
    return this.#runner.isLastError ? 1 : 0
  }

  #request(line: Json): void {
    this.#open.add(line.request_id)
    if (isUnordered(asText(asObject(line.request)?.subtype) ?? "")) {
      const answered = this.#said.then(() => {
        const answering = this.#answer(line).finally(() => this.#beside.delete(answering))
        this.#beside.add(answering)
      })
      this.#said = answered
    } else this.#said = this.#said.then(() => this.#answer(line))
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
    const isVerbatim = line.client_composed === true
    this.#runner.add({ uuid, inputId: skeinInputId(named), input: parts, isVerbatim })
  }

  async #answer(line: Json): Promise<void> {
    const reply = (response: Json) => {
      // Whoever asked may have taken the question back.
      if (!this.#open.delete(line.request_id)) return
      this.#send({ type: "control_response", response: { ...response, request_id: line.request_id } })
    }
    const request = asObject(line.request) ?? {}
    try {
      const response = await control(request, this.#control)
      const pending = request.subtype === "initialize" ? this.#approvals.pending : []
      const more = pending.length === 0 ? {} : { pending_permission_requests: pending }
      reply({ subtype: "success", response, ...more })
    } catch (error) {
      reply({ subtype: "error", error: textOf(error) })
    }
  }

  get #hostHooks(): readonly HostHook[] {
    return this.#initialized?.hooks ?? []
  }

  async #initialize(request: Json): Promise<Initialized> {
    const read = readInitialize(request, this.#options.flags)
    const isFirst = this.#initialized === undefined
    this.#initialized = read
    for (const text of read.unsupported) this.warn(text)
    if (isFirst) {
      this.#flags = read.flags
      if (Object.values(read.given).some((value) => value !== undefined)) {
        if (this.#options.onGiven) this.#options.onGiven(read.given)
        else this.warn("What the host hands over is not taken here; skein's own holds.")
      }
    }
    if (this.#session !== undefined) await this.#bind(this.#session)
    return read
  }

  /** What the host gave for its session, whenever that opens. */
  async #bind(session: HostSession): Promise<void> {
    await this.#attachHooks(session)
    const { rules = [] } = this.#initialized ?? {}
    await holdTo(rules, session)
  }

  async #attachHooks(session: HostSession): Promise<void> {
    if (this.#hooks !== undefined || this.#hostHooks.length === 0) return
    const { hookWords } = this.#options
    if (hookWords === undefined) return this.warn("Hooks of the host are not run here.")
    const hooks = new HostHooks({
      ...{ sessionId: session.sessionId, clientId: `cli_${this.#uuid()}`, hooks: () => this.#hostHooks },
      ...{ words: await hookWords(), host: this.#host, uuid: this.#uuid, submit: session.submit },
      toolUseId: (callId) => session.toolUseId(callId),
      warn: (text) => this.warn(text),
    })
    await hooks.attach()
    this.#hooks = hooks
  }

  async #interrupt(cancelsQueued: boolean): Promise<Json> {
    const cancelled = cancelsQueued ? this.#runner.drop((message) => message.uuid !== undefined) : undefined
    await this.#runner.interrupt()
    return { still_queued: this.#runner.waiting, ...(cancelled ? { cancelled } : {}) }
  }

  /** What a message is besides a prompt: a command, or nothing at all. */
  async #resolve(session: HostSession, { input, isVerbatim }: HostMessage): ReturnType<typeof resolved> {
    if (saysNothing(input)) return { kind: "done", outcome: noTurn(session, this.#send) }
    if (isVerbatim === true) return undefined
    return resolved({ engine: this.#engine, session, input, send: this.#send, hooks: this.#hooks })
  }

  #readOffer(): Promise<Offer> {
    this.#offer ??= readOffer(this.#engine)
    return this.#offer
  }

  #openSession(): Promise<HostSession> {
    this.#opening ??= this.#openNow()
    return this.#opening
  }

  async #openNow(): Promise<HostSession> {
    const { servers = [], title, given } = this.#initialized ?? {}
    const agent = mainAgent(this.#flags.agent, (await this.#options.agents?.()) ?? [])
    const isTold = given?.systemPrompt !== undefined || this.#flags.systemPrompt !== undefined
    if (agent?.instructions !== undefined && !isTold) this.#options.onGiven?.({ systemPrompt: agent.instructions })
    const options = { ...this.#options, flags: this.#flags, uuid: this.#uuid, servers, title, isHosted: true }
    const session = await openSession(this.#engine, options, await this.#readOffer())
    this.#session = session
    await this.#bind(session)
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
    this.#approvals.take(event, session)
    session.sdk?.take(event, this.#host)
    this.#hooks?.take(event)
    if (event.type === "client.requested" && event.kind === "question" && session.isMeant(event.clientId)) {
      this.#tellState("requires_action")
      import("./questions.ts")
        .then(({ askHost }) => askHost(event, session, this.#host, this.#hooks))
        .then(() => this.#tellState("running"))
        .catch((error: unknown) => this.warn(`An answer of the host was not taken: ${textOf(error)}`))
    }
    if (event.type === "call.settled") this.#host.withdraw(event.callId)
    this.#runner.observe(event)
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

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
