import { Database } from "bun:sqlite"
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { appendFile, cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { SessionId } from "@skein/protocol"
import { assertAcceptable, listen, memoryLogs, say, scriptedModel, submitText, testEngine } from "@skein/testkit"
import { importers, summariseForeign } from "../src/index.ts"
import { CHOICES, FIXTURE, FIXTURES, imported, importedFrom } from "./scene.ts"

let home = ""
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "skein-foreign-home-"))
  await cp(join(FIXTURES, "codex"), join(home, ".codex/sessions/2026/03/01"), { recursive: true })
  await cp(join(FIXTURES, "claude"), join(home, ".claude/projects/-home-dev-shop"), { recursive: true })
  await cp(join(FIXTURES, "pi"), join(home, ".pi/agent/sessions/--home-dev-shop--"), { recursive: true })
  await cp(join(FIXTURES, "opencode"), join(home, ".local/share/opencode"), { recursive: true })
})
afterAll(() => rm(home, { recursive: true, force: true }))

describe("sessions of other programs on a machine", () => {
  test("are found where each program keeps them, newest first", async () => {
    const found = await importers({ home, env: {} }).list()
    expect(found.map(({ format, preview, cwd }) => [format, preview, cwd])).toEqual([
      ["codex", "Fix the flaky test.", "/home/dev/shop"],
      ["claude", "Look at this picture and the two files.", "/home/dev/shop"],
      ["pi", "List the files.", "/home/dev/shop"],
      ["opencode", "Greeting", "/home/dev/shop"],
      ["codex", "Say hello.", "/home/dev/old"],
    ])
    expect(await importers({ home, env: {} }).list("pi")).toHaveLength(1)
  })

  test("are found where a variable says that they are", async () => {
    const elsewhere = importers({ home: "/nowhere", env: { CODEX_HOME: join(home, ".codex") } })
    expect(await elsewhere.list()).toHaveLength(2)
  })
})

describe("an import", () => {
  test("of the same source twice gives the same events", async () => {
    const [once, again] = [await imported(FIXTURE.claude), await imported(FIXTURE.claude)]
    expect(JSON.stringify(again.events)).toBe(JSON.stringify(once.events))
    expect(once.events[0]).toMatchObject({
      sessionId: "ses_claude-11111111-2222-4333-8444-555555555555",
      source: { format: "claude", id: "11111111-2222-4333-8444-555555555555" },
    })
  })

  test("is not done again for an unchanged source, and done beside the first for one that has grown", async () => {
    const all = importers({ home, env: {} })
    const path = join(home, ".pi/agent/sessions/--home-dev-shop--/2026-01-05T10-00-00-000Z_0194pi.jsonl")
    const [found] = await all.detect(path)
    if (found === undefined) throw new Error("Not found")
    const known = new Map<SessionId, string>()
    const choices = { ...CHOICES, shaOf: async (id: SessionId) => known.get(id) }
    const first = await all.read(found, choices)
    if (first.kind !== "new") throw new Error("Known")
    for await (const { draft } of first.drafts) {
      if (draft.type === "session.created") known.set(first.sessionId, draft.source?.sha256 ?? "")
    }
    expect(await all.read(found, choices)).toEqual({ kind: "unchanged", sessionId: first.sessionId })
    await appendFile(path, '{"type":"session_info","id":"e99","parentId":"e12","name":"Later"}\n')
    expect(await all.read(found, choices)).toMatchObject({
      kind: "new",
      sessionId: `${first.sessionId}-2`,
      earlier: first.sessionId,
    })
  })

  test("of a log that names no folder goes where the host says, or home, and tells so", async () => {
    const path = join(home, "nofolder.jsonl")
    await Bun.write(path, (await readFile(FIXTURE.pi, "utf8")).replace('"cwd":"/home/dev/shop"', '"x":1'))
    const folders: string[] = []
    for (const choices of [CHOICES, { ...CHOICES, cwd: "/repo" }]) {
      const all = importers({ home: "/home/me", env: {} })
      const [found] = await all.detect(path)
      const reading = found === undefined ? undefined : await all.read(found, choices)
      if (reading?.kind !== "new") throw new Error("Not read")
      for await (const { draft } of reading.drafts)
        if (draft.type === "session.created") folders.push(draft.workspace.path)
      expect(reading.report().lost.map(({ kind }) => kind)).toContain("no_folder")
    }
    expect(folders).toEqual(["/home/me", "/repo"])
  })

  test("whatever it is of, can be continued by asking a model", async () => {
    for (const path of Object.values(FIXTURE)) {
      const { events } = await imported(path)
      const [created] = events
      if (created === undefined) throw new Error("Empty")
      const model = scriptedModel(say("Here I am."))
      const engine = testEngine(model, { logs: memoryLogs([events]) })
      const session = listen(engine, created.sessionId)
      await submitText(engine, created.sessionId, "Go on.")
      for (;;) if ((await session.until("turn.ended")).seq > events.length) break
      await engine.close()
      const [request] = model.requests
      assertAcceptable(request?.messages ?? [])
    }
  })

  test("makes control characters visible, as in every text of a log", async () => {
    const path = join(home, "bells.jsonl")
    const text = await readFile(FIXTURE.pi, "utf8")
    await Bun.write(path, text.replace("List the files.", "\\u001b[31mred\\u0007"))
    const { state } = await imported(path)
    expect(JSON.stringify(state.items)).toContain("\\\\e[31mred\\\\u{7}")
  })
})

describe("a database of opencode", () => {
  const messages = ["msg_01", "msg_02", "msg_03"]
  test("holds the same sessions as the files of older versions", async () => {
    const path = join(home, "opencode.db")
    using database = new Database(path)
    database.run("CREATE TABLE session (id TEXT, directory TEXT, title TEXT, time_created INTEGER, parent_id TEXT)")
    database.run("CREATE TABLE message (id TEXT, session_id TEXT, time_created INTEGER, data TEXT)")
    database.run("CREATE TABLE part (id TEXT, message_id TEXT, data TEXT)")
    database.run("INSERT INTO session VALUES ('ses_hand1', '/home/dev/shop', 'Greeting', 1767000000000, NULL)")
    database.run("INSERT INTO session VALUES ('ses_hand2', '/home/dev/shop', 'Other', 1767000000001, 'ses_hand1')")
    const storage = join(FIXTURES, "opencode/storage")
    for (const id of messages) {
      const data = await readFile(join(storage, "message/ses_hand1", `${id}.json`), "utf8")
      database.run("INSERT INTO message VALUES (?, 'ses_hand1', ?, ?)", [id, JSON.parse(data).time.created, data])
      for await (const part of new Bun.Glob("*.json").scan(join(storage, "part", id))) {
        const name = part.replace(".json", "")
        database.run("INSERT INTO part VALUES (?, ?, ?)", [
          name,
          id,
          await readFile(join(storage, "part", id, part), "utf8"),
        ])
      }
    }
    const found = await importers({ home, env: {} }).detect(path)
    expect(found.map(({ id, isInteractive }) => [id, isInteractive])).toEqual([
      ["ses_hand1", true],
      ["ses_hand2", false],
    ])
    const [first] = found
    if (first === undefined) throw new Error("Not found")
    const { lines, report } = await importedFrom(first)
    expect(lines).toEqual((await imported(FIXTURE.opencode)).lines)
    expect(report.malformed.count).toBe(1)
  })

  test("of a version that is not known is an error that names what is missing", async () => {
    const path = join(home, "newer.db")
    using database = new Database(path)
    database.run("CREATE TABLE session (id TEXT, directory TEXT, title TEXT, time_created INTEGER)")
    database.run("CREATE TABLE message (id TEXT, session_id TEXT, time_created INTEGER, content TEXT)")
    expect(importers({ home, env: {} }).detect(path)).rejects.toThrow(/no column message.data/)
  })
})

describe("a summary of a log", () => {
  test("counts lines, turns, calls, tokens and what is broken", async () => {
    const summary = await summariseForeign(FIXTURE.codex)
    expect(summary).toMatchObject({
      format: "codex",
      id: "0195aaaa-bbbb-7ccc-8ddd-000000000001",
      cwd: "/home/dev/shop",
      models: ["openai/gpt-5"],
      git: { commit: "abc123", branch: "main" },
      lines: 33,
      malformed: { count: 1, lines: [22] },
      isTorn: true,
      turns: { started: 3, done: 1, interrupted: 1, failed: 1 },
      tools: {
        shell: { calls: 2, success: 0, error: 1, cancelled: 0, open: 1, durationMs: 3_500, durationMsMax: 3_500 },
        exec_command: { calls: 1, success: 1 },
        apply_patch: { calls: 1, success: 1 },
      },
      usage: { input: 1_100, cacheRead: 1_400, output: 80 },
      compactions: 1,
    })
    expect(summary.lineTypes["event_msg/task_started"]).toBe(3)
  })

  test("agrees with the imported session on tokens, for every format", async () => {
    for (const path of Object.values(FIXTURE)) {
      const [{ state }, { usage }] = [await imported(path), await summariseForeign(path)]
      const { isEstimated: _, ...counted } = state.usage
      expect(usage).toEqual(counted)
    }
  })

  test("of a file that is no log says so by its counts", async () => {
    const path = join(home, "noise.jsonl")
    await mkdir(home, { recursive: true })
    await Bun.write(path, 'x\n{"type":"a"}\ny')
    expect(await summariseForeign(path)).toMatchObject({
      format: "unknown",
      lines: 3,
      lineTypes: { a: 1 },
      malformed: { count: 1, lines: [1] },
      isTorn: true,
    })
  })
})
