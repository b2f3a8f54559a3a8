import type { Closing, TurnId } from "@skein/protocol"
import {
  type ChangedSettings,
  type Happening,
  HOOK_EVENTS,
  type HookDetail,
  type HookOutcome,
  type Hooks,
} from "../ports/index.ts"
import type { EnginePorts } from "../session/ports.ts"
import type { SessionWriter } from "../session/writer.ts"
import { placeOf } from "../transcript/place.ts"
import type { SessionState } from "../transcript/state.ts"
import type { ClientQuestion } from "../turn/ports.ts"
import type { TurnHooks } from "./turn-hooks.ts"

interface Parts {
  readonly state: SessionState
  readonly writer: SessionWriter
  readonly ports: Pick<EnginePorts, "hooks" | "clock" | "onDefect" | "logs">
  /** Whether a client of this session, or of one above it, offered to be asked as a hook. */
  isClientAsked(): boolean
  askClient(question: ClientQuestion): Promise<unknown>
  /** How it came to be open here, where its log does not say. */
  readonly origin: SessionOrigin | undefined
}

/** How a session came to be open here. */
export type SessionOrigin = "startup" | "resume" | "fork" | "clear"

/** What is left to hooks when their session is left: however long they would take, leaving does not hang. */
const END_MS_MAX = 3_000
/** After so long without a word a person is told that they are waited for. */
const IDLE_MS = 60_000
const OVER = "over"

/** A session's hooks. Where there are none this costs nothing: what runs them is loaded when some are found. */
export class SessionHooks {
  readonly #parts: Parts
  readonly #beside = new Set<Promise<unknown>>()
  readonly #leaving = new AbortController()
  #isBegun = false
  #isCleared = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Whether there is anybody to look for hooks, or to be asked as one. Cheap. */
  get isAny(): boolean {
    return this.#parts.ports.hooks !== undefined || this.#parts.isClientAsked()
  }

  /** Those of the session's place now, for one turn; undefined where there are none. Their `at` was asked once. */
  async of(turnId: TurnId | undefined, signal: AbortSignal): Promise<TurnHooks | undefined> {
    const { state, ports, isClientAsked } = this.#parts
    if (!this.isAny) return undefined
    const known = await ports.hooks?.at(placeOf(state)).catch(ports.onDefect)
    const found = known?.changed === undefined ? known : await this.#settled(known, known.changed, signal)
    const hooks = found !== undefined && HOOK_EVENTS.some((event) => found.has(event)) ? found : undefined
    return hooks === undefined && !isClientAsked() ? undefined : await this.#running(hooks, turnId, signal)
  }

  async #running(hooks: Hooks | undefined, turnId: TurnId | undefined, signal: AbortSignal): Promise<TurnHooks> {
    const { state, writer, ports, isClientAsked, askClient } = this.#parts
    const { RunningHooks } = await import("./running-hooks.ts")
    const emit = async (...given: Parameters<SessionWriter["emit"]>) => void (await writer.emit(...given))
    const { clock, onDefect, logs } = ports
    return new RunningHooks({
      ...{ state, hooks, turnId, signal, clock, isClientAsked, askClient, emit, onDefect },
      fileOf: logs.fileOf,
      tell: (draft) => writer.tell(draft),
      beside: (work) => this.#runBeside(work),
    })
  }

  /** What hooks of before say to other settings: they hold from now on, unless one of them blocks it. */
  async #settled(before: Hooks, changed: ChangedSettings, signal: AbortSignal): Promise<Hooks> {
    const { settled } = await import("./at-settings.ts")
    try {
      return await settled(await this.#running(before, undefined, signal), changed)
    } catch (error) {
      this.#parts.ports.onDefect(error)
      return before
    }
  }

  /** What happens beside the turns. Undefined where nothing is set. */
  async happened(what: Happening, signal: AbortSignal): Promise<HookOutcome | undefined> {
    const hooks = await this.of(this.#parts.state.turn?.turnId, signal)
    return hooks?.run(what, { signal, effectOf: (await import("./effect.ts")).notDone })
  }

  /** The person goes on with another session in the place of this one. */
  isClearing(): void {
    this.#isCleared = true
  }

  /** How this session began here, said once: with its first turn. */
  begins(): SessionOrigin | undefined {
    if (this.#isBegun) return undefined
    this.#isBegun = true
    const { created, turnsEnded } = this.#parts.state
    if (created.agent !== undefined) return undefined
    return this.#parts.origin ?? (turnsEnded === 0 ? "startup" : "resume")
  }

  /** A person is waited for. */
  notify(kind: "permission" | "question" | "idle", message: string): void {
    if (this.isAny) this.#runBeside((signal) => this.#run({ event: "Notification", kind, message }, signal))
  }

  /** Tells once the session has been idle for a minute, unless `signal` aborts before, or `isIdle` no longer holds. */
  idle(signal: AbortSignal, isIdle: () => boolean): void {
    const { ports } = this.#parts
    if (!this.isAny) return
    this.#runBeside(async (leaving) => {
      const isOver = await ports.clock.sleep(IDLE_MS, signal).then(
        () => true,
        () => false,
      )
      const message = "skein is waiting for your next prompt."
      if (isOver && isIdle()) await this.#run({ event: "Notification", kind: "idle", message }, leaving)
    })
  }

  /** The session is left: what still runs is waited for, not for long, and hooks of its end are run. */
  async end(why: Closing | undefined): Promise<void> {
    const { clock } = this.#parts.ports
    const isAny = this.#beside.size > 0 || this.#isBegun
    if (!isAny || this.#leaving.signal.aborted) return
    const over = new AbortController()
    clock.sleep(END_MS_MAX, over.signal).then(
      () => this.#leaving.abort(OVER),
      () => undefined,
    )
    if (this.#isBegun && this.#parts.state.created.agent === undefined && !this.#parts.writer.isFailed) {
      const reason = this.#isCleared ? "clear" : why === undefined ? "exit" : "other"
      this.#runBeside((signal) => this.#run({ event: "SessionEnd", reason }, signal))
    }
    await Promise.allSettled(this.#beside)
    over.abort(OVER)
    this.#leaving.abort(OVER)
  }

  async #run(detail: HookDetail, signal: AbortSignal): Promise<void> {
    const hooks = await this.of(this.#parts.state.turn?.turnId, signal)
    await hooks?.run(detail)
  }

  #runBeside(work: (signal: AbortSignal) => Promise<unknown>): void {
    const { signal } = this.#leaving
    if (signal.aborted) return
    const running = work(signal).catch((error: unknown) => {
      if (!signal.aborted) this.#parts.ports.onDefect(error)
    })
    this.#beside.add(running)
    void running.finally(() => this.#beside.delete(running))
  }
}
