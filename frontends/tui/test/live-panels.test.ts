import { expect, test } from "bun:test"
import { call, say, scriptedModel, testTools } from "@skein/testkit"
import { sit } from "./sitting.ts"

const F6 = "\u001b[17~"

test("what runs is shown as it runs, and is gone when it is over", async () => {
  const [more, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const tools = testTools({
    build: {
      async run(_, { progress }) {
        await more.promise
        progress(11, "half of it\n")
        await over.promise
        return "built"
      },
    },
  })
  const at = await sit(scriptedModel(call("build", {}), say("Built.")), { columns: 120, ports: { tools } })
  await at.type("build it\r")
  await at.until("esc stop")
  await at.type(F6)
  await at.until("1 running")
  more.resolve()
  await at.until("half of it")
  over.resolve()
  await at.until("Nothing runs.")
  expect(await at.until("0 running")).not.toContain("● build")
  await at.type("q")
  await at.until("Built.")
  await at.leave()
})

test("what it costs is told anew after every step, while it is looked at", async () => {
  const over = Promise.withResolvers<void>()
  const at = await sit(scriptedModel(say("One."), [over.promise, ...say("Two.")]), { rows: 30 })
  await at.type("first\r")
  await at.until("Done")
  await at.type("second\r")
  await at.until("asks the model")
  await at.type("/cost\r")
  await at.until("models took, in 1 step")
  over.resolve()
  await at.until("models took, in 2 steps")
  await at.type("q")
  await at.leave()
})

test("the transcript that is read goes on as the session does, and what came is printed once when it is left", async () => {
  const more = Promise.withResolvers<void>()
  const answer = [[{ type: "text", index: 0, text: "It begins" }], more.promise, ...say(" and ends.")] as const
  const at = await sit(scriptedModel([...answer]))
  await at.type("tell me\r")
  await at.until("It begins")
  await at.type("\u001bOR")
  await at.until("2 of 2")
  expect(at.screen()).toContain("It begins")
  more.resolve()
  await at.until("It begins and ends.")
  await at.until("3 of 3")
  await at.type("q")
  await at.until("scripted · auto ")
  expect(at.terminal.text().join("\n").split("It begins and ends.")).toHaveLength(2)
  await at.leave()
})

test("Ctrl+E opens the newest call, with all there is of it", async () => {
  const output = Array.from({ length: 30 }, (_, line) => `row ${line}`).join("\n")
  const tools = testTools({
    build: { run: () => ({ forModel: [{ type: "text", text: output }], forHuman: { kind: "text", body: output } }) },
  })
  const long = Array.from({ length: 40 }, (_, line) => `Line ${line}.\n\n`).join("")
  const at = await sit(scriptedModel(call("build", {}), say(long)), { ports: { tools } })
  await at.type("build it\r")
  await at.until("Done")
  await at.type("\u0005")
  const shown = await at.until("e unfold")
  expect(shown).toContain("row 12")
  expect(shown).not.toContain("Line 39.")
  await at.type("q")
  await at.leave()
})
