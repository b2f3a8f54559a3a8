import { describe, expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { BINARY } from "./ground/binary.ts"
import type { Asked } from "./ground/model.ts"
import { processesIn } from "./ground/processes.ts"
import { type Talking, talking } from "./ground/talking.ts"
import { Terminal } from "./ground/terminal.ts"

const HANG_MS = 40_000
const HAS_TMUX = Bun.which("tmux") !== null
if (!HAS_TMUX) console.warn("Skipped: tmux is not installed, so there is no terminal to test in.")

const WRITE = { name: "write", args: { path: "hello.txt", content: "hello\n" } }

/** A story of which nobody knows when it goes on. */
function slowly(gate: Promise<void>) {
  return async ({ answer, bytes }: Asked) => {
    const all = bytes({ text: "Once upon a time there was a fox." })
    await answer.head(200)
    await answer.piece(all.subarray(0, all.indexOf("here was")))
    await gate
    await answer.piece(all.subarray(all.indexOf("here was")))
    await answer.end()
  }
}

async function sat(talk: Talking, args: readonly string[], use: (terminal: Terminal) => Promise<void>): Promise<void> {
  const terminal = new Terminal(talk.scene, ["--screen-reader", ...args])
  try {
    await terminal.until(/^›$/m)
    await use(terminal)
  } finally {
    terminal.close()
    talk[Symbol.dispose]()
  }
}

describe.if(BINARY !== "" && HAS_TMUX)("skein in a terminal, a line at a time", () => {
  test(
    "greets with what it would ask, answers, and says how to go on",
    () =>
      sat(talking({ text: "Hello there." }), [], async (terminal) => {
        terminal.type("hi")
        await terminal.until(/Hello there\.\n\n›$/)
        terminal.type("/quit")
        const screen = await terminal.until(/exit 0/)
        expect(screen).toMatch(
          /^skein · anthropic\/claude-sonnet-5-5 · ask · workspace-write · \/help\n\n› hi\n\n {2}Hello there\.\n\n› \/quit\nKept\. Go on with: skein resume ses_[\w-]+\nexit 0$/,
        )
      }),
    HANG_MS,
  )

  test(
    "asks before it writes: n refuses, Enter alone does nothing, y allows",
    () => {
      const talk = talking({ calls: [WRITE] }, { text: "Not written." }, { calls: [WRITE] }, { text: "Written." })
      return sat(talk, [], async (terminal) => {
        const file = talk.scene.path("hello.txt")
        terminal.type("write it")
        const asked = await terminal.until(/<what instead>:$/)
        expect(asked).toMatch(/ {2}◌ write hello\.txt\n {4}write {4}\S*hello\.txt\n[\s\S]*\n {4}\+hello\n/)
        terminal.type("n")
        await terminal.until(/✗ write hello\.txt[\s\S]*Not written\./)
        expect(existsSync(file)).toBe(false)
        terminal.type("write it after all")
        await terminal.until(/after all[\s\S]*<what instead>:$/)
        terminal.type("")
        await terminal.until(/<what instead>:\n {2}y once.*\n.*<what instead>:$/)
        expect(existsSync(file)).toBe(false)
        // A yes counts only when the question could be read before it.
        await Bun.sleep(500)
        terminal.type("y")
        await terminal.until(/✓ write hello\.txt {2}\+1 −0[\s\S]*Written\.\n {2}unverified .*\n\n›$/)
        expect(talk.scene.read("hello.txt")).toBe("hello\n")
      })
    },
    HANG_MS,
  )

  test(
    "shows text as it comes, and takes a line meanwhile",
    () => {
      const { promise: gate, resolve: open } = Promise.withResolvers<void>()
      const talk = talking(slowly(gate), { text: "Quickly then." })
      return sat(talk, [], async (terminal) => {
        terminal.type("tell me a story")
        await terminal.until(/\n {2}Once upon a time t$/)
        terminal.type("be quick")
        await terminal.until(/\(joins at the next step\)/)
        open()
        await terminal.until(/a fox\.\n\n {2}Quickly then\.\n\n›$/)
        expect(talk.lastSaid()).toBe("be quick")
      })
    },
    HANG_MS,
  )

  test(
    "Ctrl+C stops the turn and what it runs, Ctrl+C again leaves, and resume shows it all",
    () => {
      const sleep = { name: "bash", args: { command: "touch began; sleep 100 & sleep 101" } }
      const talk = talking({ text: "Waiting.", calls: [sleep] }, { text: "Went on." })
      return sat(talk, ["--mode", "auto"], async (terminal) => {
        terminal.type("wait")
        await terminal.until(/… touch began/)
        while (!existsSync(talk.scene.path("began"))) await Bun.sleep(5)
        terminal.press("C-c")
        await terminal.until(/ {2}[–✗] touch began.*\n {2}stopped\n {2}unverified .*\n\n›$/)
        terminal.press("C-c")
        const screen = await terminal.until(/exit 0/)
        const running = processesIn(talk.scene.root).map(({ command }) => command)
        expect(running.filter((command) => /sleep 10[01]$/.test(command))).toEqual([])
        const id = /skein resume (ses_[\w-]+)/.exec(screen)?.[1] ?? ""
        const again = new Terminal(talk.scene, ["resume", "--screen-reader", id])
        try {
          await again.until(/› wait\n\n {2}Waiting\.\n {2}[–✗] touch began.*\n {2}stopped\n {2}unverified .*\n\n›$/)
          again.type("go on")
          await again.until(/› go on\n\n {2}Went on\.\n\n›$/)
        } finally {
          again.close()
        }
      })
    },
    HANG_MS,
  )

  test(
    "commands, and a prompt of several lines",
    () => {
      const talk = talking({ text: "Hello there." })
      return sat(talk, [], async (terminal) => {
        terminal.type("/mode plan")
        await terminal.until(/The mode is plan: reads and plans, changes nothing\.\n\n›$/)
        terminal.type("/model openai/gpt-6.1-terra")
        await terminal.until(/No key for OpenAI[\s\S]*\n\n›$/)
        terminal.type("/help")
        await terminal.until(/\/quit leaves; the session is kept[\s\S]*\n\n›$/)
        terminal.type("one\\")
        terminal.type("two")
        await terminal.until(/› one\\\ntwo\n\n {2}Hello there\.\n\n›$/)
        expect(talk.lastSaid()).toBe("one\ntwo")
        terminal.type("/status")
        await terminal.until(/model +anthropic\/claude-sonnet-5-5\nmode +plan\n[\s\S]*session +ses_[\s\S]+\n\n›$/)
      })
    },
    HANG_MS,
  )

  test(
    "/undo lists what it takes back, does it after y, and /redo brings it again; /new and /resume change the session",
    () => {
      const talk = talking({ calls: [WRITE] }, { text: "Written." }, { text: "Hello again." })
      return sat(talk, ["--mode", "accept-edits"], async (terminal) => {
        const isThere = () => existsSync(talk.scene.path("hello.txt"))
        terminal.type("write it")
        await terminal.until(/Written\.\n {2}unverified .*\n\n›$/)
        expect(isThere()).toBe(true)
        terminal.type("/undo")
        await terminal.until(/ {2}write it\nFiles:\n {2}delete +hello\.txt\ny does it; anything else does not\.\n\n›$/)
        terminal.type("n")
        await terminal.until(/Nothing was done\.\n\n›$/)
        expect(isThere()).toBe(true)
        terminal.type("/undo")
        await terminal.until(/n\n[\s\S]*does not\.\n\n›$/)
        terminal.type("y")
        await terminal.until(/1 turn taken back\. \/redo brings it again\.\n\n›$/)
        expect(isThere()).toBe(false)
        terminal.type("/redo yes")
        await terminal.until(/It is all there again\.\n\n›$/)
        expect(talk.scene.read("hello.txt")).toBe("hello\n")
        terminal.type("/new")
        await terminal.until(/A new session\. The one before is ses_[\w-]+\.\n\n›$/)
        terminal.type("/resume")
        await terminal.until(/ {3}1 {2}write it +· just now[^\n]*\n[^\n]*\n\n›$/)
        terminal.type("1")
        await terminal.until(/› write it\n[\s\S]*Written\.\n {2}unverified .*\n\n›$/)
      })
    },
    HANG_MS,
  )
})
