import { expect, test } from "bun:test"
import { say, scriptedModel } from "@skein/testkit"
import type { SystemPort } from "../src/index.ts"
import { sit } from "./sitting.ts"

const CTRL_A = "\u0001"
const CTRL_C = "\u0003"
const CTRL_G = "\u0007"
const CTRL_V = "\u0016"
const ESC = "\u001b[27u"
const UP = "\u001b[A"

type Pasted = Awaited<ReturnType<SystemPort["paste"]>>

const IMAGE = { kind: "image", mediaType: "image/png", data: "aGVsbG8=", bytes: 5 } as const

/** A clipboard that takes its time. */
async function sat(...script: readonly ReturnType<typeof say>[]) {
  const read = Promise.withResolvers<Pasted>()
  const model = scriptedModel(...script)
  const edited: string[] = []
  const edit = async (text: string) => {
    edited.push(text)
    return { text }
  }
  const at = await sit(model, { system: { paste: () => read.promise, edit } })
  await at.until("scripted")
  const said = () => model.requests.map(({ messages }) => messages.at(-1))
  return { at, read, said, edited }
}

test("what is sent while a paste is still read holds it, in its place", async () => {
  const { at, read, said } = await sat(say("A cat."))
  await at.type(`what is ${CTRL_V} and why`)
  expect(at.screen()).toContain("› what is [reading the clipboard] and why")
  await at.type("\r")
  expect(await at.until("waits")).toContain("waits      what is [reading the clipboard] and why")
  read.resolve(IMAGE)
  await at.until("A cat.")
  expect(said()).toMatchObject([
    {
      content: [
        { type: "text", text: "what is " },
        { type: "image", data: IMAGE.data },
        { type: "text", text: " and why" },
      ],
    },
  ])
  await at.leave()
})

test.each([
  ["Esc", ESC],
  ["Ctrl+C", CTRL_C],
])("%s takes back what waits for a paste, and it is sent by no one but the person", async (_, key) => {
  const { at, read, said } = await sat(say("A cat."))
  await at.type(`what is ${CTRL_V}\r`)
  await at.until("waits")
  await at.type(key)
  expect(await at.until("› what is [reading the clipboard]")).not.toContain("waits")
  read.resolve(IMAGE)
  await at.until("› what is [image: clipboard 5 B]")
  await at.type(" there\r")
  await at.until("A cat.")
  expect(said()).toMatchObject([{ content: [{ text: "what is " }, { type: "image" }, { text: " there" }] }])
  await at.leave()
})

test("what is typed while a paste is read stays where it was typed, and text comes as if it had been pasted at once", async () => {
  const { at, read } = await sat()
  await at.type(`see ${CTRL_V} there${CTRL_A}`)
  await at.type("Now ")
  read.resolve({ kind: "text", text: "over" })
  await at.until("› Now see over there")
  await at.type("we ")
  await at.until("› Now we see over there")
  await at.leave()
})

test("nothing is sent without what was to be pasted: where there was nothing, the prompt comes back", async () => {
  const { at, read, said } = await sat(say("A cat."))
  await at.type(`what is ${CTRL_V}\r`)
  await at.until("waits")
  read.resolve({ kind: "nothing", why: "The clipboard is empty." })
  await at.until("The clipboard is empty.")
  await at.until("› what is")
  expect(at.screen()).not.toContain("waits")
  expect(said()).toEqual([])
  await at.leave()
})

test("what is sent after a prompt that waits goes after it", async () => {
  const { at, read, said } = await sat(say("One."), say("Two."), say("Three."))
  await at.type(`first ${CTRL_V}\r`)
  await at.until("waits")
  await at.type("second\r")
  await at.until("waits      second")
  read.resolve({ kind: "text", text: "pasted" })
  await at.until("second")
  await at.when(() => said().length > 0 && !at.screen().includes("waits"))
  const all = at.terminal.text().join("\n")
  expect(all.indexOf("› first pasted")).toBeLessThan(all.indexOf("second"))
  expect(JSON.stringify(said()[0])).toContain("first pasted")
  await at.type(UP)
  await at.leave()
})

test("an editor is opened with what was pasted, not with a word for it", async () => {
  const { at, read, edited } = await sat()
  await at.type(`see ${CTRL_V}`)
  await at.type(CTRL_G)
  await Bun.sleep(10)
  expect(edited).toEqual([])
  read.resolve({ kind: "text", text: "this" })
  await at.when(() => edited.length > 0)
  expect(edited).toEqual(["see this"])
  await at.leave()
})

test("a prompt that waits for its paste is not lost when the person leaves", async () => {
  const { at } = await sat()
  await at.type(`what is ${CTRL_V}\r`)
  await at.until("waits")
  at.signal("SIGTERM")
  expect(await at.left).toMatchObject({ unsent: "what is [reading the clipboard]" })
})
