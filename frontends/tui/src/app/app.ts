import { SkeinError } from "@skein/protocol"
import type { Input } from "@skein/term"
import { isNamingFile } from "../composer/complete.ts"
import type { CommandEntry } from "../composer/context.ts"
import { type ComposerState, emptyComposer, isEmpty } from "../composer/state.ts"
import type { Intent } from "../intent.ts"
import type { Keymap } from "../keys/actions.ts"
import { defaultKeymap } from "../keys/defaults.ts"
import type { Block } from "../transcript/block.ts"
import type { BlockView } from "../view/blocks/view.ts"
import type { Look } from "../view/look.ts"
import { shortPath } from "../view/text/path.ts"
import { blockViewOf } from "./block-view.ts"
import { connect } from "./connecting.ts"
import type { Canvas, Desk } from "./desk.ts"
import { doIntent } from "./doing.ts"
import { drawApp } from "./drawing.ts"
import { Front } from "./front.ts"
import { FullView } from "./full/full-view.ts"
import { gather } from "./greeting.ts"
import type { Interviewed, Interviews } from "./interviews.ts"
import { Looks } from "./looks.ts"
import { type Connected, DEFAULT_SETTINGS, type Left, type TuiOptions, type TuiSettings } from "./options.ts"
import { Outgoing } from "./outgoing.ts"
import { Pictures } from "./pictures/pictures.ts"
import type { Drawn } from "./screen.ts"
import type { Asked } from "./session-facts.ts"
import type { SessionLink } from "./session-link.ts"
import { Sessions } from "./sessions.ts"
import { changesOf, screenIntent } from "./set.ts"
import { Sleep } from "./sleep.ts"
import { lookAround } from "./surroundings.ts"
import { Twice } from "./twice.ts"
import { typed } from "./typed.ts"
import type { WelcomeFacts } from "./welcome.ts"

/** Two Ctrl+C within this time quit, with no other key between them. */
const TWICE_MS = 2_000

/** What the person sees and does. Keys come in, lines go out; the engine and the machine are reached by intents alone. */
export class App implements Desk {
  readonly options: TuiOptions
  readonly canvas: Canvas
  readonly looks: Looks
  readonly pictures = new Pictures()
  /** How blocks are drawn where nothing can be chosen. */
  readonly view: BlockView
  readonly sessions: Sessions
  readonly front: Front
  #interviews: Promise<Interviews> | undefined
  readonly interrupts = new Twice(TWICE_MS)
  readonly #left = Promise.withResolvers<Left>()
  readonly outgoing = new Outgoing()
  readonly sleep = new Sleep(() => connect(this))
  #settings = DEFAULT_SETTINGS
  #saidCount = 0
  composer: ComposerState = emptyComposer("emacs")
  keymap: Keymap = defaultKeymap()
  /** Until something was said. */
  welcome: WelcomeFacts | undefined
  /** Said by skein itself before there was a session. */
  early: Block[] = []
  /** Below the composer, until the next key. */
  hinted: string | undefined
  /** While the whole screen is used instead of the terminal's own scrollback. */
  full: FullView | undefined
  isOver = false
  branch: string | undefined
  ownStatus: string | undefined
  commands: readonly CommandEntry[] | undefined
  files: readonly string[] | undefined
  prompts: readonly string[] | undefined

  constructor(options: TuiOptions, canvas: Canvas) {
    this.options = options
    this.looks = new Looks(DEFAULT_SETTINGS, options.env)
    this.canvas = canvas
    this.welcome = { version: options.version, folder: shortPath(options.cwd, options.home) }
    this.view = blockViewOf(this)
    this.sessions = new Sessions(options, this.view, {
      ...{ changed: () => canvas.soon(), taken: () => canvas.now() },
      switched: () => this.#switched(),
      turned: async () => this.#lookAround(),
      failed: (error) => this.failed(error),
      stumbled: (error) => this.stumbled(error),
      tell: (text) => this.tell(text, "warning"),
      hasPanel: () => this.front.hasPanel,
      interviewed: (asked) => this.#interviewed(asked),
      settled: (callId) => void this.#interviews?.then((interviews) => interviews.settled(callId)),
      isTyping: () => !isEmpty(this.composer),
      release: (input) => this.do({ type: "type", inputs: [input] }),
    })
    this.front = new Front(this.sessions.questions, () => canvas.soon())
  }

  #interviewed(asked: Interviewed): void {
    const { front, options } = this
    this.#interviews ??= import("./interviews.ts").then(({ Interviews }) => new Interviews({ front, now: options.now }))
    this.#interviews.then((interviews) => interviews.begin(asked)).catch((error: unknown) => this.stumbled(error))
  }

  /** When the person left. */
  get left(): Promise<Left> {
    return this.#left.promise
  }

  get connected(): Connected | undefined {
    return this.sessions.connected
  }

  /** The session that is seen. */
  get link(): SessionLink | undefined {
    return this.sessions.link
  }

  get isBusy(): boolean {
    return this.link?.facts.isRunning === true
  }

  get isMoving(): boolean {
    return !this.looks.isStill && (this.isBusy || (this.link?.transcript.calls.length ?? 0) > 0)
  }

  /** The question that is on the screen. */
  get asked(): Asked | undefined {
    return this.link?.facts.approvals.find(({ approvalId }) => approvalId === this.front.approvalId)
  }

  look(): Look {
    return this.looks.at(this.canvas.size, this.options.now())
  }

  draw(): Drawn {
    this.front.rise()
    return this.pictures.drawn(drawApp(this, this.look(), this.canvas.size.rows))
  }

  input(input: Input): void {
    // Who types is looking, whatever the terminal told last.
    this.sessions.isFocused = input.kind === "focus" ? input.isFocused : true
    // Whoever comes back may have changed files elsewhere.
    if (input.kind === "focus") return input.isFocused ? this.#lookAround() : undefined
    if (this.front.panel === undefined && this.sleep.waits(input, isEmpty(this.composer))) return
    this.hinted = undefined
    this.interrupts.heard(input, this.keymap)
    const wasNaming = isNamingFile(this.composer)
    typed(input, this)
    // Whoever names a file is offered what came since, as soon as it is known.
    if (!wasNaming && isNamingFile(this.composer)) this.#lookAround()
  }

  /** Makes the engine, if nothing has made it yet. */
  wake(): void {
    this.sleep.wake()
  }

  ready(): void {
    for (const input of this.sleep.over()) this.input(input)
    this.canvas.soon()
  }

  /** What may be said next, once nothing runs. */
  get suggestion(): string | undefined {
    return this.isBusy ? undefined : this.link?.facts.suggestion
  }

  all(intents: readonly Intent[]): void {
    for (const intent of intents) this.do(intent)
  }

  do(intent: Intent): void {
    if (this.outgoing.holds(intent, this.link)) return this.send()
    this.#carryOut(intent, this.link)
  }

  /** What waited to be sent and can be now. */
  send(): void {
    for (let next = this.outgoing.next(this); next !== undefined; next = this.outgoing.next(this)) {
      this.#carryOut(next.intent, next.link)
    }
    this.canvas.soon()
  }

  #carryOut(intent: Intent, link: SessionLink | undefined): void {
    doIntent(intent, this, link).then(
      () => this.canvas.soon(),
      (error: unknown) => this.stumbled(error),
    )
  }

  async arrived(connected: Connected): Promise<void> {
    this.use(connected.settings)
    connected.onSettings?.((changed) => this.use(changed))
    await this.sessions.connect(connected)
    if (this.options.screen === "full") await this.takeScreen()
    this.send()
    await gather(this)
  }

  /** What the person set. What they did not change since is as they left it on the screen. */
  use(settings: TuiSettings): void {
    const { changed, keymap, editing, problems } = changesOf(this.#settings, settings)
    const { screen } = this.#settings
    this.#settings = settings
    this.looks.set(changed)
    this.sessions.notify(settings.notifications)
    if (keymap !== undefined) this.keymap = keymap
    if (editing !== undefined) this.composer = { ...this.composer, editing }
    if (screen !== undefined && changed.screen !== undefined) this.do(screenIntent(changed.screen, this.link))
    for (const problem of problems) this.tell(problem, "warning")
    if ("statusCommand" in changed || "includedPaths" in changed) this.#lookAround()
    this.canvas.soon()
  }

  #lookAround(): void {
    lookAround(this).catch((error: unknown) => this.stumbled(error))
  }

  /** Another session is seen; several at once need a screen of their own. */
  async #switched(): Promise<void> {
    const isAlone = this.sessions.tabs.all.length < 2
    this.#lookAround()
    if (this.full === undefined ? !isAlone : !this.full.shows(this.link)) await this.takeScreen()
    this.canvas.soon()
  }

  /** The whole screen from here on. */
  async takeScreen(): Promise<void> {
    const { connected, link, full } = this
    if (connected === undefined || link === undefined) return
    for (const block of this.early.splice(0)) link.transcript.add(block)
    const opened = await FullView.open(connected.engine, link, this.view)
    // Another session came to be seen meanwhile.
    if (this.link !== link) return this.takeScreen()
    this.full = opened
    this.full.hasSidebar = full?.hasSidebar ?? false
    this.canvas.soon()
  }

  /** A line of skein's own, in the transcript. */
  tell(text: string, level: "info" | "warning" | "error" = "info"): void {
    this.#add({ kind: "notice", ...this.#own(), level, text })
  }

  /** What a command gave. */
  show(title: string, text: string): void {
    this.#add({ kind: "shown", ...this.#own(), title, text })
  }

  #own = () => ({ id: `own:${this.#saidCount++}`, isFinal: true }) as const

  #add(block: Block): void {
    if (this.link === undefined) this.early.push(block)
    else this.link.transcript.add(block)
    this.canvas.soon()
  }

  hint(text: string): undefined {
    this.hinted = text
    this.canvas.soon()
  }

  quit(by: Left["by"] = "person"): void {
    this.#left.resolve({ by, isKept: true })
  }

  /** What could not be done is told; a defect ends it. */
  stumbled(error: unknown): void {
    if (error instanceof SkeinError) this.tell(error.message, "warning")
    else this.failed(error)
  }

  failed(error: unknown): void {
    this.#left.resolve({ by: "person", isKept: true, failure: error })
  }
}
