import type { Size } from "@skein/term"
import type { CommandEntry } from "../composer/context.ts"
import type { ComposerState } from "../composer/state.ts"
import type { Intent } from "../intent.ts"
import type { Keymap } from "../keys/actions.ts"
import type { Panel } from "../panels/panel.ts"
import type { Block } from "../transcript/block.ts"
import type { BlockView } from "../view/blocks/view.ts"
import type { Look } from "../view/look.ts"
import type { FullView } from "./full/full-view.ts"
import type { Looks } from "./looks.ts"
import type { Connected, Left, TuiOptions, TuiSettings } from "./options.ts"
import type { Outgoing } from "./outgoing.ts"
import type { Wished } from "./panels.ts"
import type { Asked } from "./session-facts.ts"
import type { SessionLink } from "./session-link.ts"
import type { Sessions } from "./sessions.ts"
import type { Twice } from "./twice.ts"
import type { WelcomeFacts } from "./welcome.ts"

/** What draws the app, and holds the terminal. */
export interface Canvas {
  readonly size: Size
  /** Within a frame's length. */
  soon(): void
  /** What a person did is seen without waiting for a frame's length. */
  now(): void
  /** The terminal is somebody else's until `act` is over. */
  away<T>(act: () => Promise<T>): Promise<T>
  suspend(): Promise<void>
  redraw(): void
}

/** Where the person sits: all that is on the screen or behind it. Each part of the app works on this, and one makes it. */
export interface Desk {
  readonly options: TuiOptions
  readonly canvas: Canvas
  readonly looks: Looks
  /** How blocks are drawn where nothing can be chosen. */
  readonly view: BlockView
  readonly sessions: Sessions
  readonly interrupts: Twice
  /** What was sent and cannot go yet. */
  readonly outgoing: Outgoing
  readonly connected: Connected | undefined
  /** The session that is seen. */
  readonly link: SessionLink | undefined
  readonly isBusy: boolean
  /** What takes the keys in the composer's place. */
  readonly panel: Panel | undefined
  /** The question that is on the screen. */
  readonly asked: Asked | undefined
  /** What may be said next. */
  readonly suggestion: string | undefined
  composer: ComposerState
  keymap: Keymap
  /** Until something was said. */
  welcome: WelcomeFacts | undefined
  /** Said by skein itself before there was a session. */
  early: Block[]
  /** Below the composer, until the next key. */
  hinted: string | undefined
  /** While the whole screen is used instead of the terminal's own scrollback. */
  full: FullView | undefined
  /** The person left: what the terminal keeps is drawn once more. */
  isOver: boolean
  branch: string | undefined
  ownStatus: string | undefined
  commands: readonly CommandEntry[] | undefined
  files: readonly string[] | undefined
  prompts: readonly string[] | undefined
  look(): Look
  /** What the person set. */
  use(settings: TuiSettings): void
  /** What is offered and what was said before is known: keys mean what they will mean. */
  ready(): void
  do(intent: Intent): void
  all(intents: readonly Intent[]): void
  /** What waited to be sent and can be now. */
  send(): void
  /** A line of skein's own, in the transcript. */
  tell(text: string, level?: "info" | "warning" | "error"): void
  /** What a command gave. */
  show(title: string, text: string): void
  hint(text: string): undefined
  /** What was refused is told; what nobody expected ends the screen. */
  stumbled(error: unknown): void
  /** What nobody expected ends the screen, and is told after it. */
  failed(error: unknown): void
  open(panel: Panel): void
  /** Opens what asks the person something: behind a question that is on the screen. */
  ask(panel: Panel): void
  /**
   * Has something made ready, and says whether it still is what the person wants, and would cover no question that came
   * meanwhile. Undefined when the same is made ready already.
   */
  wished<T>(what: unknown, make: () => Promise<T>): Promise<Wished<T> | undefined>
  /** What puts another panel in the place of the one that is open now; nothing when that was left meanwhile. */
  replacing(): (panel: Panel) => void
  takeScreen(): Promise<void>
  quit(by?: Left["by"]): void
}
