import { expect, test } from "bun:test"
import { call, memoryCheckpoints, say, scriptedModel, testShell, testTools } from "@skein/testkit"
import { sit } from "./sitting.ts"

const PATH = "/srv/shop/a.txt"
const BEFORE = "one\n"

/** A turn of skein has changed a file, which the branch says. */
async function written() {
  const files = memoryCheckpoints({ [PATH]: BEFORE })
  let branch = "main"
  const run = () => {
    files.put(PATH, "ONE\n")
    return "written"
  }
  const effects = [{ kind: "write", paths: [PATH], isInside: true }] as const
  const tools = testTools({ write: { effects: [...effects], run } })
  const shellLines = testShell(async () => {
    branch = "other"
    return "Switched."
  })
  const at = await sit(scriptedModel(call("write", {}), say("Written.")), {
    ports: { tools, checkpoints: files, shellLines },
    system: { branch: async () => (files.at(PATH) === BEFORE ? branch : `${branch} ±1`) },
  })
  await at.type("write it\r")
  await at.until("shop main ±1")
  return { at, files }
}

test("what was undone is not told as changed any more, and is again once it is redone", async () => {
  const { at, files } = await written()
  await at.type("/undo\r")
  await at.until("Do it?")
  await at.type("y")
  await at.when(() => at.screen().includes("shop main") && !at.screen().includes("±1"))
  expect(files.at(PATH)).toBe(BEFORE)
  await at.type("/redo\r")
  await at.until("Do it?")
  await at.type("y")
  await at.until("shop main ±1")
  await at.leave()
})

test("the branch that a command of one's own goes to is told at its end", async () => {
  const { at } = await written()
  await at.type("!git switch other\r")
  await at.until("shop other ±1")
  await at.leave()
})
