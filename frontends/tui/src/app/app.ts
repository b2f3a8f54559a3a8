import type { ApprovalId, CommandInfo, Event, SessionId } from "@skein/protocol"
import type { Input, Size } from "@skein/term"
import type { PressContext } from "../composer/context.ts"
import { press } from "../composer/press.ts"
import { type ComposerState, emptyComposer, isEmpty } from "../composer/state.ts"
import type { Intent } from "../intent.ts"
import type { Action, Keymap } from "../keys/actions.ts"
import { defaultKeymap } from "../keys/defaults.ts"
import type { Panel, PanelStep } from "../panels/panel.ts"
import type { Block } from "../transcript/block.ts"
import type { BlockView } from "../view/blocks/view.ts"
import type { Look } from "../view/look.ts"
import { intentsFor } from "./action-intents.ts"
import { LazyCode } from "./code-look.ts"
import { doIntent } from "./doing.ts"
import { drawApp } from "./drawing.ts"
import { FullView } from "./full/full-view.ts"
import { gather } from "./greeting.ts"
import { Looks } from "./looks.ts"
import { Notifier } from "./notify.ts"
import { type Connected, DEFAULT_SETTINGS, type Left, type TuiOptions, type TuiSettings } from "./options.ts"
import { Questions } from "./questions.ts"
import type { Drawn } from "./screen.ts"
import type { Asked } from "./session-facts.ts"
import { changesOf } from "./set.ts"
import { Tab } from "./tab.ts"
import { Tabs } from "./tabs.ts"
import { Twice } from "./twice.ts"
import { shortFolder, type WelcomeFacts } from "./welcome.ts"

/** What draws the app, and holds the terminal. */
export interface Canvas {
  readonly size: Size
  /** Within a frame's length. */
  soon(): void
  /** The terminal is somebody else's until `act` is over. */
  away<T>(act: () => Promise<T>): Promise<T>
  suspend(): void
  redraw(): void
}

/** Two Ctrl+C within this time quit. */
const TWICE_MS = 2_000

/** What is wanted of a session before there is one waits for it. */
const NEEDS_SESSION: ReadonlySet<Intent["type"]> = new Set(["submit", "command", "shell", "op", "session.new"])

/**
 * What the person sees and does: which session, what is typed, what is open over it. Keys come in, lines go out; the engine
 * and the machine are reached by intents alone.
 */
export class App {
  readonly options: TuiOptions
  readonly canvas: Canvas
  readonly looks = new Looks(DEFAULT_SETTINGS)
  readonly questions: Questions
  readonly tabs = new Tabs()
  /** How blocks are drawn where nothing can be chosen. */
  readonly view: BlockView
  readonly #interrupts = new Twice(TWICE_MS)
  readonly #left = Promise.withResolvers<Left>()
  readonly #held: Intent[] = []
  readonly #notifier: Notifier
  #settings = DEFAULT_SETTINGS
  #panels: readonly Panel[] = []
  #saidCount = 0
  composer: ComposerState = emptyComposer("emacs")
  keymap: Keymap = defaultKeymap()
  /** Until something was said. */
  welcome: WelcomeFacts | undefined
  /** Said by skein itself before there was a session. */
  early: Block[] = []
  hinted: string | undefined
  /** While the whole screen is used instead of the terminal's own scrollback. */
  full: FullView | undefined
  /** What may be said next. */
  suggestion: string | undefined
  branch: string | undefined
  ownStatus: string | undefined
  connected: Connected | undefined
  commands: readonly CommandInfo[] | undefined
  files: readonly string[] | undefined
  prompts: readonly string[] | undefined

  constructor(options: TuiOptions, canvas: Canvas) {
    const { now, home, cwd, version, system } = options
    this.options = options
    this.canvas = canvas
    this.questions = new Questions({ now, home })
    const code = new LazyCode({
      loaded: () => this.#recolored(),
      failed: (language) =>
        this.hint(`Code in ${language} is shown without colors: what reads it could not be loaded.`),
    })
    this.view = { isExpanded: false, isFocused: false, code }
    this.welcome = { version, folder: shortFolder(cwd, home) }
    this.#notifier = new Notifier("never", ({ title, body }) => system.notify(title, body))
  }

  /** When the person left. */
  get left(): Promise<Left> {
    return this.#left.promise
  }

  get tab(): Tab | undefined {
    return this.tabs.current
  }

  get link(): Tab["link"] | undefined {
    return this.tab?.link
  }

  get isBusy(): boolean {
    return this.link?.facts.isRunning === true
  }

  /** What takes the keys in the composer's place. */
  get panel(): Panel | undefined {
    return this.#panels.at(-1) ?? this.questions.panel
  }

  /** The question that is on the screen. */
  get asked(): Asked | undefined {
    const panel = this.#panels.length === 0 ? this.questions.panel : undefined
    return this.link?.facts.approvals.find(({ approvalId }) => approvalId === panel?.approvalId)
  }

  look(): Look {
    return this.looks.at(this.canvas.size.columns, this.options.now())
  }

  draw(): Drawn {
    return drawApp(this, this.look(), this.canvas.size.rows)
  }

  input(input: Input): void {
    if (input.kind === "focus") {
      this.#notifier.isFocused = input.isFocused
      return
    }
    // Somebody types: they are looking, whatever the terminal told last.
    this.#notifier.isFocused = true
    this.hinted = undefined
    const { rows, columns } = this.canvas.size
    const panel = this.#panels.at(-1)
    if (panel !== undefined) return this.#stepped(panel.key(input, rows))
    const asked = this.questions.key(input, rows)
    if (asked !== undefined) return this.#all(asked.kind === "stay" ? [] : asked.intents)
    const { isBusy, keymap, files, prompts, commands } = this
    const context: PressContext = { isBusy, keymap, columns, files, prompts, commands }
    const { state, action, intents = [] } = press(this.composer, input, context)
    this.composer = state
    this.#all(intents)
    if (action !== undefined) this.act(action)
  }

  #stepped(step: PanelStep): void {
    const below = this.#panels.slice(0, -1)
    this.#panels = step.kind === "leave" ? below : [...below, step.panel]
    if (this.#panels.length === 0) this.questions.show()
    if (step.kind !== "stay") this.#all(step.intents)
  }

  act(action: Action): void {
    if (action === "submit" && isEmpty(this.composer) && this.questions.isAside) return this.questions.show()
    if (action === "cancel") return this.#all(this.isBusy ? [{ type: "interrupt" }] : [])
    if (action === "quit") return this.quit()
    if (action === "interrupt") return this.#interrupt()
    if (action === "sidebar") return this.#toggleSidebar()
    if (action === "copy.answer") return this.#copyAnswer()
    if (action === "queue.edit") return this.#takeBack()
    if (action.startsWith("scroll.")) return this.#scroll(action)
    this.#all(intentsFor(action, this.link?.facts, this.full !== undefined))
  }

  #interrupt(): void {
    if (this.isBusy) return this.#all([{ type: "interrupt" }])
    if (this.#interrupts.pressed(this.options.now())) return this.quit()
    this.hint("Ctrl+C again quits; the session is kept.")
  }

  #copyAnswer(): void {
    const text = this.link?.answer
    if (text === undefined) this.hint("There is no answer to copy yet.")
    else this.do({ type: "copy", text, what: "the last answer" })
  }

  /** The newest input that waits is typed again. */
  #takeBack(): void {
    const waiting = this.link?.facts.queue.at(-1)
    if (waiting === undefined) this.hint("Nothing waits for its turn.")
    else this.do({ type: "queue.edit", inputId: waiting.inputId })
  }

  #toggleSidebar(): void {
    if (this.full !== undefined) this.full.hasSidebar = !this.full.hasSidebar
    else void this.takeScreen().then(() => this.#toggleSidebar())
  }

  /** Inline the terminal scrolls by itself; keys for it lead into the transcript. */
  #scroll(action: Action): void {
    const { full, link } = this
    if (full === undefined) return this.#all([{ type: "open", what: "viewer" }])
    full.scroll(action, link, this.look(), this.canvas.size.rows)
  }

  #all(intents: readonly Intent[]): void {
    for (const intent of intents) this.do(intent)
  }

  do(intent: Intent): void {
    if (this.link === undefined && NEEDS_SESSION.has(intent.type)) {
      this.#held.push(intent)
      return
    }
    doIntent(intent, this).then(
      () => this.canvas.soon(),
      (error: unknown) => this.failed(error),
    )
  }

  async arrived(connected: Connected): Promise<void> {
    const { settings, sessionId, isNew } = connected
    this.connected = connected
    this.use(settings)
    connected.onSettings?.((changed) => this.use(changed))
    await this.enter(sessionId, isNew, "here")
    this.#all(this.#held.splice(0))
    await gather(this)
  }

  /** What the person set. What they did not change since is as they left it on the screen. */
  use(settings: TuiSettings): void {
    const { changed, keymap, editing, problems } = changesOf(this.#settings, settings)
    this.#settings = settings
    this.looks.set(changed)
    this.#notifier.when = settings.notifications
    if (keymap !== undefined) this.keymap = keymap
    if (editing !== undefined) this.composer = { ...this.composer, editing }
    for (const problem of problems) this.tell(problem, "warning")
    this.canvas.soon()
  }

  /** Goes on in another session; what runs in the one before ends, unless the other has a tab of its own. */
  async enter(sessionId: SessionId, isNew: boolean, place: "here" | "tab"): Promise<void> {
    const { connected, tabs } = this
    if (connected === undefined) throw new Error("A session was entered before there was an engine")
    const { engine, clientId } = connected
    if (!tabs.goTo(sessionId)) {
      const onFailure = (error: unknown) => this.failed(error)
      const onEvent = (event: Event) => this.#heard(event)
      const tab = await Tab.open({ engine, sessionId, clientId, onEvent, onFailure }, isNew, this.view)
      const before = place === "here" ? tabs.replace(tab) : tabs.add(tab)
      await before?.leave(engine)
    }
    // Several sessions at once need a screen of their own.
    if (tabs.all.length > 1 && this.full === undefined) await this.takeScreen()
    await this.seen()
  }

  /** Another tab is on the screen. */
  async seen(): Promise<void> {
    this.#followQuestions()
    const { full, connected, link } = this
    if (full !== undefined && !full.shows(link)) await this.takeScreen(connected, link)
    this.canvas.soon()
  }

  /** The whole screen from here on; the terminal's own scrollback again without a session. */
  async takeScreen(connected = this.connected, link = this.link): Promise<void> {
    if (connected === undefined || link === undefined) return
    const hasSidebar = this.full?.hasSidebar ?? false
    this.full = await FullView.open(connected.engine, link, this.view)
    this.full.hasSidebar = hasSidebar
    this.canvas.soon()
  }

  #heard(event: Event): void {
    if (event.type === "approval.requested" || event.type === "approval.resolved") this.#followQuestions()
    this.#notifier.heard(event, this.tabs.titleOf(event.sessionId))
    if (this.link?.sessionId === event.sessionId) this.canvas.soon()
  }

  /** Of every session that is open; those of another than the one that is seen say which. */
  #followQuestions(): void {
    const pending = this.tabs.all.flatMap((tab) => tab.asked(tab === this.tab))
    this.questions.follow(pending, this.#panels.length > 0)
  }

  /** An answer was not taken. */
  askAgain(approvalId: ApprovalId): void {
    this.questions.again(approvalId)
    this.#followQuestions()
  }

  /** A line of skein's own, in the transcript. */
  tell(text: string, level: "info" | "warning" | "error" = "info"): void {
    this.#add({ kind: "notice", id: this.#ownId(), isFinal: true, level, text })
  }

  /** What a command gave. */
  show(title: string, text: string): void {
    this.#add({ kind: "shown", id: this.#ownId(), isFinal: true, title, text })
  }

  #ownId(): string {
    this.#saidCount++
    return `own:${this.#saidCount}`
  }

  #add(block: Block): void {
    if (this.link === undefined) this.early.push(block)
    else this.link.transcript.add(block)
    this.canvas.soon()
  }

  #recolored(): void {
    this.full?.scroller.forget()
    this.canvas.soon()
  }

  /** Below the composer, until the next key. */
  hint(text: string): undefined {
    this.hinted = text
    this.canvas.soon()
  }

  open(panel: Panel): void {
    this.#panels = [...this.#panels, panel]
    this.canvas.soon()
  }

  quit(by: Left["by"] = "person"): void {
    this.#left.resolve({ by, isKept: true })
  }

  failed(error: unknown): void {
    this.#left.resolve({ by: "person", isKept: true, failure: error })
  }
}
