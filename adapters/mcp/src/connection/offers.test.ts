import { expect, test } from "bun:test"
import { type AskPage, ITEMS_MAX, keptList } from "./lists.ts"
import { PROMPTS, RESOURCES, TOOLS } from "./offers.ts"

const told: string[] = []
const notify = (sentence: string) => void told.push(sentence)
const one =
  (items: readonly unknown[]): AskPage =>
  async () => ({ items })
const inputSchema = { type: "object" }

test("a tool is told bounded, and nothing hides in its words; what it compares with stays", async () => {
  const schema = { type: "object", properties: { a: { enum: ["\u200bx"], description: "say\u202e it" } } }
  const tool = { name: "t", title: "T\u001b[2J", description: `d\u200b${"x".repeat(5_000)}`, inputSchema: schema }
  const [read] = await keptList(TOOLS).all(one([{ ...tool, annotations: { readOnlyHint: true } }]), notify)
  expect(read?.title).toBe("T\\e[2J")
  expect(read?.description.slice(0, 10)).toBe("d\\u{200b}x")
  expect(read?.description.length).toBe(2_048)
  expect(read?.isReadOnlyHinted).toBe(true)
  expect(read?.inputSchema).toEqual({
    type: "object",
    properties: { a: { enum: ["\u200bx"], description: "say\\u{202e} it" } },
  })
})

test("one bad item is left out with a sentence, and the others stay", async () => {
  told.length = 0
  const items = [
    null,
    { name: "a b", inputSchema },
    { name: "x".repeat(65), inputSchema },
    { name: "no-schema" },
    { name: "large", inputSchema: { type: "object", description: "x".repeat(70_000) } },
    { name: "good", inputSchema },
    { name: "good", inputSchema, description: "another" },
  ]
  const names = (await keptList(TOOLS).all(one(items), notify)).map(({ name }) => name)
  expect(names).toEqual(["good"])
  expect(told.slice(0, 2)).toEqual([
    'A tool without a name is left out: names are letters, digits, "_", "-" and ".", at most 64 of them.',
    'A tool named "a b" is left out: names are letters, digits, "_", "-" and ".", at most 64 of them.',
  ])
  expect(told.at(-1)).toBe("So it is with 1 more.")
})

test("prompts and resources are read with their arguments and addresses", async () => {
  const args = [{ name: "to", required: true, description: "Whom" }, { name: "bad name" }]
  expect(await keptList(PROMPTS).all(one([{ name: "greet", arguments: args }]), notify)).toEqual([
    { name: "greet", description: "", arguments: [{ name: "to", description: "Whom", isRequired: true }] },
  ])
  const resources = [
    { uri: "file:///a", name: "a", mimeType: "text/plain" },
    { uriTemplate: "x://{id}", name: "b" },
    { uri: "x://\u001b", name: "c" },
  ]
  expect(await keptList(RESOURCES).all(one(resources), notify)).toEqual([
    { uri: "file:///a", name: "a", description: "", mediaType: "text/plain" },
    { uri: "x://{id}", name: "b", description: "" },
  ])
})

test("all pages are read, but not such as come back, and no more than there may be", async () => {
  const pages = (last: string | undefined): AskPage => {
    return async (cursor) => ({
      items: [{ name: `t${cursor ?? 0}`, inputSchema }],
      nextCursor: Number(cursor ?? 0) < 3 ? String(Number(cursor ?? 0) + 1) : last,
    })
  }
  const names = async (ask: AskPage) => (await keptList(TOOLS).all(ask, notify)).map(({ name }) => name)
  expect(await names(pages(undefined))).toEqual(["t0", "t1", "t2", "t3"])
  expect(await names(pages("1"))).toEqual(["t0", "t1", "t2", "t3"])

  told.length = 0
  let asked = 0
  const endless: AskPage = async () => ({
    items: Array.from({ length: 300 }, (_, at) => ({ name: `t${asked}-${at}`, inputSchema })),
    nextCursor: String(++asked),
  })
  expect((await names(endless)).length).toBe(ITEMS_MAX)
  expect(asked).toBe(4)
  expect(told).toEqual([`It has more than ${ITEMS_MAX} tools; those beyond them are left out.`])

  let empty = 0
  expect(await names(async () => ({ items: [], nextCursor: String(++empty) }))).toEqual([])
  expect(empty).toBe(100)
})

test("what says the same stays the same object, a change is another, and a failure is asked again", async () => {
  const list = keptList(TOOLS)
  const [a, b] = [
    { name: "a", inputSchema },
    { name: "b", inputSchema },
  ]
  const before = await list.all(one([a, b]), notify)
  expect(await list.all(one([]), notify)).toBe(before)
  list.markStale()
  expect(await list.all(one([{ ...a }, { ...b }]), notify)).toBe(before)
  list.markStale()
  expect(await list.all(() => Promise.reject(new Error("gone")), notify).catch((error: Error) => error.message)).toBe(
    "gone",
  )
  const after = await list.all(one([a, { ...b, description: "another" }]), notify)
  expect(after[0]).toBe(before[0] as (typeof before)[number])
  expect(after[1]?.description).toBe("another")
})
