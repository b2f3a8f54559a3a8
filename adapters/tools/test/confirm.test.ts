import { afterEach, beforeEach, expect, test } from "bun:test"
import { type ToolSession, textOf, toolSession } from "./session.ts"

let session: ToolSession
beforeEach(() => {
  session = toolSession()
})
afterEach(() => session.close())

const BETWEEN = Array.from({ length: 7 }, (_, index) => `line ${index}\r\n`).join("")
const LINES = `one\r\n${BETWEEN}last é`
const EDIT = { path: "a.txt", oldText: LINES, newText: LINES.replace("one", "1").replace("é", "é!") }

test("a person is asked about each of them, whatever the mode, with the diff of all", async () => {
  session.put("a.txt", "one\n")
  session.put("b.txt", "one\n")
  const one = await session.plan("confirm_edit", { path: "a.txt", oldText: "one", newText: "two" })
  const edits = ["a.txt", "b.txt"].map((path) => ({ path, oldText: "one", newText: "two" }))
  const several = await session.plan("confirm_multiedit", { edits })
  expect([one.isAlwaysAsked, several.isAlwaysAsked]).toEqual([true, true])
  expect([one.hunksCount, several.hunksCount]).toEqual([1, 2])
  expect(several.actions.map(({ diff }) => diff?.split("\n").slice(-3))).toEqual([
    ["-one", "+two", ""],
    ["-one", "+two", ""],
  ])
  expect((await session.plan("edit", { path: "a.txt", oldText: "one", newText: "two" })).isAlwaysAsked).toBeUndefined()
  await session.run(several)
  expect([session.text("a.txt"), session.text("b.txt")]).toEqual(["two\n", "two\n"])
})

test.each<[string, readonly number[] | undefined, string]>([
  ["all", undefined, LINES.replace("one", "1").replace("é", "é!")],
  ["the first", [1], LINES.replace("one", "1")],
  ["the second", [2], LINES.replace("é", "é!")],
])("of an edit the hunks that are wanted are done, and every other byte stays: %s", async (_, hunks, after) => {
  for (const encoding of ["utf8", "latin1", "utf16le"] as const) {
    const bom = encoding === "utf16le" ? "\ufeff" : ""
    session.put("a.txt", Buffer.from(bom + LINES, encoding))
    session.observed.clear()
    expect(textOf(await session.call("confirm_edit", { ...EDIT, hunks }))).toStartWith("Changed a.txt")
    expect(session.bytes("a.txt")).toEqual(Buffer.from(bom + after, encoding))
  }
})

test("hunks are counted over all files, and a file without any is left alone", async () => {
  session.put("a.txt", "one\n")
  session.put("b.txt", "one\n")
  const edits = ["a.txt", "b.txt"].map((path) => ({ path, oldText: "one", newText: "two" }))
  const plan = await session.plan("confirm_multiedit", { edits, hunks: [2] })
  expect(plan.actions.map(({ target }) => target)).toEqual([`${session.root}/b.txt`])
  await session.run(plan)
  expect([session.text("a.txt"), session.text("b.txt")]).toEqual(["one\n", "two\n"])
})

test("a hunk that is not there, or none at all, is refused", async () => {
  session.put("a.txt", LINES)
  expect(await session.say("confirm_edit", { ...EDIT, hunks: [3] })).toContain("There is no hunk 3: there are 2.")
  expect(await session.say("confirm_edit", { ...EDIT, hunks: [] })).toContain("No hunk is left.")
  expect(session.text("a.txt")).toBe(LINES)
})

test("hunks are those of the shown diff: changes with few lines between them are one", async () => {
  const near = "one\ntwo\nthree\nfour\n"
  session.put("a.txt", near)
  const edit = { path: "a.txt", oldText: near, newText: "1\ntwo\nthree\n4\n" }
  const plan = await session.plan("confirm_edit", { ...edit, hunks: [1] })
  expect(plan.actions[0]?.diff?.match(/^@@/gm)).toHaveLength(1)
  await session.run(plan)
  expect(session.text("a.txt")).toBe("1\ntwo\nthree\n4\n")
})

const { path, ...only } = EDIT
const CHANGES: readonly [string, object][] = [
  ["edit", EDIT],
  ["multiedit", { path, edits: [only] }],
  ["write", { path, content: EDIT.newText }],
]

test.each(CHANGES)(
  "a person may take only some hunks of any %s, though no model is told of it",
  async (tool, input) => {
    session.put("a.txt", LINES)
    await session.call("read", { path })
    const whole = await session.plan(tool, input)
    expect([whole.hunksCount, whole.isAlwaysAsked]).toEqual([2, undefined])
    const second = await session.plan(tool, { ...input, hunks: [2] })
    expect([second.input, second.actions[0]?.diff?.match(/^@@/gm)]).toEqual([{ ...input, hunks: [2] }, ["@@"]])
    expect(second.digest).not.toBe(whole.digest)
    await session.run(second)
    expect(session.text("a.txt")).toBe(LINES.replace("é", "é!"))
    expect(await session.say(tool, { ...input, hunks: ["2"] })).toContain("hunks")
  },
)
