import type { ClientId, Event, EventOf, Op, SessionId, Settings, SettingsChange, TurnId } from "@skein/protocol"
import { Blocks } from "./blocks.ts"
import type { Facts } from "./shown.ts"
import { Wire } from "./wire.ts"

export interface SessionOptions {
  /** The program, without its verb. */
  readonly command: readonly string[]
  /** Absolute. */
  readonly cwd: string
  /** One to go on with; a new one when left out. */
  readonly sessionId?: SessionId | undefined
  /** Of a new session. */
  readonly settings: SettingsChange
  readonly answers: Op<"client.attach">["answers"]
  /** It is there, and its events come next. */
  readonly onBegun: (session: Session) => void
  /** The blocks are others from this one on. */
  readonly onBlocks: (from: number) => void
  /** Each event as it comes, after the past was told. */
  readonly onEvent: (event: Event) => void
  /** State, settings or open questions are others. */
  readonly onFacts: () => void
  readonly onEnd: (why: string) => void
}

const CLIENT: ClientId = "cli_vscode"

/** An op of this session, without its id. */
type Own<T extends Op = Op> = T extends { sessionId: SessionId } ? Omit<T, "sessionId"> : never

/** A session over a wire of its own, as it is now. */
export class Session {
  readonly blocks = new Blocks()
  /** Questions that wait for the person, oldest first. */
  questions: readonly EventOf<"approval.requested">[] = []
  turnId: TurnId | undefined
  /** It answers, and is answered. */
  isOpen = false
  cwd: string
  #id: SessionId | undefined
  #title: string | undefined
  #settings: Partial<Settings> = {}
  #context: number | undefined
  #queued = 0
  #isLive = false
  readonly wire: Wire
  readonly #options: SessionOptions

  private constructor(options: SessionOptions) {
    this.#options = options
    this.cwd = options.cwd
    this.wire = new Wire({
      command: options.command,
      cwd: options.cwd,
      onEvent: (event) => this.#take(event),
      onEnd: (why) => options.onEnd(why),
    })
  }

  /** Throws WireError when skein cannot be started, or refuses. */
  static async open(options: SessionOptions): Promise<Session> {
    const session = new Session(options)
    options.onBegun(session)
    try {
      await session.wire.begin()
      session.#id = options.sessionId ?? (await session.#create())
      await session.wire.follow(session.#id)
      await session.submit({ type: "client.attach", clientId: CLIENT, answers: [...options.answers] })
    } catch (error) {
      session.close()
      throw error
    }
    session.isOpen = true
    return session
  }

  get id(): SessionId {
    if (this.#id === undefined) throw new Error("The session is not open yet.")
    return this.#id
  }

  get facts(): Facts {
    const state = this.questions.length > 0 ? "waiting" : this.turnId === undefined ? "idle" : "running"
    const { model, mode } = this.#settings
    return { state, model, mode, title: this.#title, context: this.#context, queued: this.#queued }
  }

  /** Asks for a change of this session. Throws WireError when it is refused. */
  submit(op: Own): ReturnType<Wire["submit"]> {
    return this.wire.submit({ ...op, sessionId: this.id } as Op)
  }

  /** Into the running turn, or as the next one. */
  say(parts: readonly string[], delivery: "steer" | "queue"): ReturnType<Wire["submit"]> {
    return this.submit({ type: "turn.submit", input: parts.map((text) => ({ type: "text", text })), delivery })
  }

  /** Answers a `client.requested`. */
  reply(
    { requestId }: EventOf<"client.requested">,
    answer: { result: unknown } | { error: string },
  ): ReturnType<Wire["submit"]> {
    return this.submit({ type: "client.answer", clientId: CLIENT, requestId, ...answer })
  }

  note(level: "info" | "warning" | "error", text: string): void {
    this.#options.onBlocks(this.blocks.note(level, text))
  }

  /** What runs is stopped; the session can be gone on with. */
  close(): void {
    this.wire.close()
  }

  async #create(): Promise<SessionId> {
    const { cwd, settings } = this.#options
    const op = { type: "session.create", cwd, isInteractive: true } as const
    const given = Object.keys(settings).length === 0 ? op : { ...op, settings }
    return (await this.wire.submit(given)).sessionId
  }

  #take(event: Event): void {
    const isOther = this.#fold(event)
    const from = this.blocks.take(event)
    if (from !== undefined) this.#options.onBlocks(from)
    if (isOther) this.#options.onFacts()
    const isOthers = event.type === "client.requested" && event.clientId !== CLIENT
    if (this.#isLive && !isOthers) this.#options.onEvent(event)
  }

  /** Whether something of `facts` or `questions` may have changed. */
  #fold(event: Event): boolean {
    switch (event.type) {
      case "session.created":
        this.cwd = event.workspace.path
        this.#settings = event.settings
        return true
      case "session.changed":
        this.#title = event.title ?? this.#title
        this.cwd = event.workspace?.path ?? this.cwd
        return true
      case "settings.changed":
        this.#settings = { ...this.#settings, ...(event.changes as Partial<Settings>) }
        return true
      case "turn.started":
        this.turnId = event.turnId
        return true
      case "turn.ended":
        this.turnId = undefined
        return true
      case "approval.requested":
        this.questions = [...this.questions, event]
        return true
      case "approval.resolved":
        this.questions = this.questions.filter(({ approvalId }) => approvalId !== event.approvalId)
        return true
      case "usage.updated": {
        const { contextTokens, contextTokensMax: max } = event
        this.#context = max === undefined ? undefined : Math.floor((contextTokens * 100) / max)
        return true
      }
      case "queue.changed":
        this.#queued = event.queue.length
        return true
      case "session.snapshot":
        this.#isLive = true
        return true
      default:
        return false
    }
  }
}
