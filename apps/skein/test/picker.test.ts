import { describe, expect, test } from "bun:test"
import { mkdirSync } from "node:fs"
import { BINARY } from "./ground/binary.ts"
import { processesIn } from "./ground/processes.ts"
import { said } from "./ground/said.ts"
import { left, seated } from "./ground/screen.ts"
import { talking } from "./ground/talking.ts"
import { Terminal } from "./ground/terminal.ts"

const HANG_MS = 60_000
const HELLO = { text: "Hello there." }

describe.if(BINARY !== "" && Bun.which("tmux") !== null)("the picker", () => {
  test(
    "finds a session by typing, and goes on with it",
    async () => {
      using talk = talking(HELLO)
      const { scene } = talk
      await said(talk, "fix the cart", "read the documents", "write more tests")
      const terminal = new Terminal(scene, ["resume", "--screen-reader"])
      try {
        const first = await terminal.until(/^› +now .*write more tests$/m)
        expect(first).toMatch(
          /^Which session\? \(1 of 3\).*\n\/\n› .*write more tests\n {2}.*read the documents\n {2}.*fix the cart$/m,
        )
        terminal.press("Down")
        await terminal.until(/^› .*read the documents$/m)
        for (const key of "CART") terminal.press(key)
        await terminal.until(/\(1 of 1\).*\n\/ CART\n› .*fix the cart/)
        terminal.press("Enter")
        const opened = await terminal.until(/› fix the cart\n\n {2}Hello there\.\n\n›$/)
        expect(opened).not.toContain("Which session?")
        terminal.type("go on")
        await terminal.until(/› go on\n\n {2}Hello there\.\n\n›$/)
        expect(talk.server.conversations.at(-1)?.said.slice(-2)).toEqual(["fix the cart", "go on"])
      } finally {
        terminal.close()
      }
    },
    HANG_MS,
  )

  test(
    "leads to the screen, with what was said before on it",
    async () => {
      using talk = talking(HELLO)
      const { scene } = talk
      await said(talk, "fix the cart", "read the documents")
      const driven = seated(scene, { args: ["resume"] })
      await driven.waitFor(/^› +now .*read the documents$/m)
      driven.type("CART")
      await driven.waitFor(/\(1 of 1\)/)
      driven.press("enter")
      await driven.waitFor(/› fix the cart\n\n {2}Hello there\.\n[\s\S]*\n›/)
      driven.type("go on")
      await driven.waitFor("› go on")
      driven.press("enter")
      await driven.waitFor(/› go on\n\n {2}Hello there\.\n/)
      expect(talk.server.conversations.at(-1)?.said.slice(-2)).toEqual(["fix the cart", "go on"])
      expect(await left(driven)).toBe(0)
    },
    HANG_MS,
  )

  test(
    "gives the terminal back when it is ended from outside",
    async () => {
      using talk = talking(HELLO)
      const { scene } = talk
      await said(talk, "one")
      const terminal = new Terminal(scene, ["resume"])
      try {
        await terminal.until(/^› .*one$/m)
        const picker = processesIn(scene.root).find(
          ({ command }) => / resume$/.test(command) && !command.includes("exec sleep"),
        )
        if (picker === undefined) throw new Error("There is no picker")
        expect(terminal.isCursorShown()).toBe(false)
        process.kill(picker.pid, "SIGTERM")
        await terminal.until(/exit 143$/)
        expect(terminal.isCursorShown()).toBe(true)
        terminal.press("x")
        await terminal.until(/exit 143\nx$/)
      } finally {
        terminal.close()
      }
    },
    HANG_MS,
  )

  test(
    "is left with Escape, and leaves the terminal as it was",
    async () => {
      using talk = talking(HELLO)
      const { scene } = talk
      mkdirSync(scene.path("elsewhere"))
      await said(talk, "one")
      const terminal = new Terminal(scene, ["resume", "--all"])
      try {
        await terminal.until(/^› +now .*one .*project$/m)
        terminal.press("Escape")
        expect(await terminal.until(/exit 0/)).toBe("exit 0")
        terminal.press("x")
        await terminal.until(/exit 0\nx$/)
      } finally {
        terminal.close()
      }
    },
    HANG_MS,
  )
})

describe.if(BINARY !== "")("a session gone on with at a terminal, with a prompt", () => {
  for (const args of [
    ["resume", "--last"],
    ["fork", "--last"],
  ]) {
    test(
      `by ${args.join(" ")} is the screen with the prompt sent`,
      async () => {
        using talk = talking(HELLO)
        await said(talk, "fix the cart")
        const driven = seated(talk.scene, { args: [...args, "and", "the coupon"] })
        await driven.waitFor(/› fix the cart\n[\s\S]*› and the coupon\n\n {2}Hello there\.\n[\s\S]*\n›/)
        driven.type("more")
        await driven.waitFor("› more")
        expect(driven.exitCode).toBeUndefined()
        expect(talk.server.conversations.at(-1)?.said).toEqual(["fix the cart", "and the coupon"])
        expect(await left(driven)).toBe(0)
      },
      HANG_MS,
    )
  }

  test(
    "says it a line at a time to a screen reader",
    async () => {
      using talk = talking(HELLO)
      await said(talk, "fix the cart")
      const driven = seated(talk.scene, { args: ["resume", "--last", "--screen-reader", "and the coupon"] })
      await driven.waitFor(/Hello there\.\n\n› and the coupon\n\n {2}Hello there\.\n\n›/)
      expect(talk.server.conversations.at(-1)?.said).toEqual(["fix the cart", "and the coupon"])
      expect(await left(driven)).toBe(0)
    },
    HANG_MS,
  )

  test(
    "prints the answer and leaves when -p says so",
    async () => {
      using talk = talking(HELLO)
      await said(talk, "fix the cart")
      const driven = seated(talk.scene, { args: ["resume", "--last", "-p", "and the coupon"] })
      await driven.waitFor("Hello there.")
      expect(await driven.exited).toBe(0)
      await driven.close()
    },
    HANG_MS,
  )
})
