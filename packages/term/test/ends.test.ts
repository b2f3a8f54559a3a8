import { expect, test } from "bun:test"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { childOf, Pty } from "./ground/pty.ts"

const HANG_MS = 20_000
const PROGRAM = [process.execPath, join(import.meta.dir, "ground/program.ts")]

test.each([
  ["a request to end", "SIGTERM", 143],
  ["an interrupt", "SIGINT", 130],
  ["a request to quit", "SIGQUIT", 131],
  ["a signal of somebody's own", "SIGUSR1", 138],
  ["the other of them", "SIGUSR2", 140],
  ["an alarm", "SIGALRM", 142],
  ["an alarm of the processor's time", "SIGVTALRM", 154],
  ["an end of the processor's time", "SIGXCPU", 152],
] as const)(
  "%s gives the terminal back first",
  async (_, signal, status) => {
    using pty = new Pty(["sh", "-c", `"$@"; echo status $?; stty -a`, "sh", ...PROGRAM])
    await pty.until(/ready/)
    process.kill(childOf(pty.process.pid), signal)
    await pty.until(/<off><last>/)
    await pty.until(new RegExp(`status ${status}`))
    await pty.process.exited
    await pty.until(/ icanon[\s\S]* echo /)
  },
  HANG_MS,
)

test.each([
  ["a defect", "x"],
  ["a promise that nobody looks after", "y"],
])(
  "so does %s, before its words are written",
  async (_, key) => {
    using pty = new Pty(["sh", "-c", `"$@"; echo status $?; stty -a`, "sh", ...PROGRAM])
    await pty.until(/ready/)
    pty.type(key)
    await pty.until(/<off><last>[\s\S]*a defect/)
    await pty.until(/status 1[\s\S]* icanon[\s\S]* echo /)
  },
  HANG_MS,
)

test(
  "another screen is told of its modes while it is seen, and left before the process ends",
  async () => {
    using pty = new Pty(PROGRAM)
    await pty.until(/<on>ready/)
    pty.type("w")
    await pty.until(/<off><enter><on there>elsewhere/)
    pty.type("h")
    await pty.until(/<off there><leave><on>here/)
    pty.type("w")
    await pty.until(/<off><enter><on there>elsewhere/)
    process.kill(pty.process.pid, "SIGTERM")
    await pty.until(/<off there><leave><last>/)
    await pty.process.exited
    expect(pty.text).toBe("")
  },
  HANG_MS,
)

test(
  "an owner that wants to end in order is asked, with the terminal given back",
  async () => {
    using pty = new Pty([...PROGRAM, "--end"])
    await pty.until(/ready/)
    process.kill(pty.process.pid, "SIGTERM")
    expect(await pty.process.exited).toBe(5)
    await pty.until(/<off>asked SIGTERM/)
  },
  HANG_MS,
)

test(
  "closed, it lets the process end by itself",
  async () => {
    using pty = new Pty(PROGRAM)
    await pty.until(/ready/)
    pty.type("c")
    expect(await pty.process.exited).toBe(0)
    await pty.until(/<off>/)
  },
  HANG_MS,
)

test(
  "a terminal that is slow when the process has to end is given back, and what it has not taken is left out",
  async () => {
    const decoder = new TextDecoder()
    let newest = ""
    using pty = new Pty(["sh", "-c", `exec "$@"`, "sh", ...PROGRAM], {}, (data) => {
      newest = (newest + decoder.decode(data, { stream: true })).slice(-200)
      // Somebody who reads ten times slower than the least of terminals.
      Bun.sleepSync(20)
    })
    while (!newest.includes("ready")) await Bun.sleep(5)
    pty.type("z")
    await pty.process.exited
    while (!newest.includes("<last>")) await Bun.sleep(5)
    expect(newest).toEndWith("-\u0018\u001b\\\u001b]8;;\u001b\\<off><last>")
    expect(newest).not.toContain("end")
  },
  HANG_MS,
)

test(
  "a terminal that goes away is told, once, and the process ends",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "skein-terminal-"))
    const file = join(folder, "said")
    try {
      using pty = new Pty([...PROGRAM, "--gone", file])
      await pty.until(/ready/)
      pty.process.terminal?.close()
      expect(await pty.process.exited).toBe(7)
      expect(readFileSync(file, "utf8")).toBe("gone")
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
  HANG_MS,
)
