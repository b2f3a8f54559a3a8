import { insertedBefore, insertInput, insertKept } from "../composer/back.ts"
import { chipLabel, expanded } from "../composer/chips.ts"
import type { PressContext } from "../composer/context.ts"
import { isExpecting, keptWithPaste, type ReadPaste } from "../composer/expecting.ts"
import { type ComposerState, emptyComposer, isEmpty } from "../composer/state.ts"
import { submit } from "../composer/submit.ts"
import type { Intent } from "../intent.ts"
import { saidIn } from "../transcript/said.ts"
import type { SessionLink } from "./session-link.ts"

/** What is wanted of a session before there is one waits for it. */
const NEEDS_SESSION: ReadonlySet<Intent["type"]> = new Set(["submit", "command", "shell", "op", "session.new"])

/** What is said after something that waits is not said before it. */
const SAID: ReadonlySet<Intent["type"]> = new Set(["submit", "command", "shell"])

/** Where the person is. */
interface Sender extends Pick<PressContext, "commands"> {
  readonly link: SessionLink | undefined
  composer: ComposerState
}

interface Waiting {
  readonly intent: Intent
  /** Where it was said; undefined: before there was a session. */
  readonly link: SessionLink | undefined
}

/** What the person sent that cannot go yet, in order: there is no session, or what was pasted into it is still being read. */
export class Outgoing {
  #all: readonly Waiting[] = []
  readonly #reading = new Set<Promise<unknown>>()

  get isEmpty(): boolean {
    return this.#all.length === 0
  }

  /** As it was typed, a line each. What says nothing is left out. */
  get words(): readonly string[] {
    return this.#all.map(({ intent }) => wordsOf(intent)).filter((words) => words !== "")
  }

  get intents(): readonly Intent[] {
    return this.#all.map(({ intent }) => intent)
  }

  /** Once nothing that was pasted is being read any more. */
  async read(): Promise<void> {
    await Promise.allSettled(this.#reading)
  }

  reading(paste: Promise<unknown>): void {
    this.#reading.add(paste)
    const over = () => void this.#reading.delete(paste)
    paste.then(over, over)
  }

  /** Whether this one has to wait, and does from now on. */
  holds(intent: Intent, link: SessionLink | undefined): boolean {
    const isLater = intent.type === "submit.later"
    const isHeld = link === undefined ? NEEDS_SESSION.has(intent.type) : !this.isEmpty && SAID.has(intent.type)
    if (isLater || isHeld) this.#all = [...this.#all, { intent, link }]
    return isLater || isHeld
  }

  arrived(id: symbol, read: ReadPaste): void {
    this.#all = this.#all.map((waiting) => {
      const { intent } = waiting
      if (intent.type !== "submit.later") return waiting
      return { ...waiting, intent: { ...intent, draft: keptWithPaste(intent.draft, id, read) } }
    })
  }

  /** Whether something that waits is waiting for this paste. */
  expects(id: symbol): boolean {
    return this.intents.some((intent) => intent.type === "submit.later" && isExpecting(intent.draft, id))
  }

  /** The first, once it can go; to be asked until there is none. */
  next(app: Sender): Waiting | undefined {
    const [first, ...rest] = this.#all
    const link = first?.link ?? app.link
    if (first === undefined || link === undefined) return undefined
    if (first.intent.type !== "submit.later") {
      this.#all = rest
      return { ...first, link }
    }
    const { draft, delivery } = first.intent
    if (isExpecting(draft)) return undefined
    this.#all = rest
    const made = submit({ ...emptyComposer("emacs"), ...draft }, delivery, app)
    const [intent] = made?.intents ?? []
    // By now it is known that there is no such command: it stays to be mended.
    if (made !== undefined && !isEmpty(made.state)) app.composer = insertKept(app.composer, draft)
    return intent === undefined ? this.next(app) : { intent, link }
  }

  /** All of it stands before what is typed again; what says nothing is given up. */
  takenBack(typed: ComposerState): ComposerState {
    const said = this.intents.filter((intent) => wordsOf(intent) !== "")
    this.#all = []
    const inserts = said.map((intent) => (state: ComposerState) => withIntent(state, intent))
    return insertedBefore(typed, inserts)
  }
}

function wordsOf(intent: Intent): string {
  switch (intent.type) {
    case "submit":
      return saidIn(intent.input).text || "[image]"
    case "submit.later":
      return expanded(intent.draft.text, intent.draft.chips, chipLabel)
    case "command":
      return intent.line
    case "shell":
      return `${intent.isPrivate ? "!!" : "!"}${intent.command}`
    default:
      return ""
  }
}

function withIntent(state: ComposerState, intent: Intent): ComposerState {
  if (intent.type === "submit") return insertInput(state, intent.input)
  return insertKept(state, intent.type === "submit.later" ? intent.draft : { text: wordsOf(intent), chips: new Map() })
}
