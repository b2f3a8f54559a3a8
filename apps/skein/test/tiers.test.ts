import { expect, test } from "bun:test"
import { describeBinary } from "./ground/binary.ts"
import { modelServer } from "./ground/model.ts"
import { Scene } from "./ground/scene.ts"
import { left, seated } from "./ground/screen.ts"
import { anthropic } from "./ground/wire-anthropic.ts"

const HANG_MS = 60_000
const RUSH = "claude-haiku-5-5"
const SMART = "claude-sonnet-5-5"
const DEEP = "claude-opus-5-5"

/** A person's machine, and a model that names sessions and answers everything else. */
function talking() {
  const asked: { readonly model: string; readonly said: string | undefined }[] = []
  const server = modelServer(anthropic, async ({ conversation, request, say }) => {
    const { model } = JSON.parse(request.text)
    asked.push({ model, said: conversation.said.at(-1) })
    const isTitle = conversation.system.startsWith("Name a conversation")
    await say({ text: isTitle ? "Monads, plainly" : "Here you are." })
  })
  const scene = new Scene({ ...anthropic.env(server.url), SKEIN_MODEL: `anthropic/${SMART}` })
  return {
    ...{ asked, scene },
    [Symbol.dispose]() {
      server.stop()
      scene.remove()
    },
  }
}

describeBinary("tiers, names and budgets", () => {
  test(
    "a session on the screen is named by the cheap model of its provider, and lists call it so",
    async () => {
      using talk = talking()
      const driven = seated(talk.scene)
      await driven.waitFor("claude")
      driven.type("what is a monad?")
      driven.press("enter")
      await driven.waitFor("Here you are.", HANG_MS)
      const listed = async () => (await talk.scene.run(["session", "list"])).out
      while (!(await listed()).includes("Monads, plainly")) await Bun.sleep(50)
      await left(driven)

      expect(talk.asked.map(({ model }) => model)).toEqual([SMART, RUSH])
      expect(talk.asked[1]?.said).toBe("what is a monad?")
    },
    HANG_MS,
  )

  test(
    "a prompt of a program costs one request, and names nothing",
    async () => {
      using talk = talking()
      for (const more of [[], ["--yes"]]) {
        talk.asked.length = 0
        expect((await talk.scene.run(["-p", "what is a monad?", ...more])).code).toBe(0)
        expect(talk.asked.map(({ model }) => model)).toEqual([SMART])
      }
    },
    HANG_MS,
  )

  test(
    "--tier auto asks what the prompt needs and says so in a line; the next prompt gets its own, and -m ends it",
    async () => {
      using talk = talking()
      const run = async (...args: readonly string[]) => (await talk.scene.run(["-p", ...args])).err
      expect(await run("what is a monad?", "--tier", "auto")).toContain(
        `Routed to rush (anthropic/${RUSH}): judged trivial`,
      )
      expect(await run("--continue", "prove this lock-free queue correct")).toContain("Routed to deep")
      expect(await run("--continue", "what is it?", "-m", `anthropic/${SMART}`)).not.toContain("Routed")
      expect(await run("--continue", "what is it?")).not.toContain("Routed")

      expect(talk.asked.map(({ model }) => model)).toEqual([RUSH, DEEP, SMART, SMART])
    },
    HANG_MS,
  )

  test(
    "--mode rush is --tier rush, and says nothing of what may run",
    async () => {
      using talk = talking()
      expect((await talk.scene.run(["-p", "hi", "--mode", "rush"])).code).toBe(0)
      const status = await talk.scene.run(["-p", "--continue", "/status"])

      expect(talk.asked.map(({ model }) => model)).toEqual([RUSH])
      expect(status.out).toMatch(/tier +rush\nmode +auto/)
    },
    HANG_MS,
  )

  test(
    "a budget of the day stops a turn of any session before it asks, says what to do, and has an exit code of its own",
    async () => {
      using talk = talking()
      const budget = ["-c", "budget.day_usd=0.00003"]
      const first = await talk.scene.run(["-p", "one", ...budget])
      expect(first).toMatchObject({ code: 0, out: "Here you are.\n" })
      const second = await talk.scene.run(["-p", "two", ...budget])

      expect(second.err).toContain("The budget of $0.0000 for today is spent")
      expect(second.err).toContain("Raise budget.day_usd, or go on tomorrow.")
      expect(second.code).not.toBe(0)
      expect(talk.asked).toHaveLength(1)
    },
    HANG_MS,
  )
})
