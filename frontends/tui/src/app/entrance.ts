import type { Frame, Input, TerminalFacts } from "@skein/term"
import { emptyComposer } from "../composer/state.ts"
import { composerView } from "../composer/view.ts"
import type { Look } from "../view/look.ts"
import { shortPath } from "../view/text/path.ts"
import { liveFrame } from "./live.ts"
import { Looks } from "./looks.ts"
import { DEFAULT_SETTINGS, type TuiOptions } from "./options.ts"
import type { Drawn } from "./screen.ts"
import type { Seated } from "./seated.ts"
import { statusLines } from "./status.ts"
import { welcomeLines } from "./welcome.ts"

/** What is seen until the app is loaded: the same frame that it draws first. What comes in meanwhile is kept for it. */
export class Entrance implements Seated {
  readonly #options: TuiOptions
  readonly #looks: Looks
  readonly #inputs: Input[] = []
  #facts: TerminalFacts | undefined
  #behind: Seated | undefined

  constructor(options: TuiOptions) {
    this.#options = options
    this.#looks = new Looks(DEFAULT_SETTINGS, options.env)
  }

  leadTo(behind: Seated): void {
    this.#behind = behind
    if (this.#facts !== undefined) behind.learned(this.#facts)
    if (this.#inputs.length > 0) behind.take(this.#inputs.splice(0))
  }

  draw(): Drawn {
    if (this.#behind !== undefined) return this.#behind.draw()
    const { terminal, now } = this.#options
    const { size } = terminal
    const frame = firstFrame(this.#options, this.#looks.at(size, now()), size.rows)
    return { extent: "inline", finished: [], frame }
  }

  take(inputs: readonly Input[]): void {
    if (this.#behind === undefined) this.#inputs.push(...inputs)
    else this.#behind.take(inputs)
  }

  reread(): void {
    this.#behind?.reread()
  }

  returned(): void {
    this.#behind?.returned()
  }

  learned(facts: TerminalFacts): void {
    this.#facts = facts
    this.#behind?.learned(facts)
  }

  isMoving(): boolean {
    return this.#behind?.isMoving() ?? false
  }
}

function firstFrame({ version, cwd, home }: TuiOptions, look: Look, rows: number): Frame {
  const rowsMax = Math.max(Math.floor(rows / 3), 1)
  const status = { session: undefined, calls: [], isAnswering: false, turnStartedAt: undefined, folder: "" }
  return liveFrame(
    {
      welcome: welcomeLines({ version, folder: shortPath(cwd, home) }, look),
      ...{ blocks: [], queue: [] },
      desk: composerView(emptyComposer("emacs"), look, { rowsMax, isBusy: false }),
      status: statusLines(status, look),
    },
    look,
    rows,
  )
}
