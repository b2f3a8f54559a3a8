import {
  accepted,
  type CommandOutcome,
  commandLine,
  type Engine,
  type Event,
  type Op,
  type RewindScope,
  type RewindTarget,
  runCommand,
  type SessionId,
  type SessionView,
  type SettingsChange,
  SkeinError,
  type TurnId,
  type TurnTerms,
} from "@skein/protocol"
import { Answering, type Handlers } from "./answering.ts"
import { newId } from "./ids.ts"
import { type Input, partsOf } from "./input.ts"
import { TurnFailed, type TurnResult } from "./result.ts"
import { Turn } from "./turn.ts"
import { type TurnBegun, turnBegun } from "./turn-begun.ts"

/** What holds for one turn alone. */
export interface TurnOptions extends Pick<TurnTerms, "model" | "effort"> {
  /** The answer has to be JSON of this schema, in this turn: a JSON Schema, or a schema that checks and turns into one. */
  readonly outputSchema?: object | undefined
  /** Interrupts the turn. */
  readonly signal?: AbortSignal | undefined
}

/** A result whose text is JSON that was asked for by a schema. */
export interface ValueResult<Value = unknown> extends TurnResult {
  /** The text, read as JSON. */
  readonly value: Value
}

export interface RewindOptions {
  /** Before this turn; or so many turns back, one when nothing is said; or to how it was after event `seq`. */
  readonly to?: TurnId | number | { readonly seq: number } | undefined
  /** What happens where something else changed a file since: nothing at all is done, unless this says otherwise. */
  readonly onConflict?: Op<"session.rewind">["onConflict"]
}

/** One conversation with an agent in a folder. It is kept: another process can go on with it by its `id`. */
export class Session {
  readonly id: SessionId
  readonly #engine: Engine
  readonly #handlers: Handlers
  readonly #answering: Answering
  readonly #onClose: (session: Session) => void

  /** Not made by hand: `skein.session()` makes one. */
  private constructor(engine: Engine, id: SessionId, handlers: Handlers, onClose: (session: Session) => void) {
    this.id = id
    this.#engine = engine
    this.#handlers = handlers
    this.#answering = new Answering(engine, id, handlers)
    this.#onClose = onClose
  }

  /** @internal */
  static async open(
    engine: Engine,
    id: SessionId,
    handlers: Handlers,
    onClose: (session: Session) => void,
  ): Promise<Session> {
    const session = new Session(engine, id, handlers, onClose)
    await session.#answering.begin()
    return session
  }

  /**
   * Says something and waits for the end of the turn. Throws TurnFailed when the turn fails, SkeinError when it cannot begin:
   * `turn.busy` while another one runs. One that was interrupted, or stopped at a limit, is a result: see its `outcome`.
   */
  async prompt<Value = unknown>(
    input: Input,
    options: TurnOptions & { readonly outputSchema: object },
  ): Promise<ValueResult<Value>>
  async prompt(input: Input, options?: TurnOptions): Promise<TurnResult>
  async prompt(input: Input, options: TurnOptions = {}): Promise<TurnResult | ValueResult> {
    const result = await (await this.stream(input, options)).result()
    const { outcome } = result
    if (outcome.kind === "failed") throw new TurnFailed(outcome.code, outcome.message, result)
    if (options.outputSchema === undefined || outcome.kind !== "completed") return result
    return { ...result, value: parsed(result) }
  }

  /**
   * Says something; the turn is told as it happens, by what is given back or by the turn that it resolves to when it has begun.
   * A turn that cannot begin is told to whoever reads or awaits it, and to nobody else.
   */
  stream(input: Input, options: TurnOptions = {}): TurnBegun {
    return turnBegun(this.#submit(input, "start", options))
  }

  /** Says something that waits until the running turn is over. Resolves when it waits; the turn is the one that it begins. */
  queue(input: Input, options: Omit<TurnOptions, "outputSchema"> = {}): TurnBegun {
    return turnBegun(this.#submit(input, "queue", options))
  }

  /** Says something to the running turn, which hears of it at its next step. Begins one when none runs. */
  async steer(input: Input): Promise<void> {
    const parts = [...(await partsOf(input))]
    await accepted(this.#engine, { type: "turn.submit", sessionId: this.id, input: parts, delivery: "steer" })
  }

  /** Stops what runs. Input that waits goes on waiting. */
  async interrupt(): Promise<void> {
    await accepted(this.#engine, { type: "turn.interrupt", sessionId: this.id })
  }

  /** A new session that begins with this conversation, up to the end of a turn or as it stands, with the same handlers. */
  async fork(options: { readonly throughTurnId?: TurnId; readonly cwd?: string } = {}): Promise<Session> {
    const { sessionId } = await accepted(this.#engine, { type: "session.fork", sessionId: this.id, ...options })
    return Session.open(this.#engine, sessionId, this.#handlers, this.#onClose)
  }

  /**
   * Goes back: the files that were changed, whichever tool or command did it, the conversation, or both. Throws SkeinError:
   * `checkpoint.conflict` where something else changed a file since.
   */
  async rewind(scope: RewindScope = "both", { to = 1, onConflict }: RewindOptions = {}): Promise<void> {
    await this.#rewind(scope, targetOf(to), onConflict)
  }

  /** Takes the newest rewind back. */
  async redo(scope: RewindScope = "both", { onConflict }: Pick<RewindOptions, "onConflict"> = {}): Promise<void> {
    await this.#rewind(scope, { kind: "redo" }, onConflict)
  }

  /** Makes room in the model's context. `keep` tells the summary what matters. */
  async compact(keep?: string): Promise<void> {
    const what = keep === undefined ? {} : { keep }
    await accepted(this.#engine, { type: "context.compact", sessionId: this.id, ...what })
  }

  /** Changes settings from the next step on: model, mode, effort, limits … Only what is given changes. */
  async change(settings: SettingsChange): Promise<void> {
    await accepted(this.#engine, { type: "settings.change", sessionId: this.id, changes: settings })
  }

  /** Runs a slash command, `/status` or `status`, as a person would. Throws SkeinError `op.invalid` where it is refused. */
  async command(line: string): Promise<CommandOutcome> {
    const said = commandLine(line.startsWith("/") ? line : `/${line}`)
    if (said === undefined) throw new SkeinError("op.invalid", `${JSON.stringify(line)} is no command.`)
    const outcome = await runCommand(this.#engine, this.id, said)
    if (outcome.isRefused) throw new SkeinError("op.invalid", outcome.text)
    return outcome
  }

  /** The session as it stands: its items, settings, what it cost, what waits. */
  read(): Promise<SessionView> {
    return this.#engine.ask({ type: "session.read", sessionId: this.id })
  }

  /** All that happens in it, from the durable event `from` on (1 is the whole session), or only what comes. */
  events(from?: number): AsyncIterable<Event> {
    return this.#engine.events({ sessionId: this.id, from })
  }

  /** Ends what runs and lets go of it. It stays on disk, and can be gone on with. */
  async close(): Promise<void> {
    this.#onClose(this)
    await this.#answering.end()
    await accepted(this.#engine, { type: "session.close", sessionId: this.id })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** @internal Whoever goes takes its answers with it; the session goes on. */
  async leave(): Promise<void> {
    await this.#answering.end()
  }

  async #submit(input: Input, delivery: "start" | "queue", options: TurnOptions): Promise<Turn> {
    const { model, effort, outputSchema, signal } = options
    signal?.throwIfAborted()
    // Whoever answers listens, also behind a loss that took too long to be mended unseen.
    await this.#answering.begin()
    const parts = [...(await partsOf(input))]
    const restore = outputSchema === undefined ? undefined : await this.#ask(outputSchema)
    const inputId = newId("inp")
    // Kept from here on, so that nothing of the turn is missed.
    const events = this.#engine.events({ sessionId: this.id })[Symbol.asyncIterator]()
    // Where it cannot be, the turn is over or the engine is lost: its result says which.
    const interrupt = () => void turn.interrupt().catch(() => undefined)
    const over = async () => {
      signal?.removeEventListener("abort", interrupt)
      await restore?.()
    }
    const turn = new Turn({ engine: this.#engine, sessionId: this.id, inputId, events, over })
    const terms = { ...(model === undefined ? {} : { model }), ...(effort === undefined ? {} : { effort }) }
    const hasTerms = Object.keys(terms).length > 0
    const op = { type: "turn.submit", sessionId: this.id, inputId, input: parts, delivery } as const
    try {
      await accepted(this.#engine, hasTerms ? { ...op, terms } : op)
    } catch (error) {
      await events.return?.()
      await over()
      throw error
    }
    signal?.addEventListener("abort", interrupt, { once: true })
    if (signal?.aborted === true) interrupt()
    return turn
  }

  /** Asks for JSON from here on; what is given back restores what was asked for before. */
  async #ask(outputSchema: object): Promise<() => Promise<void>> {
    const { settings } = await this.read()
    await this.change({ outputSchema: { name: "answer", schema: plainSchema(outputSchema) } })
    return async () => {
      await this.#engine.submit({
        type: "settings.change",
        sessionId: this.id,
        changes: { outputSchema: settings.outputSchema === undefined ? null : { ...settings.outputSchema } },
      })
    }
  }

  async #rewind(scope: RewindScope, to: RewindTarget, onConflict: RewindOptions["onConflict"]): Promise<void> {
    const how = onConflict === undefined ? {} : { onConflict }
    await accepted(this.#engine, { type: "session.rewind", sessionId: this.id, scope, to, ...how })
  }
}

function targetOf(to: NonNullable<RewindOptions["to"]>): RewindTarget {
  if (typeof to === "number") return { kind: "undo", turns: to }
  return typeof to === "string" ? { kind: "before", turnId: to } : { kind: "seq", seq: to.seq }
}

function parsed({ text }: TurnResult): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new SkeinError("provider.protocol", `The model's answer is no JSON: ${text.slice(0, 200)}`, { cause })
  }
}

function plainSchema(schema: object): unknown {
  return "toJSONSchema" in schema && typeof schema.toJSONSchema === "function" ? schema.toJSONSchema() : schema
}
