import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { DurableEvent, Item, ToolCall } from "@skein/protocol"
import { call, openSession, say, scriptedModel, submitText, testEngine, testShell, testTools } from "@skein/testkit"
import { htmlOf, jsonOf, markdownOf, replayOf, scriptOf } from "../src/index.ts"
import { VIEW } from "./scene.ts"

let folder = ""
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "skein-documents-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Compares with a kept document; written anew with SKEIN_BLESS=1, to be read before it is committed. */
async function golden(name: string, text: string): Promise<void> {
  const path = join(import.meta.dir, "golden", name)
  if (process.env.SKEIN_BLESS === "1") await Bun.write(path, text)
  expect(text).toBe(await readFile(path, "utf8"))
}

describe("a rich session looks as it was judged to look", () => {
  test("in Markdown", () => golden("rich.md.golden", markdownOf(VIEW)))
  test("as a page", () => golden("rich.html.golden", htmlOf(VIEW, { redaction: { home: "/home/dev" } }).html))
  test("as a script", () => golden("rich.sh.golden", scriptOf(VIEW)))
})

test("JSON gives the view back as it was", () => {
  expect(JSON.parse(jsonOf(VIEW))).toEqual({ format: "skein-session", version: 1, session: VIEW })
})

test("a session that was played gives documents of all kinds", async () => {
  const tools = testTools({ bash: { run: () => "fine" } })
  const engine = testEngine(scriptedModel(call("bash", { command: "ls" }), say("All is **well**.")), { tools })
  const session = await openSession(engine)
  await submitText(engine, session.id, "Look around.")
  await session.until("turn.ended")
  const view = await engine.ask({ type: "session.read", sessionId: session.id })
  const events = session.events.filter((event): event is DurableEvent => "seq" in event)
  await engine.close()
  expect(markdownOf(view)).toContain("> Look around.")
  expect(htmlOf(view, { redaction: "off" }).html).toContain("All is <strong>well</strong>.")
  expect(replayOf(events)).toMatch(
    /› Look around\.[\s\S]*✓ bash[\s\S]*┊ fine[\s\S]*All is \*\*well\*\*[\s\S]*completed/,
  )
})

test("an empty session gives documents too", () => {
  const empty = { ...VIEW, items: [], title: undefined }
  expect(markdownOf(empty)).toStartWith("# A session\n")
  const placeless = { ...empty, cwd: "", createdAt: 0, settings: { ...VIEW.settings, model: "" } }
  expect(markdownOf(placeless).split("\n")[2]).toBe("an unknown time · 0 turns · 0 tool calls · 97.1 k tokens · $0.18")
  expect(htmlOf(empty, { redaction: "off" }).html).toContain("<h1>A session</h1>")
  expect(scriptOf(empty)).toContain("every step went through")
  expect(replayOf([])).toBe("\n")
})

/** A session of these calls alone, in a folder of its own. */
async function replayed(calls: readonly (Partial<ToolCall> & { readonly name: string; readonly input: unknown })[]) {
  const cwd = await mkdtemp(join(folder, "run-"))
  const items: Item[] = calls.map((facts, at) => ({
    ...{ kind: "tool_call", turnId: "trn_1", step: at, callId: `cal_${at}`, index: 0, locations: [] },
    ...{ title: facts.name, toolKind: facts.name === "bash" ? "execute" : "edit", state: "success", ...facts },
  }))
  const script = join(folder, "script.sh")
  await writeFile(script, scriptOf({ ...VIEW, cwd, items }))
  const ran = Bun.spawnSync(["bash", script], { cwd: folder })
  return { cwd, exitCode: ran.exitCode, stderr: ran.stderr.toString(), stdout: ran.stdout.toString() }
}

describe("a script", () => {
  test("does again what succeeded: files, edits and commands, byte for byte", async () => {
    const odd = 'it\'s "odd" $HOME `x` \\n %s\n\n\ttab\nSKEIN_1\nno newline at the end'
    const { cwd, exitCode, stderr } = await replayed([
      { name: "write", input: { path: "a b/odd.txt", content: odd } },
      { name: "write", input: { path: "-dash.txt", content: "one two two\n\n" } },
      { name: "write", input: { path: "raw.bin", content: "esc \u001b[31m\u0007 end\n" } },
      { name: "edit", input: { path: "-dash.txt", oldText: "one", newText: "$1 \\U/&" } },
      { name: "edit", input: { path: "-dash.txt", oldText: "two", newText: "2", replaceAll: true } },
      {
        name: "multiedit",
        input: {
          path: "a b/odd.txt",
          edits: [
            { oldText: "it's", newText: "it is" },
            { oldText: "\n\n\ttab", newText: "\ntab" },
          ],
        },
      },
      {
        name: "bash",
        input: { command: "cat -- -dash.txt > copy.txt\nread -r line || echo 'nothing on the input' >> copy.txt" },
      },
      { name: "bash", input: { command: "x=state" } },
      { name: "bash", input: { command: 'printf %s "${x:-gone}" >> copy.txt' } },
    ])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" })
    expect(await readFile(join(cwd, "a b/odd.txt"), "utf8")).toBe(
      odd.replace("it's", "it is").replace("\n\n\ttab", "\ntab"),
    )
    expect(await readFile(join(cwd, "raw.bin"), "utf8")).toBe("esc \u001b[31m\u0007 end\n")
    expect(await readFile(join(cwd, "copy.txt"), "utf8")).toBe("$1 \\U/& 2 2\n\nnothing on the input\ngone")
  })

  test("runs nothing of what failed, was refused or has no words in a shell", async () => {
    const { cwd, exitCode } = await replayed([
      { name: "bash", state: "error", input: { command: "touch failed\ntouch failed-too" } },
      { name: "bash", state: "cancelled", title: "x\ntouch title", input: { command: "touch stopped" } },
      { name: "bash", state: "executing", input: { command: "touch open" } },
      { name: "apply_patch", input: { patch: "*** Begin Patch\ntouch patch" } },
      { name: "bash\ntouch name", inputText: "touch broken\ntouch broken2", input: undefined },
    ])
    expect({ exitCode, files: await readdir(cwd) }).toEqual({ exitCode: 0, files: [] })
  })

  test("does patches again, or none of one that it cannot do whole", async () => {
    const patch = [
      "*** Begin Patch",
      "*** Add File: a/new.txt",
      "+one",
      "+two",
      "*** Update File: old.txt",
      "@@ section",
      " keep",
      "-drop",
      "+add",
      "",
      " end",
      "*** Delete File: gone.txt",
      "*** End Patch",
    ].join("\n")
    const moved = "*** Begin Patch\n*** Update File: old.txt\n*** Move to: new.txt\n@@\n-add\n+x\n*** End Patch"
    const { cwd, exitCode } = await replayed([
      { name: "write", input: { path: "old.txt", content: "keep\ndrop\n\nend\n" } },
      { name: "write", input: { path: "gone.txt", content: "" } },
      { name: "apply_patch", input: { patch } },
      { name: "apply_patch", input: { patch: moved } },
    ])
    expect({ exitCode, files: (await readdir(cwd)).sort() }).toEqual({ exitCode: 0, files: ["a", "old.txt"] })
    expect(await readFile(join(cwd, "old.txt"), "utf8")).toBe("keep\nadd\n\nend\n")
    expect(await readFile(join(cwd, "a/new.txt"), "utf8")).toBe("one\ntwo\n")
  })

  test("stops where something goes differently", async () => {
    const edit = { name: "edit", input: { path: "a.txt", oldText: "missing", newText: "x" } }
    const { cwd, exitCode, stderr } = await replayed([
      { name: "write", input: { path: "a.txt", content: "here" } },
      edit,
      { name: "bash", input: { command: "touch after" } },
    ])
    expect(exitCode).toBe(1)
    expect(stderr).toContain("Cannot edit a.txt: the text to replace is not there.")
    expect(await readdir(cwd)).toEqual(["a.txt"])
  })

  test("runs in another folder when told to, and touches nothing outside", async () => {
    const [cwd, other] = [await mkdtemp(join(folder, "from-")), join(folder, "other")]
    await mkdir(other)
    const path = join(cwd, "deep/file.txt")
    const items: Item[] = [
      {
        kind: "tool_call",
        turnId: "trn_1",
        step: 1,
        callId: "cal_1",
        index: 0,
        name: "write",
        title: "write",
        toolKind: "edit",
        locations: [],
        input: { path, content: "x" },
        state: "success",
      },
    ]
    const script = join(folder, "other.sh")
    await writeFile(script, scriptOf({ ...VIEW, cwd, items }))
    expect(Bun.spawnSync(["bash", script, other]).exitCode).toBe(0)
    expect(await readdir(cwd)).toEqual([])
    expect((await stat(join(other, "deep/file.txt"))).isFile()).toBe(true)
  })
})

test("commands that the person ran stand in every document, but private ones in none", async () => {
  const shellLines = testShell((command) => ({
    ...{ forModel: [{ type: "text", text: `${command} said` }], exitCode: 0 },
    forHuman: { kind: "command", body: `${command} said`, summary: "exit 0" },
  }))
  const engine = testEngine(scriptedModel(), { shellLines })
  const session = await openSession(engine)
  for (const [command, isPrivate] of [
    ["make all", false],
    ["pass show", true],
  ] as const) {
    await engine.submit({ type: "shell.run", sessionId: session.id, command, isPrivate })
    await session.until("shell.ended")
  }
  const view = await engine.ask({ type: "session.read", sessionId: session.id })
  const events = session.events.filter((event): event is DurableEvent => "seq" in event)
  await engine.close()

  const documents = [
    markdownOf(view),
    htmlOf(view, { redaction: {} }).html,
    scriptOf(view),
    jsonOf(view),
    replayOf(events),
  ]
  for (const document of documents) {
    expect(document).toContain("make all")
    expect(document).not.toContain("pass show")
  }
  expect(replayOf(events)).toContain("✓ ! make all")
})
