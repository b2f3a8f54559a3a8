import type { CommandInfo, Event, SessionId } from "@skein/protocol"
import type { Input, Line, Size } from "@skein/term"
import type { PressContext } from "../composer/context.ts"
import { press } from "../composer/press.ts"
import { type ComposerState, isEmpty } from "../composer/state.ts"
import type { Intent } from "../intent.ts"
import type { Action, Keymap } from "../keys/actions.ts"
import type { Panel, PanelStep } from "../panels/panel.ts"
import type { Look } from "../view/look.ts"
import { intentsFor } from "./action-intents.ts"
import type { Desk } from "./desk.ts"
import { doIntent } from "./doing.ts"
import { drawApp } from "./drawing.ts"
import { Looks } from "./looks.ts"
import { Notifier } from "./notify.ts"
import { type Connected, DEFAULT_SETTINGS, type Left, type TuiOptions } from "./options.ts"
import { Questions } from "./questions.ts"
import type { Drawn } from "./screen.ts"
import { Tab } from "./tab.ts"
import { Twice } from "./twice.ts"
import type { WelcomeFacts } from "./welcome.ts"

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

/**
 * What the person sees and does: which session, what is typed, what is open over it. Keys come in, lines go out; the engine
 * and the machine are reached by intents alone.
 */
export class App implements Desk {
  readonly options: TuiOptions
  readonly canvas: Canvas
  readonly looks = new Looks(DEFAULT_SETTINGS, false)
  readonly questions: Questions
  readonly #interrupts = new Twice(TWICE_MS)
  readonly #left = Promise.withResolvers<Left>()
  readonly #held: Intent[] = []
  #notifier: Notifier
  #panels: readonly Panel[] = []
  #tabs: readonly Tab[] = []
  #place = 0
  composer: ComposerState
  keymap: Keymap
  welcome: WelcomeFacts | undefined
  /** Lines of skein's own from before there was a session. */
  said: Line[] = []
  hinted: string | undefined
  branch: string | undefined
  ownStatus: string | undefined
  connected: Connected | undefined
  commands: readonly CommandInfo[] = []
  files: readonly string[] | undefined
  prompts: readonly string[] | undefined

  constructor(options: TuiOptions, canvas: Canvas, composer: ComposerState, keymap: Keymap) {
    const { now, home, cwd, version, system } = options
    this.options = options
    this.canvas = canvas
    this.composer = composer
    this.keymap = keymap
    this.questions = new Questions({ now, home })
    this.welcome = { version, folder: shortFolder(cwd, home) }
    this.#notifier = new Notifier("never", ({ title, body }) => system.notify(title, body))
  }

  /** When the person left. */
  get left(): Promise<Left> {
    return this.#left.promise
  }

  get tab(): Tab | undefined {
    return this.#tabs[this.#place]
  }

  get tabs(): readonly Tab[] {
    return this.#tabs
  }

  get place(): number {
    return this.#place
  }

  get link(): Tab["link"] | undefined {
    return this.tab?.link
  }

  /** What takes the keys in the composer's place. */
  get panel(): Panel | undefined {
    return this.#panels.at(-1) ?? this.questions.panel
  }

  /** A spinner turns, or a clock runs. */
  get isMoving(): boolean {
    return this.link?.facts.isRunning === true && !this.looks.isStill
  }

  look(): Look {
    return this.looks.at(this.canvas.size.columns, this.options.now())
  }

  draw(): Drawn {
    return drawApp(this, this.look(), this.canvas.size.rows)
  }

  input(input: Input): void {
    if (input.kind === "reply") return this.looks.answered(input.reply)
    if (input.kind === "focus") {
      this.#notifier.isFocused = input.isFocused
      return
    }
    this.hinted = undefined
    const { rows } = this.canvas.size
    const panel = this.#panels.at(-1)
    if (panel !== undefined) return this.#stepped(panel.key(input, rows))
    const asked = this.questions.key(input, rows)
    if (asked !== undefined) return this.#all(asked.kind === "stay" ? [] : asked.intents)
    const { state, action, intents = [] } = press(this.composer, input, this.#pressContext())
    this.composer = state
    this.#all(intents)
    if (action !== undefined) this.#act(action)
  }

  #pressContext(): PressContext {
    const { keymap, commands, files, prompts } = this
    const isBusy = this.link?.facts.isRunning === true
    return { isBusy, keymap, columns: this.canvas.size.columns, files, prompts, commands }
  }

  #stepped(step: PanelStep): void {
    const below = this.#panels.slice(0, -1)
    this.#panels = step.kind === "leave" ? below : [...below, step.panel]
    if (step.kind === "leave" && this.#panels.length === 0) this.questions.show()
    if (step.kind !== "stay") this.#all(step.intents)
  }

  #act(action: Action): void {
    const { link } = this
    if (action === "submit" && isEmpty(this.composer) && this.questions.isAside) return this.questions.show()
    if (action === "cancel") return this.#all(link?.facts.isRunning === true ? [{ type: "interrupt" }] : [])
    if (action === "quit") return this.quit()
    if (action === "interrupt") return this.#interrupt()
    this.#all(intentsFor(action, link?.facts))
  }

  #interrupt(): void {
    if (this.link?.facts.isRunning === true) return this.#all([{ type: "interrupt" }])
    if (this.#interrupts.pressed(this.options.now())) return this.quit()
    this.hint("Ctrl+C again quits; the session is kept.")
  }

  #all(intents: readonly Intent[]): void {
    for (const intent of intents) this.do(intent)
  }

  /** What needs a session waits for it. */
  do(intent: Intent): void {
    if (this.connected === undefined && NEEDS_SESSION.has(intent.type)) {
      this.#held.push(intent)
      return
    }
    doIntent(intent, this).then(
      () => this.canvas.soon(),
      (error: unknown) => this.#failed(error),
    )
  }

  async arrived(connected: Connected): Promise<void> {
    this.connected = connected
    const { settings } = connected
    this.looks.set(settings)
    this.#notifier = new Notifier(settings.notifications, ({ title, body }) => this.options.system.notify(title, body))
    await this.enter(connected.sessionId, connected.isNew, "here")
    this.commands = await connected.engine.ask({ type: "commands.list" })
    this.#all(this.#held.splice(0))
  }

  async enter(sessionId: SessionId, isNew: boolean, place: "here" | "tab"): Promise<void> {
    const { connected } = this
    if (connected === undefined) throw new Error("A session was entered before there was an engine")
    const known = this.#tabs.findIndex(({ link }) => link.sessionId === sessionId)
    if (known >= 0) return this.go(known)
    const { engine, clientId } = connected
    const onEvent = (event: Event) => this.#heard(event)
    const onFailure = (error: unknown) => this.#failed(error)
    const tab = await Tab.open({ engine, sessionId, clientId, onEvent, onFailure }, isNew)
    const before = place === "here" ? this.tab : undefined
    const at = before === undefined ? this.#tabs.length : this.#place
    this.#tabs = before === undefined ? [...this.#tabs, tab] : this.#tabs.with(this.#place, tab)
    await before?.leave(engine)
    this.go(at)
  }

  go(place: number): void {
    this.#place = Math.max(0, Math.min(place, this.#tabs.length - 1))
    this.tab?.redrawn()
    this.#followQuestions()
    this.canvas.soon()
  }

  async closeTab(): Promise<void> {
    const { tab, connected } = this
    if (tab === undefined || connected === undefined) return
    if (this.#tabs.length === 1) return this.quit()
    this.#tabs = this.#tabs.toSpliced(this.#place, 1)
    this.go(Math.min(this.#place, this.#tabs.length - 1))
    await tab.leave(connected.engine)
  }

  #heard(event: Event): void {
    const { link } = this
    if (event.type === "approval.requested" || event.type === "approval.resolved") this.#followQuestions()
    this.#notifier.heard(event, link?.facts.title ?? "")
    if (link?.sessionId === event.sessionId) this.canvas.soon()
  }

  /** Of every session that is open; those of another than the one that is seen say which. */
  #followQuestions(): void {
    const pending = this.#tabs.flatMap((tab) => tab.asked(tab === this.tab))
    this.questions.follow(pending, this.#panels.length > 0)
  }

  tell(text: string, level: "info" | "warning" | "error" = "info"): void {
    this.#add({ kind: "notice", id: this.#ownId(), isFinal: true, level, text })
  }

  show(title: string, text: string): void {
    this.#add({ kind: "shown", id: this.#ownId(), isFinal: true, title, text })
  }

  #owned = 0
  #ownId(): string {
    this.#owned++
    return `own:${this.#owned}`
  }

  #add(block: Parameters<Tab["link"]["transcript"]["add"]>[0]): void {
    if (this.tab === undefined) this.early.push(block)
    else this.tab.link.transcript.add(block)
    this.canvas.soon()
  }

  readonly early: Parameters<Tab["link"]["transcript"]["add"]>[0][] = []

  hint(text: string): void {
    this.hinted = text
    this.canvas.soon()
  }

  open(panel: Panel): void {
    this.#panels = [...this.#panels, panel]
    this.canvas.soon()
  }

  redraw(): void {
    this.canvas.redraw()
  }

  quit(): void {
    this.#left.resolve({ isKept: true })
  }

  #failed(error: unknown): void {
    this.#left.resolve({ isKept: true, failure: error })
  }
}
