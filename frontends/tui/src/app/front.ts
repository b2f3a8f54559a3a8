import type { ApprovalId } from "@skein/protocol"
import type { Input } from "@skein/term"
import type { Intent } from "../intent.ts"
import type { Panel } from "../panels/panel.ts"
import { Panels, type Wished } from "./panels.ts"
import type { Questions } from "./questions.ts"

/** What stands before the transcript and takes the keys in the composer's place: the panels that are open, else what is asked. */
export class Front {
  readonly #panels = new Panels()
  readonly #questions: Questions
  readonly #changed: () => void

  /** `changed`: something else is to be seen. */
  constructor(questions: Questions, changed: () => void) {
    this.#questions = questions
    this.#changed = changed
  }

  /** What takes the keys. */
  get panel(): Panel | undefined {
    return this.#panels.top ?? this.#questions.panel
  }

  /** Something was opened over whatever may be asked. */
  get hasPanel(): boolean {
    return !this.#panels.isEmpty
  }

  /** The question that is on the screen. */
  get approvalId(): ApprovalId | undefined {
    return this.hasPanel ? undefined : this.#questions.panel?.approvalId
  }

  /** What the panel that is open wants done upon a key; undefined when none is. */
  key(input: Input, rows: number): readonly Intent[] | undefined {
    if (input.kind === "key" || input.kind === "paste") this.#panels.touched()
    this.rise()
    const step = this.#panels.top?.key(input, rows)
    if (step === undefined) return undefined
    this.#panels.swap(step.kind === "leave" ? undefined : step.panel)
    if (!this.hasPanel) this.#questions.show()
    return step.kind === "stay" ? [] : step.intents
  }

  open(panel: Panel): void {
    this.#opened(panel)
  }

  /** Opens what asks the person something: behind a question that is on the screen. Gives what takes it away again. */
  ask(panel: Panel): () => void {
    return this.approvalId === undefined ? this.#opened(panel) : this.#removing(this.#panels.wait(panel))
  }

  #opened(panel: Panel): () => void {
    const remove = this.#panels.open(panel)
    this.#changed()
    return this.#removing(remove)
  }

  #removing(remove: () => void): () => void {
    return () => {
      remove()
      if (!this.hasPanel) this.#questions.show()
      this.#changed()
    }
  }

  /** What waited behind a question is seen once nothing is asked. */
  rise(): void {
    this.#panels.rise(this.#questions.panel !== undefined)
  }

  /** Whatever is asked can be read from its next drawing on. */
  reread(): void {
    this.#panels.reread()
    this.#questions.reread()
  }

  /**
   * Has something made ready, and says whether it still is what the person wants, and would cover no question that came
   * meanwhile. Undefined when the same is made ready already.
   */
  wished<T>(what: unknown, make: () => Promise<T>): Promise<Wished<T> | undefined> {
    return this.#panels.wished(what, () => this.#questions.panel?.approvalId, make)
  }

  /** What puts another panel in the place of the one that is open now; nothing when that was left meanwhile. */
  replacing(): (panel: Panel) => void {
    return this.#panels.replacing()
  }
}
