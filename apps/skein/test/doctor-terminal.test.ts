import { expect, test } from "bun:test"
import { join } from "node:path"
import { virtualTerminal } from "@skein/testkit/terminal"

const HANG_MS = 30_000
const COMMAND = [process.execPath, join(import.meta.dir, "../src/main.ts"), "doctor", "terminal"]
const ENV = { PATH: process.env.PATH ?? "", TERM: "xterm-256color", LANG: "C.UTF-8", HOME: "/nonexistent" }

/** Runs it in a real terminal of 80 columns, behind which one stands that answers, or nobody. */
async function tested({ answers, args = [], pipe = "" }: Trial) {
  const screen = virtualTerminal({
    columns: 80,
    rows: 60,
    name: "WezTerm 20240203\u009b2J",
    onReply: (bytes) => void (answers ? child.terminal?.write(bytes) : undefined),
  })
  const child = Bun.spawn(["sh", "-c", `"$@" ${pipe}`, "sh", ...COMMAND, ...args], {
    env: ENV,
    terminal: { cols: 80, rows: 60, data: (_, data) => void screen.write(data.slice()) },
  })
  const exitCode = await child.exited
  // What it wrote last may still be on its way.
  for (let round = 0; round < 100 && !DONE.test(screen.screen().join("\n")); round++) await Bun.sleep(10)
  child.terminal?.close()
  await screen.settled()
  return { exitCode, lines: screen.screen(), text: screen.text().join("\n").trim() }
}

interface Trial {
  readonly answers: boolean
  readonly args?: readonly string[]
  readonly pipe?: string
}

const DONE = /skein draws|\n}/

test(
  "doctor terminal says what a terminal that answers can do, and leaves nothing else on it",
  async () => {
    const { exitCode, lines, text } = await tested({ answers: true })
    expect(exitCode).toBe(0)
    expect(text).toStartWith("ok    terminal   wezterm (WezTerm 20240203")
    expect(text).toMatch(/ok {4}answers {4}after \d+ ms\nok {4}size {7}80 x 60\n/)
    expect(text).toMatch(/ok {4}widths {5}every sample/)
    expect(text).toMatch(/ok {4}background dark, #111111/)
    expect(text).toMatch(/flicker {4}\d+ of 100: \d+ bytes a frame, 0 full redraws/)
    expect(text).toMatch(/\n\nskein draws synchronized frames, /)
    expect(Math.max(...lines.map((line) => Bun.stringWidth(line)))).toBeLessThanOrEqual(80)
  },
  HANG_MS,
)

test(
  "a terminal that stays silent is told by the environment, after a second at most",
  async () => {
    const { exitCode, text } = await tested({ answers: false })
    expect(exitCode).toBe(0)
    expect(text).toStartWith("ok    terminal   unknown (by TERM=xterm-256color)\nwarn  answers    none came")
    expect(text).toMatch(/warn {2}widths {5}not measured/)
  },
  HANG_MS,
)

test(
  "the same as JSON, on the terminal or piped away from it",
  async () => {
    const here = await tested({ answers: true, args: ["--json"] })
    const piped = await tested({ answers: true, args: ["--json"], pipe: "| cat" })
    for (const { text } of [here, piped]) {
      expect(JSON.parse(text)).toMatchObject({ facts: { name: "wezterm" }, widths: [], flicker: { erasures: 0 } })
    }
  },
  HANG_MS,
)

test("without a terminal it says so, and fails", () => {
  const { exitCode, stdout, stderr } = Bun.spawnSync(COMMAND, { env: ENV, stdin: "ignore" })
  expect([exitCode, stdout.toString()]).toEqual([1, ""])
  expect(stderr.toString()).toBe(
    "This is not a terminal: input or output is a file or a pipe. Run skein doctor terminal at a terminal, without a pipe.\n",
  )
  const json = Bun.spawnSync([...COMMAND, "--json"], { env: ENV, stdin: "ignore", detached: true })
  expect([json.exitCode, JSON.parse(json.stdout.toString()).checks[0].status]).toEqual([1, "fail"])
})
