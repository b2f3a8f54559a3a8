import type { Op, Receipt, SettingsChange, SkeinError } from "@skein/protocol"
import type { Above, Child } from "../agents/kin.ts"
import { mustNotWiden, narrowing } from "../agents/narrow.ts"
import type { SessionState } from "../transcript/state.ts"
import { rejudge } from "./above.ts"
import type { Approvals } from "./approvals.ts"
import type { Watcher } from "./hub.ts"
import type { Inputs } from "./inputs.ts"
import type { Offspring } from "./offspring.ts"
import type { EnginePorts } from "./ports.ts"
import { recordSettings } from "./record.ts"
import type { Turns } from "./turns.ts"
import type { SessionWriter } from "./writer.ts"

interface Parts {
  readonly state: SessionState
  readonly ports: EnginePorts
  readonly writer: SessionWriter
  readonly turns: Turns
  readonly inputs: Inputs
  readonly approvals: Approvals
  readonly offspring: Offspring
  inLane<T>(work: () => Promise<T>): Promise<T>
  take(op: Op<"approval.answer">): Promise<Receipt>
}

/** What an open session is for its parent, where it is a child. */
export class AsChild implements Child {
  readonly #parts: Parts
  #above: Above | undefined
  #isKept = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** What is above it, here or at least known. */
  get above(): Above | undefined {
    return this.#above
  }

  join(above: Above): void {
    this.#above = above
  }

  get state(): SessionState {
    return this.#parts.state
  }

  get isWatched(): boolean {
    return this.#parts.writer.hub.hasReaders
  }

  /** Whether it works for its parent: then a client that leaves it leaves it at that. */
  get isKept(): boolean {
    return this.#isKept
  }

  keep(isKept: boolean): void {
    this.#isKept = isKept
  }

  watch(watcher: Watcher): () => void {
    return this.#parts.writer.hub.watch(watcher)
  }

  hear(text: string, taint: readonly string[]): Promise<Receipt> {
    return this.#parts.inLane(() => this.#parts.inputs.hear(text, taint))
  }

  resume(): void {
    void this.#parts.inLane(async () => this.#parts.turns.resume())
  }

  interrupt(reason: SkeinError): Promise<void> {
    return this.#parts.turns.interrupt(reason)
  }

  answer(op: Op<"approval.answer">): Promise<Receipt> {
    return this.#parts.take(op)
  }

  async narrow(): Promise<void> {
    const { state, writer, ports } = this.#parts
    const changes = this.#above === undefined ? undefined : narrowing(this.#above.settings(), state.settings)
    if (changes === undefined) return
    await recordSettings(state.sessionId, changes, ports)
    await writer.emit([{ type: "settings.changed", changes }], { flush: true })
  }

  /** A person who changes its settings. Throws SkeinError `op.invalid`. */
  mustNotWiden(changes: SettingsChange): void {
    if (this.#above !== undefined) mustNotWiden(changes, this.#above.settings(), this.#above.roots())
  }

  rejudge(): Promise<void> {
    return rejudge(this.#parts)
  }

  /** Whoever could answer is gone: what waits for an answer gets none, here and below. */
  async withdrawUnattended(): Promise<void> {
    const { turns, approvals, offspring } = this.#parts
    if (turns.isAttended) return
    await approvals.withdrawAll()
    await offspring.each((child) => child.withdrawUnattended())
  }
}
