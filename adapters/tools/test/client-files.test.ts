import { afterEach, describe, expect, test } from "bun:test"
import { existsSync, rmSync } from "node:fs"
import { join } from "node:path"
import { SkeinError } from "@skein/protocol"
import { editor } from "./editor.ts"
import { type ToolSession, toolSession } from "./session.ts"

const sessions: ToolSession[] = []
afterEach(() => {
  for (const session of sessions.splice(0)) session.close()
})

/** A session whose client is an editor; `a.ts` is on disk, and open with changes. */
function withEditor(form?: (text: string) => string) {
  const held = editor({}, form)
  const session = toolSession({}, held.given)
  sessions.push(session)
  const path = session.put("a.ts", "one\ntwo\n")
  held.texts.set(path, "one\nTWO not saved\n")
  return { ...held, session, path }
}

const edit = (oldText: string, newText: string) => ({ path: "a.ts", edits: [{ oldText, newText }] })

describe("what an editor has not saved", () => {
  test("is what the model reads, and what its edit is made in; the editor writes it", async () => {
    const { session, path, texts, asked } = withEditor()

    expect(await session.say("read", { path: "a.ts" })).toContain("TWO not saved")
    expect(await session.say("edit", { path: "a.ts", oldText: "one", newText: "1" })).toStartWith(
      "Changed a.ts at line 1",
    )
    expect(texts.get(path)).toBe("1\nTWO not saved\n")
    expect(session.text("a.ts")).toBe("1\nTWO not saved\n")
    expect(asked).toContain("write a.ts")
  })

  test("is saved as it is before it is changed, so that undo gives it back", async () => {
    const { session, path, given } = withEditor()
    const plan = await session.plan("edit", { path: "a.ts", oldText: "one", newText: "1" })
    const found: string[] = []
    const context = { ...session.context, ...given }
    await session.port.beforeWatch?.(plan, context)
    found.push(session.text("a.ts"))
    await session.port.run(plan, context)
    expect([...found, session.text("a.ts")]).toEqual(["one\nTWO not saved\n", "1\nTWO not saved\n"])
    expect(path).toEndWith("a.ts")
  })

  test("that came after the model had read the file refuses the edit, and shows what changed", async () => {
    const { session, path, texts } = withEditor()
    await session.say("read", { path: "a.ts" })
    texts.set(path, "one\nthree\n")

    const said = await session.say("edit", { path: "a.ts", oldText: "one", newText: "1" })
    expect(said).toContain("a.ts was changed by someone else since you read it. Nothing was written")
    expect(said).toContain("+three")
    expect(texts.get(path)).toBe("one\nthree\n")
  })

  test("that came between the plan and the writing is left as it is", async () => {
    const { session, path, texts } = withEditor()
    const plan = await session.plan("edit", { path: "a.ts", oldText: "one", newText: "1" })
    texts.set(path, "typed meanwhile\n")

    expect(await session.run(plan).catch((error: Error) => error.message)).toContain("changed underneath")
    expect(texts.get(path)).toBe("typed meanwhile\n")
  })

  test("of a file that is not on disk is read too, and a write of it has to know it", async () => {
    const { session, texts } = withEditor()
    texts.set(join(session.root, "new.ts"), "not on disk\n")

    expect(await session.say("read", { path: "new.ts" })).toContain("not on disk")
    expect(await session.say("edit", { path: "new.ts", oldText: "not on", newText: "on" })).toStartWith(
      "Changed new.ts",
    )
    expect(session.text("new.ts")).toBe("on disk\n")
  })

  test("goes with the file when it is taken away, and is saved before", async () => {
    const { session, path } = withEditor()
    const patch = "*** Begin Patch\n*** Delete File: a.ts\n*** End Patch"
    const plan = await session.plan("apply_patch", { patch })
    await session.port.beforeWatch?.(plan, session.context)
    expect(session.text("a.ts")).toBe("one\nTWO not saved\n")
    await session.run(plan)
    expect(existsSync(path)).toBe(false)
  })

  test("every file tool sees and writes", async () => {
    const { session, path, texts } = withEditor()
    const patch = "*** Begin Patch\n*** Update File: a.ts\n@@\n one\n-TWO not saved\n+2\n*** End Patch"
    expect(await session.say("apply_patch", { patch })).toContain("Changed a.ts")
    expect(
      await session.say("multiedit", { edits: [edit("2", "zwei").edits[0]].map((one) => ({ path: "a.ts", ...one })) }),
    ).toContain("Changed a.ts")
    expect(await session.say("head_tail", { path: "a.ts" })).toContain("zwei")
    expect(await session.say("write", { path: "a.ts", content: "all new\n" })).toContain("Changed a.ts")
    expect([texts.get(path), session.text("a.ts")]).toEqual(["all new\n", "all new\n"])
  })
})

test("a file that the editor has as it is on disk keeps its bytes: line ends and the mark at its beginning", async () => {
  const { session, path, texts } = withEditor()
  session.put("a.ts", "\uFEFFone\r\ntwo\r\n")
  texts.set(path, "one\ntwo\n")
  const plan = await session.plan("edit", { path: "a.ts", oldText: "two", newText: "2" })
  expect(JSON.stringify(plan.actions)).toContain("-two")
  await session.run(plan)
  expect(texts.get(path)).toBe("one\n2\n")
})

test("what no text can carry, and what lies outside of the folders, is not the editor's", async () => {
  const { session, asked, texts } = withEditor()
  const western = session.put("w.txt", new Uint8Array([0x67, 0x72, 0xfc, 0xdf, 0x65, 0x0a]))
  texts.set(western, "gr\uFFFD\uFFFDe\n")
  session.put("b.bin", new Uint8Array([0, 1, 2, 3]))
  session.put(join(session.outside, "o.txt"), "outside\n")

  expect(await session.say("read", { path: "w.txt" })).toContain("grüße")
  expect(await session.say("read", { path: "b.bin" })).toContain("not text")
  expect(await session.say("read", { path: join(session.outside, "o.txt") })).toContain("outside")
  expect(asked).toEqual([])
})

test("a new file is offered to the editor; one that it does not want is written on disk", async () => {
  const { session, asked } = withEditor()
  expect(await session.say("write", { path: "n.ts", content: "new\n" })).toContain("Created n.ts")
  expect(asked).toContain("write n.ts")

  const none = toolSession(
    {},
    {
      hasClient: () => true,
      askClient: async () => {
        throw new SkeinError("client.refused", "Not in my project.")
      },
    },
  )
  sessions.push(none)
  none.put("a.ts", "one\n")
  expect(await none.say("edit", { path: "a.ts", oldText: "one", newText: "1" })).toContain("Changed a.ts")
  expect(await none.say("write", { path: "sub/n.ts", content: "new\n" })).toContain("Created sub/n.ts")
  expect([none.text("a.ts"), none.text("sub/n.ts")]).toEqual(["1\n", "new\n"])
})

test("an editor that brings a file into its form, or does not save it, is told of", async () => {
  const formed = withEditor((text) => text.replaceAll("'", '"'))
  formed.texts.set(formed.path, "one\ntwo\n")
  const said = await formed.session.say("edit", { path: "a.ts", oldText: "one", newText: "let a = 'b'" })
  expect(said).toContain("the editor then formatted it")
  expect(await formed.session.say("edit", { path: "a.ts", oldText: "two", newText: "2" })).toContain("Changed a.ts")

  const lazy = withEditor()
  lazy.texts.set(lazy.path, "one\ntwo\n")
  lazy.stopSaving()
  expect(await lazy.session.say("edit", { path: "a.ts", oldText: "one", newText: "1" })).toContain(
    "The editor has not saved a.ts",
  )
})

test("an editor that refuses to write what it holds, goes away or is silent ends the call, and nothing is written", async () => {
  const outcome = async (code: "client.refused" | "client.gone" | "client.deadline") => {
    const { session, given, texts, path } = withEditor()
    texts.set(path, "one\ntwo\n")
    const plan = await session.plan("edit", { path: "a.ts", oldText: "one", newText: "1" })
    const askClient = async (kind: string, payload: { readonly kind: string }) => {
      if (payload.kind === "write") throw new SkeinError(code, "It is read-only.")
      return await given.askClient(kind, payload)
    }
    const context = { ...session.context, ...given, askClient: askClient as typeof given.askClient }
    const error = await session.port.run(plan, context).catch((error: unknown) => error)
    expect(session.text("a.ts")).toBe("one\ntwo\n")
    return error instanceof SkeinError ? error.code : String(error)
  }
  expect(await outcome("client.refused")).toContain("The editor did not write")
  expect(await outcome("client.gone")).toBe("client.gone")
  expect(await outcome("client.deadline")).toBe("client.deadline")
})

test("an editor that closed the file meanwhile leaves the disk to be the truth", async () => {
  const { session, texts, path } = withEditor()
  texts.delete(path)
  expect(await session.say("edit", { path: "a.ts", oldText: "two", newText: "2" })).toContain("Changed a.ts")
  expect(session.text("a.ts")).toBe("one\n2\n")
  rmSync(path)
  expect(await session.say("read", { path: "a.ts" })).toContain("There is no file a.ts")
})

test("an editor that does not save what it holds keeps it, and the call is over before it changed anything", async () => {
  const saving = async (answer: () => unknown) => {
    const { session, given, texts, path } = withEditor()
    const plan = await session.plan("edit", { path: "a.ts", oldText: "one", newText: "1" })
    const askClient = async (kind: string, payload: { readonly kind: string }) =>
      payload.kind === "write" ? answer() : await given.askClient(kind, payload)
    const context = { ...session.context, ...given, askClient: askClient as typeof given.askClient }
    const said = await session.port.beforeWatch?.(plan, context)?.catch((error: Error) => error.message)
    expect([texts.get(path), session.text("a.ts")]).toEqual(["one\nTWO not saved\n", "one\ntwo\n"])
    return said
  }
  expect(await saving(() => Promise.reject(new SkeinError("client.refused", "Read-only.")))).toContain(
    "The editor did not save",
  )
  expect(await saving(() => ({ isWritten: false }))).toContain("that it did not save")
  expect(await saving(() => ({ done: true }))).toContain("did not say whether it wrote")
})
