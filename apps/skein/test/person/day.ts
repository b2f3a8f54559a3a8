import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Driven } from "@skein/term/driven"
import { keepPicture } from "../../src/verbs/terminal-app/picture.ts"
import { seated } from "../ground/screen.ts"
import { type Talking, talking } from "../ground/talking.ts"
import { obliging, TALE_POINTS } from "./model.ts"

/** How quick the person is. */
export interface Pace {
  /** Between two keys. */
  readonly keyMs: number
  /** Before something else is done. */
  readonly thinkingMs: number
  /** Of a tale, each of some words. */
  readonly piecesPerSecond: number
}

export interface DayOptions {
  readonly pace: Pace
  /** What is not always the same of a person is thrown. */
  readonly roll: (sides: number) => number
  /** Where screens are kept as text and as pictures; nowhere when absent. */
  readonly album?: string | undefined
}

export const SIZE = { columns: 100, rows: 30 } as const
/** A terminal that wraps no old row anew when it is resized, as the emulator does not. */
const SEAT = { ...SIZE, env: { TERM_PROGRAM: "mintty" } }

/** A person's time with one session, through as many processes as it takes. */
export class Day {
  readonly talk: Talking
  readonly #options: DayOptions
  #driven: Driven
  #number = 0
  #kept = 0
  /** What was said to its end in this process: each line of it stands once. */
  #finished: string[] = []

  constructor(options: DayOptions) {
    this.#options = options
    this.talk = talking(obliging(options.pace.piecesPerSecond))
    this.#driven = seated(this.talk.scene, SEAT)
  }

  get driven(): Driven {
    return this.#driven
  }

  get finished(): readonly string[] {
    return this.#finished
  }

  /** A number that was never used. */
  next(): number {
    return ++this.#number
  }

  /** The session again, in a new process, once what was said last is there. */
  async again(said: string): Promise<void> {
    await this.#driven.close()
    this.#finished = []
    this.#driven = seated(this.talk.scene, { ...SEAT, args: ["resume", "--last"] })
    await this.sees(said)
    await this.isIdle()
  }

  /** As hands type. */
  async type(text: string): Promise<void> {
    const { keyMs } = this.#options.pace
    if (keyMs === 0) this.#driven.type(text)
    else {
      for (const key of text) {
        this.#driven.type(key)
        await Bun.sleep(this.#about(keyMs))
      }
    }
    await this.#driven.waitFor(text)
  }

  /** A line that is seen before `key` is pressed. */
  async say(line: string, key = "enter"): Promise<void> {
    await this.type(line)
    await this.#driven.waitFor(`› ${line}`)
    await this.#driven.waitStable(60)
    this.#driven.press(key)
  }

  sees(wanted: string | RegExp): Promise<number> {
    return this.#driven.waitFor(wanted, PATIENCE_MS)
  }

  gone(text: string): Promise<number> {
    return this.#driven.until((seen) => !seen.includes(text), `no ${text}`, PATIENCE_MS)
  }

  /** Nothing runs, and one may type. */
  async isIdle(): Promise<void> {
    await this.#driven.until(isIdle, "an idle screen", PATIENCE_MS)
    await this.#driven.waitStable(80)
  }

  /** A question that could be read. */
  async isAsked(): Promise<void> {
    await this.sees(/y +once/)
    await Bun.sleep(READING_MS)
  }

  /** The lines of a tale that came to its end. */
  heard(number: number): void {
    this.#finished.push(...TALE_POINTS.map((point) => `Tale ${number} ${point},`), `Tale ${number} ends.`)
  }

  /** A line that is finished. */
  stays(line: string): void {
    this.#finished.push(line)
  }

  thinks(): Promise<void> {
    const { thinkingMs } = this.#options.pace
    return Bun.sleep(this.#about(thinkingMs))
  }

  /** From half of it to as much again. */
  #about(ms: number): number {
    return ms * (0.5 + this.#options.roll(1_000) / 1_000)
  }

  keep(name: string): void {
    const { album } = this.#options
    if (album === undefined) return
    const file = `${String(++this.#kept).padStart(4, "0")}-${name.replace(/\W+/g, "-")}`
    mkdirSync(album, { recursive: true })
    writeFileSync(join(album, `${file}.txt`), `${this.#driven.text()}\n`)
    // Pictures cost a process each: of what comes again and again, the first are enough.
    const { driven } = this
    if (this.#kept <= PICTURES_MAX)
      keepPicture(album, file, { cells: driven.cells(), size: driven.size, caret: driven.caret() })
  }

  async end(): Promise<void> {
    await this.#driven.close()
    this.talk[Symbol.dispose]()
  }
}

const PATIENCE_MS = 60_000
/** A question counts when it could be read: 400 milliseconds. */
const READING_MS = 600
const PICTURES_MAX = 80

function isIdle(text: string): boolean {
  const rows = text.split("\n")
  return /^ {2}(\? keys|\S.* · .*)/.test(rows.at(-1) ?? "") && /^› ?/m.test(text) && !text.includes("esc stop")
}
