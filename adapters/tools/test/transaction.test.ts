import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { chmodSync, readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { type FilesPort, ToolFailure } from "@skein/core/ports"
import { localFiles } from "../src/index.ts"
import { type ToolSession, textOf, toolSession } from "./session.ts"

let session: ToolSession
beforeEach(() => {
  session = toolSession()
})
afterEach(() => session.close())

const edit = (path: string, oldText: string, newText: string) => ({ path, oldText, newText })
const ALL = {
  edits: [edit("a.txt", "one", "1"), edit("b.txt", "one", "2"), edit("a.txt", "1", "3"), edit("c.txt", "one", "4")],
}
const put = () => {
  for (const path of ["a.txt", "b.txt", "c.txt"]) session.put(path, `one in ${path}\n`)
}
const texts = () => ["a.txt", "b.txt", "c.txt"].map((path) => session.text(path).split(" ")[0])

/** A workspace whose files run something before a replacement, counted from 1. */
function sessionWith(before: (count: number, path: string) => void): ToolSession {
  session.close()
  const files = localFiles()
  let count = 0
  const replacing: FilesPort = {
    ...files,
    async replace(path, bytes, expected) {
      count += 1
      before(count, path)
      return await files.replace(path, bytes, expected)
    },
  }
  session = toolSession({ files: replacing })
  return session
}

describe("edits of several files are one transaction", () => {
  test("each file is changed, an edit sees the one before it, and all is told in one result", async () => {
    put()
    const plan = await session.plan("multiedit", ALL)
    expect(plan.effects.map((effect) => (effect.kind === "write" ? effect.paths : effect))).toEqual([
      [`${session.root}/a.txt`],
      [`${session.root}/b.txt`],
      [`${session.root}/c.txt`],
    ])
    const result = await session.run(plan)
    expect(texts()).toEqual(["3", "2", "4"])
    expect(textOf(result)).toBe(["a", "b", "c"].map((name) => `Changed ${name}.txt at line 1 (+1 −1).`).join("\n"))
    expect(result.changes?.map(({ path }) => path)).toEqual(
      ["a", "b", "c"].map((name) => `${session.root}/${name}.txt`),
    )
    expect(result.observed).toHaveLength(3)
    expect(result.forHuman?.summary).toBe("3 files")
  })

  test("two names of one file are one file", async () => {
    put()
    await session.call("multiedit", {
      path: "a.txt",
      edits: [{ oldText: "one", newText: "1" }, edit("./a.txt", "1", "2")],
    })
    expect(session.text("a.txt")).toBe("2 in a.txt\n")
  })

  test("an edit that does not fit, or names no file, changes none of them", async () => {
    put()
    expect(await session.say("multiedit", { edits: [...ALL.edits, edit("b.txt", "nowhere", "x")] })).toContain(
      "b.txt: edit 2 of 2:",
    )
    expect(await session.say("multiedit", { edits: [{ oldText: "one", newText: "1" }] })).toBe(
      "error: Edit 1 names no file. Nothing was written.",
    )
    expect(texts()).toEqual(["one", "one", "one"])
  })

  test("a file that changed between plan and run stops all before the first is written", async () => {
    put()
    const plan = await session.plan("multiedit", ALL)
    session.put("c.txt", "other\n")
    const refused = await session.run(plan).catch((error: unknown) => error)
    expect(refused instanceof ToolFailure ? refused.message : refused).toContain("Nothing was written, in no file")
    expect(texts()).toEqual(["one", "one", "other\n"])
  })

  test("a file that changes while the others are written puts them back, newest first", async () => {
    const order: string[] = []
    sessionWith((count, path) => {
      order.push(path.slice(-5))
      if (count === 3) session.put("c.txt", "other\n")
    })
    put()
    expect(await session.say("multiedit", ALL)).toContain("No file was changed.")
    expect(texts()).toEqual(["one", "one", "other\n"])
    expect(order).toEqual(["a.txt", "b.txt", "c.txt", "b.txt", "a.txt"])
  })

  test("what something else changed after it was written is not put back over it, and is named", async () => {
    sessionWith((count) => {
      if (count === 3) {
        session.put("c.txt", "other\n")
        session.put("a.txt", "theirs\n")
      }
      if (count === 4) session.put("b.txt", "theirs too\n")
    })
    put()
    expect(await session.say("multiedit", ALL)).toContain("These stay changed: b.txt.")
    expect(texts()).toEqual(["theirs\n", "theirs", "other\n"])
  })

  test("a file that may not be written puts the others back, with their modes", async () => {
    // Root may write anything: the refusal comes from the port.
    sessionWith((count) => {
      if (count === 3) throw new ToolFailure("c.txt may not be written.")
    })
    put()
    chmodSync(`${session.root}/a.txt`, 0o640)
    expect(await session.say("multiedit", ALL)).toContain("No file was changed.")
    expect(texts()).toEqual(["one", "one", "one"])
    expect(statSync(`${session.root}/a.txt`).mode & 0o777).toBe(0o640)
  })
})

test("a process killed in the middle of a transaction leaves every file old or new, whole, and no stray", async () => {
  const names = Array.from({ length: 12 }, (_, index) => `${index}.txt`)
  const body = (word: string) => `${word} ${"x".repeat(50_000)}\n`
  const mixed: boolean[] = []
  for (let round = 0; round < 10; round++) {
    for (const name of names) session.put(name, body("old"))
    const child = Bun.spawn([process.execPath, join(import.meta.dir, "transactor.ts"), session.root, ...names])
    await child.stdout.getReader().read()
    // In the middle of the first transaction: a file has been written.
    const endsAt = performance.now() + 10_000
    while (session.text(names[round] ?? "") === body("old") && performance.now() < endsAt);
    child.kill("SIGKILL")
    await child.exited
    const texts = names.map((name) => session.text(name))
    expect(texts.filter((text) => text !== body("old") && text !== body("new"))).toEqual([])
    expect(readdirSync(session.root).toSorted()).toEqual(names.toSorted())
    mixed.push(new Set(texts).size > 1)
  }
  // Else no kill came in the middle, and this says nothing.
  expect(mixed).toContain(true)
}, 60_000)
