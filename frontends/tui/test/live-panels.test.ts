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
  await at.until("thinks")
  await at.type("/cost\r")
  await at.until("models took, in 1 step")
  over.resolve()
  await at.until("models took, in 2 steps")
  await at.type("q")
  await at.leave()
})
