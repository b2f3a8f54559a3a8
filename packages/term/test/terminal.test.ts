import { expect, test } from "bun:test"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { childOf, Pty } from "./ground/pty.ts"

const HANG_MS = 20_000
/** For as long as a job may wonder whether it was stopped. */
const ORPHAN_MS = 100
const PROGRAM = [process.execPath, join(import.meta.dir, "ground/program.ts")]

test(
  "reads keys, tells its size and every change of it",
  async () => {
    using pty = new Pty(PROGRAM)
    await pty.until(/<on>ready 90x20/)
    pty.type("a\x1b[A")
    await pty.until(/key a\r\nkey up/)
    pty.resize(100, 30)
    await pty.until(/size 100x30/)
    pty.type("q")
    expect(await pty.process.exited).toBe(0)
    await pty.until(/<off>/)
  },
  HANG_MS,
)

test(
  "lent to another program, all that is typed is that one's; then it reads again",
  async () => {
    using pty = new Pty(PROGRAM)
    await pty.until(/ready/)
    for (const words of ["first line", "second line", "third line"]) {
      pty.type("l")
      await pty.until(/<off>/)
      pty.type(`${words}\n`)
      await pty.until(new RegExp(`<on>lent \\[${words}\\]`))
    }
    pty.type("q")
    expect(await pty.process.exited).toBe(0)
  },
  HANG_MS,
)

test(
  "what is written while it is lent is kept back until it is its own again",
  async () => {
    using pty = new Pty(PROGRAM)
    await pty.until(/ready/)
    pty.type("e")
    await pty.until(/<off>[\s\S]*reading\r\n/)
    pty.type("typed\n")
    expect(await pty.until(/[\s\S]*lent \[typed\]/)).toMatch(/^typed\r\n<on>kept back\r\nlent \[typed\]$/)
    pty.type("q")
    await pty.process.exited
  },
  HANG_MS,
)

test(
  "an interrupt while it is lent is not for it; a request to end is",
  async () => {
    using pty = new Pty(PROGRAM)
    await pty.until(/ready/)
    pty.type("e")
    await pty.until(/<off>[\s\S]*reading/)
    process.kill(pty.process.pid, "SIGINT")
    // Signals are told in order: this one comes after it.
    pty.resize(91, 20)
    await pty.until(/size 91x20/)
    pty.type("what was saved\n")
    await pty.until(/<on>kept back\r\nlent \[what was saved\]/)
    pty.type("e")
    await pty.until(/<off>[\s\S]*reading/)
    process.kill(pty.process.pid, "SIGTERM")
    await pty.process.exited
    expect(pty.process.signalCode).toBe("SIGTERM")
  },
  HANG_MS,
)

test(
  "a slow terminal gets every byte in order, and the program goes on meanwhile",
  async () => {
    using slow = new Pty(PROGRAM)
    await slow.until(/ready/)
    slow.type("b")
    const all = await slow.until(/begin[\s\S]*end/)
    expect(all).toBe(`begin${Array.from({ length: 40_000 }, (_, at) => `<${at}>`).join("")}end`)
    await slow.until(/congested true/)
    slow.type("q")
    expect(await slow.process.exited).toBe(0)
  },
  HANG_MS,
)

test(
  "suspended, the shell has its terminal; continued, it is raw again and draws anew",
  async () => {
    using pty = new Pty(["bash", "--norc", "-i"], { PS1: "\\$ " })
    pty.type(`${PROGRAM.join(" ")}\n`)
    await pty.until(/<on>ready/)
    pty.type("s")
    await pty.until(/<off>[\s\S]*Stopped/)
    pty.type("stty -a; echo back\n")
    await pty.until(/ icanon [\s\S]* echo [\s\S]*back/)
    pty.resize(70, 15)
    pty.type("fg\n")
    await pty.until(/<on>size 70x15\r\ncontinued/)
    await Bun.sleep(2 * ORPHAN_MS)
    pty.type("a")
    expect(await pty.until(/[\s\S]*key a/)).toBe("\r\nkey a")
    pty.type("q")
    await pty.until(/<off>/)
  },
  HANG_MS,
)

test(
  "stopped with the program that it is lent to, it leaves the terminal to that one when both go on",
  async () => {
    using pty = new Pty(["bash", "--norc", "-i"], { PS1: "\\$ " })
    pty.type(`${PROGRAM.join(" ")}\n`)
    await pty.until(/<on>ready/)
    pty.type("e")
    await pty.until(/<off>[\s\S]*reading\r\n/)
    pty.type("\x1a")
    // With its prompt the shell reads keys; what comes before may be lost.
    expect(await pty.until(/[\s\S]*Stopped[\s\S]*[#$] $/)).not.toContain("stopped")
    pty.type("fg\n")
    await pty.until(/fg\r\n[\s\S]*program\.ts/)
    await Bun.sleep(2 * ORPHAN_MS)
    pty.type("all mine\n")
    const meanwhile = await pty.until(/[\s\S]*<on>kept back\r\nlent \[all mine\]/)
    expect(meanwhile.match(/<on>|continued|key/g)).toEqual(["<on>"])
    pty.type("a")
    await pty.until(/key a/)
  },
  HANG_MS,
)

test(
  "stopped by somebody else, it gives the terminal back too, and a stop it cannot see is mended when it goes on",
  async () => {
    using pty = new Pty(["bash", "--norc", "-i"], { PS1: "\\$ " })
    pty.type(`${PROGRAM.join(" ")}\n`)
    await pty.until(/<on>ready/)
    for (const signal of ["SIGTSTP", "SIGSTOP"] as const) {
      process.kill(childOf(pty.process.pid), signal)
      // Whoever draws hears of it first, while it can still wipe what it drew.
      await pty.until(signal === "SIGTSTP" ? /stopped\s+<off>[\s\S]*Stopped/ : /Stopped/)
      pty.type("fg\n")
      await pty.until(/<on>continued/)
      pty.type("a")
      await pty.until(/key a/)
    }
  },
  HANG_MS,
)

test(
  "sent on in the background, it stops again and leaves the terminal to the shell",
  async () => {
    using pty = new Pty(["bash", "--norc", "-i"], { PS1: "\\$ " })
    pty.type(`${PROGRAM.join(" ")}\n`)
    await pty.until(/<on>ready/)
    pty.type("s")
    await pty.until(/<off>[\s\S]*Stopped/)
    pty.type("bg; wait\n")
    await pty.until(/Stopped/)
    pty.type("stty -a\n")
    expect(await pty.until(/[\s\S]* icanon [\s\S]* echo /)).not.toContain("<on>")
    pty.type("fg\n")
    await pty.until(/<on>/)
    pty.type("a")
    await pty.until(/key a/)
  },
  HANG_MS,
)

test(
  "a job that nobody could continue is not stopped",
  async () => {
    using pty = new Pty(PROGRAM)
    await pty.until(/ready/)
    pty.type("s")
    await pty.until(/<off><on>continued/)
    pty.type("a")
    await pty.until(/key a/)
  },
  HANG_MS,
)

test(
  "idle, it uses no processor",
  async () => {
    using pty = new Pty(PROGRAM)
    await pty.until(/ready/)
    if (!existsSync("/proc/self/stat")) return
    const before = ticksOf(pty.process.pid)
    await Bun.sleep(700)
    expect(ticksOf(pty.process.pid) - before).toBeLessThanOrEqual(2)
  },
  HANG_MS,
)

test("where there is no terminal it says so", () => {
  const { exitCode, stdout } = Bun.spawnSync(PROGRAM, { stdin: "ignore", detached: true })
  expect([exitCode, stdout.toString()]).toEqual([3, "no terminal\n"])
})

/** Hundredths of a second of a processor. */
function ticksOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? []
  return Number(fields[11]) + Number(fields[12])
}
