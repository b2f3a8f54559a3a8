import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Frame, inlineSurface, type Line } from "../src/index.ts"

/** A real multiplexer, which wraps every row again. Started for long runs only. */
const isRun = process.env.SKEIN_SOAK === "1" && Bun.which("tmux") !== null
const RESIZES = 300

/** No wide characters: tmux 3.3 loses the place of its cursor when it joins rows that those were wrapped into. */
const WORDS = ["clock", "debounce", "naïve", "─────", "a", "supercalifragilistic"]

describe.skipIf(!isRun)("in tmux", () => {
  const folder = mkdtempSync(join(tmpdir(), "skein-tmux-"))
  const socket = join(folder, "socket")
  const pipe = join(folder, "pipe")
  let screen = -1

  beforeAll(() => {
    Bun.spawnSync(["mkfifo", pipe])
    const start = ["new-session", "-d", "-x", "80", "-y", "24", `stty raw -echo; exec cat ${pipe}`]
    tmux("-f", "/dev/null", "set", "-g", "history-limit", "50000", ";", "set", "-g", "status", "off", ";", ...start)
    resize(80, 24)
    screen = openSync(pipe, "r+")
  })

  afterAll(() => {
    if (screen >= 0) closeSync(screen)
    Bun.spawnSync(["tmux", "-S", socket, "kill-server"])
    rmSync(folder, { recursive: true, force: true })
  })

  function tmux(...words: readonly string[]): string {
    const { exitCode, stdout, stderr } = Bun.spawnSync(["tmux", "-S", socket, ...words])
    if (exitCode !== 0) throw new Error(`tmux ${words[0]}: ${stderr}`)
    return stdout.toString()
  }

  function resize(columns: number, rows: number): void {
    tmux("resize-window", "-x", String(columns), "-y", String(rows))
  }

  /** A title is set in order with everything else, so when it is there, what came before it is. */
  function waitFor(title: string): void {
    writeSync(screen, `\u001b]2;${title}\u001b\\`)
    for (let asked = 0; asked < 2_000; asked++) {
      if (tmux("display", "-p", "#{pane_title}").trim() === title) return
    }
    throw new Error(`tmux has not come to ${title}`)
  }

  test("through resizes every finished line is there once and in order", () => {
    let state = 1
    const roll = (sides: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return Math.floor((state / 2 ** 32) * sides)
    }
    const sentence = (count: number) =>
      Array.from({ length: 1 + roll(count) }, () => WORDS[roll(WORDS.length)]).join(" ")
    let size = { columns: 80, rows: 24 }
    const frame = (): Frame => {
      const open: readonly Line[] = Array.from({ length: roll(4) }, () => [{ text: `~ ${sentence(8)}` }])
      const typed = `› ${sentence(2)}`
      const lines = [...open, [{ text: typed }], [{ text: "~status".padEnd(size.columns - 3, ".") }]]
      return { lines, caret: { row: lines.length - 2, column: typed.length } }
    }
    const surface = inlineSurface({ size, reflow: "all", write: (bytes) => void writeSync(screen, bytes) })
    const finished: string[] = []
    for (let at = 0; at < RESIZES; at++) {
      for (let drawn = roll(4); drawn >= 0; drawn--) {
        const texts = Array.from({ length: roll(3) }, () => `<${finished.length}.${roll(1e6)}> ${sentence(15)} <end>`)
        finished.push(...texts)
        surface.finish(texts.map((text) => [{ text }]))
        surface.draw(frame())
      }
      waitFor(`drawn ${at}`)
      size = { columns: 20 + roll(120), rows: 2 + roll(40) }
      resize(size.columns, size.rows)
      surface.resize(size)
      surface.draw(frame())
      waitFor(`resized ${at}`)
    }
    const shown = tmux("capture-pane", "-p", "-J", "-S", "-").replaceAll(/\s+/g, "")
    const places = finished.map((text) => {
      const ink = text.replaceAll(/\s+/g, "")
      return { text, at: shown.indexOf(ink), isOnce: shown.indexOf(ink) === shown.lastIndexOf(ink) }
    })
    expect(places.filter(({ at, isOnce }) => at < 0 || !isOnce)).toEqual([])
    expect(places.map(({ at }) => at)).toEqual(places.map(({ at }) => at).toSorted((one, other) => one - other))
  }, 300_000)
})
