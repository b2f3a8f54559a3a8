import type { ApprovalId } from "@skein/protocol"
import type { Input } from "@skein/term"
import { type ApprovalPanel, approvalPanel } from "../panels/approval/panel.ts"
import type { Pending } from "../panels/approval/pending.ts"
import type { PanelStep } from "../panels/panel.ts"

/** What an approval is shown with. */
export interface QuestionsOptions {
  /** Milliseconds on any scale. */
  readonly now: () => number
  readonly home: string
  /** Whether the composer holds something. */
  readonly isTyping: () => boolean
  /** A letter that waited to be pressed again is the composer's: its question went away. */
  readonly release: (input: Input) => void
}

/** The approvals that wait, one at a time, and whether the person put them aside to look at something first. */
export class Questions {
  readonly #options: QuestionsOptions
  readonly #known = new Set<ApprovalId>()
  #panel: ApprovalPanel | undefined
  #isAside = false

  constructor(options: QuestionsOptions) {
    this.#options = options
  }

  /** What takes the keys now. */
  get panel(): ApprovalPanel | undefined {
    return this.#isAside ? undefined : this.#panel
  }

  /** There is one, and the person does not see it. */
  get isAside(): boolean {
    return this.#isAside && this.#panel !== undefined
  }

  /** These and no others wait now. `isInterposed`: something else has the keys at this moment. */
  follow(pending: readonly Pending[], isInterposed: boolean): void {
    const ids = new Set(pending.map(({ event }) => event.approvalId))
    for (const id of [...this.#known].filter((known) => !ids.has(known))) {
      this.#drop(id)
    }
    this.#panel = this.#panel?.told(pending)
    for (const asked of pending) {
      if (this.#known.has(asked.event.approvalId)) continue
      this.#known.add(asked.event.approvalId)
      if (this.#panel === undefined) this.#isAside = false
      this.#panel = this.#panel?.with(asked) ?? approvalPanel({ ...this.#options, pending: [asked], isInterposed })
    }
  }

  /** Undefined when nothing is asked. */
  key(input: Input, rows: number): PanelStep | undefined {
    const step = this.panel?.key(input, rows)
    if (step === undefined) return undefined
    if (step.kind === "leave" && isLineAlone(step)) {
      this.#isAside = true
      this.#panel = this.#panel?.freed()
    } else if (step.kind === "leave") this.#panel = undefined
    else if (isApproval(step.panel)) this.#panel = step.panel
    return step
  }

  /** An answer was not taken: it is asked again. */
  again(approvalId: ApprovalId): void {
    this.#drop(approvalId)
  }

  #drop(approvalId: ApprovalId): void {
    const panel = this.#panel
    this.#known.delete(approvalId)
    this.#panel = panel?.without(approvalId)
    if (panel?.approvalId === approvalId && panel.held !== undefined) this.#options.release(panel.held)
  }

  /** It is seen again, and read from its next drawing on. */
  show(): void {
    this.#isAside = false
    this.reread()
  }

  /** The time to read it begins anew. */
  reread(): void {
    this.#panel = this.#panel?.reread()
  }
}

/** It answers nothing: at most a letter goes into the line. */
function isLineAlone({ intents }: Extract<PanelStep, { kind: "leave" }>): boolean {
  return intents.every(({ type }) => type === "type")
}

function isApproval(panel: object): panel is ApprovalPanel {
  return "approvalId" in panel
}
