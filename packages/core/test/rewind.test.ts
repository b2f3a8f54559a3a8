import { expect, test } from "bun:test"
import type { FileVersion, PathChange, RewindTarget, SessionId, TurnId } from "@skein/protocol"
import {
  call,
  listen,
  memoryCheckpoints,
  memoryLogs,
  say,
  scriptedModel,
  submitText,
  testEngine,
  testTools,
} from "@skein/testkit"
import { sha256 } from "../src/context/sha256.ts"
import type { CheckpointsPort, LogsPort, RestoreStep } from "../src/ports/index.ts"
import { scene } from "./scene.ts"

test("undo takes the newest turn out of the conversation, and the next request does not hold it", async () => {
  const model = scriptedModel(say("one"), say("two"), say("three"))
  const given = await talk(model, ["first", "second"])

  await given.op({ type: "session.rewind", to: { kind: "undo", turns: 1 }, scope: "chat" })
  await said(given, "third")

  expect(wordsOf(model.requests.at(-1))).toEqual(["first", "one", "third"])
})

test("redo brings back what was undone, step by step, until a new turn is begun", async () => {
  const model = scriptedModel(say("one"), say("two"), say("three"))
  const given = await talk(model, ["first", "second"])
  const items = async () =>
    (await given.engine.ask({ type: "session.read", sessionId: given.id })).items.flatMap((item) =>
      "text" in item ? [item.text] : [],
    )
  const undo = () => given.op({ type: "session.rewind", to: { kind: "undo", turns: 1 }, scope: "both" })
  const redo = () =>
    given.engine.submit({ type: "session.rewind", sessionId: given.id, to: { kind: "redo" }, scope: "both" })

  await undo()
  expect(await items()).toEqual(["one"])
  await undo()
  expect(await items()).toEqual([])
  await redo()
  expect(await items()).toEqual(["one"])
  await redo()
  expect(await items()).toEqual(["one", "two"])
  expect(await redo()).toMatchObject({ status: "rejected", code: "op.invalid" })
  await undo()
  await said(given, "instead")
  expect(await redo()).toMatchObject({ status: "rejected", code: "op.invalid" })
  expect(await items()).toEqual(["one", "three"])
})

test("what was left stays as a branch of the tree, can be named, and can be gone back to", async () => {
  const model = scriptedModel(say("one"), say("two"), say("three"), say("four"))
  const given = await talk(model, ["first", "second"])
  const second = await turnNamed(given, "second")
  await given.op({ type: "turn.label", turnId: second, label: "the long way" })
  await given.op({ type: "session.rewind", to: { kind: "before", turnId: second }, scope: "chat" })
  await said(given, "third")

  const tree = await given.engine.ask({ type: "session.tree", sessionId: given.id })
  expect(tree.turns.map(({ preview, isCurrent, label }) => ({ preview, isCurrent, label }))).toEqual([
    { preview: "first", isCurrent: true, label: undefined },
    { preview: "second", isCurrent: false, label: "the long way" },
    { preview: "third", isCurrent: true, label: undefined },
  ])
  const [first, left, third] = tree.turns
  expect(left?.parentTurnId).toBe(first?.turnId)
  expect(third?.parentTurnId).toBe(first?.turnId)
  await given.op({ type: "session.rewind", to: { kind: "seq", seq: left?.endSeq ?? 0 }, scope: "chat" })
  await said(given, "fourth")
  expect(wordsOf(model.requests.at(-1))).toEqual(["first", "one", "second", "two", "fourth"])
})

test("a rewind to the middle of a turn, to no turn, or while one runs is refused, and changes nothing", async () => {
  const given = await talk(scriptedModel(say("one"), [new Promise(() => undefined)]), ["first"])
  const rewind = (to: RewindTarget) =>
    given.engine.submit({ type: "session.rewind", sessionId: given.id, to, scope: "chat" })
  const seq = given.session.events.filter((event) => "seq" in event).length

  expect(await rewind({ kind: "seq", seq: 3 })).toMatchObject({ code: "op.invalid" })
  expect(await rewind({ kind: "seq", seq: 999 })).toMatchObject({ code: "op.invalid" })
  expect(await rewind({ kind: "undo", turns: 2 })).toMatchObject({ code: "op.invalid" })
  expect(await rewind({ kind: "before", turnId: "trn_none" })).toMatchObject({ code: "op.invalid" })
  expect(given.session.events.filter((event) => "seq" in event).length).toBe(seq)
  await given.say("second")
  expect(await rewind({ kind: "undo", turns: 1 })).toMatchObject({ code: "turn.busy" })
  await given.engine.close()
})

test("a rewind at the very end of a turn waits for what was queued, and then is refused: it goes into no running turn", async () => {
  const [letting, letGo, inner] = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), memoryLogs()]
  const logs: LogsPort = {
    ...inner,
    async create(sessionId) {
      const savePoint = async () => {
        letting.resolve()
        await letGo.promise
      }
      return { ...(await inner.create(sessionId)), savePoint }
    },
  }
  const answer = Promise.withResolvers<void>()
  const given = await scene(scriptedModel([answer.promise, ...say("one")], [new Promise(() => undefined)]), { logs })
  for (let n = 0; n < 210; n++) await given.op({ type: "session.change", title: `${n}` })
  await given.say("first")
  await given.say("queued", "queue")
  answer.resolve()
  await letting.promise

  const to = { kind: "undo", turns: 1 } as const
  const rewinding = given.engine.submit({ type: "session.rewind", sessionId: given.id, to, scope: "chat" })
  letGo.resolve()
  expect(await rewinding).toMatchObject({ status: "rejected", code: "turn.busy" })
  expect((await inner.read(given.id)).filter(({ type }) => type === "session.rewound")).toEqual([])
  await given.engine.close()
})

test("what could not be watched is named by an undo, once, although nothing was seen to change", async () => {
  const checkpoints = memoryCheckpoints()
  const tools = testTools({ write: { effects: [{ kind: "unknown" }], run: () => "done" } })
  const script = [call("write", { n: 1 }), call("write", { n: 2 }), say("one")]
  const given = await scene(scriptedModel(...script), { tools, checkpoints }, { mode: "full" })
  checkpoints.notCovered = ["/home/me is too large to be watched."]
  await said(given, "first")

  const to = { kind: "undo", turns: 1 } as const
  const preview = await given.engine.ask({ type: "rewind.preview", sessionId: given.id, to, scope: "both" })
  expect(preview).toMatchObject({ files: [], notCovered: checkpoints.notCovered })
  expect(given.session.events.filter(({ type }) => type === "files.changed")).toHaveLength(1)
  expect(await given.engine.ask({ type: "checkpoints.list", sessionId: given.id })).toEqual([])
  await given.engine.close()
})

test("a point that cannot be kept keeps no turn from beginning", async () => {
  const inner = memoryLogs()
  const logs: LogsPort = {
    ...inner,
    create: async (sessionId) => ({
      ...(await inner.create(sessionId)),
      savePoint: () => Promise.reject(new Error("no point")),
    }),
  }
  const defects: unknown[] = []
  const given = await scene(scriptedModel(say("one"), say("two")), { logs, onDefect: (error) => defects.push(error) })
  for (let n = 0; n < 210; n++) await given.op({ type: "session.change", title: `${n}` })
  await said(given, "first")
  await said(given, "second")
  expect(defects).toHaveLength(1)
})

test("a session that went back and forth is the same after it is opened anew, from its start or from a point", async () => {
  const logs = memoryLogs()
  const many = Array.from({ length: 60 }, (_, n) => say(`answer ${n}`))
  const given = await talk(
    scriptedModel(...many),
    Array.from({ length: 45 }, (_, n) => `prompt ${n}`),
    { logs },
  )
  await given.op({ type: "session.rewind", to: { kind: "undo", turns: 40 }, scope: "chat" })
  await said(given, "after all")
  const before = await given.engine.ask({ type: "session.read", sessionId: given.id })
  await given.engine.close()

  const model = scriptedModel(say("fine"))
  const again = testEngine(model, { logs })
  const opened = await submitText(again, given.id, "go on")
  expect(opened.status).toBe("accepted")
  const session = listen(again, given.id, 1)
  await session.until("turn.ended")
  expect(wordsOf(model.requests[0])).toEqual([...before.items.flatMap(wordOf), "go on"])
  await again.close()
})

test("a fork begins with the conversation up to a turn, goes its own way, and leaves the other as it was", async () => {
  const model = scriptedModel(say("one"), say("two"), say("three"))
  const given = await talk(model, ["first", "second"])
  const throughTurnId = await turnNamed(given, "first")
  const receipt = await given.op({ type: "session.fork", newSessionId: "ses_fork", throughTurnId })

  expect(receipt).toMatchObject({ sessionId: "ses_fork" })
  const fork = listen(given.engine, "ses_fork")
  await submitText(given.engine, "ses_fork", "third")
  await fork.until("turn.ended")
  const wordsIn = async (sessionId: SessionId) =>
    (await given.engine.ask({ type: "session.read", sessionId })).items.flatMap(wordOf)
  expect(await wordsIn("ses_fork")).toEqual(["first", "one", "third", "three"])
  expect(await wordsIn(given.id)).toEqual(["first", "one", "second", "two"])
  await given.engine.close()
})

test("a fork of a session that is running takes the running turn along as interrupted, and none of its queue", async () => {
  const given = await talk(scriptedModel(say("one"), [new Promise(() => undefined)]), ["first"])
  await given.say("second")
  await given.say("third", "queue")
  await given.op({ type: "session.fork", newSessionId: "ses_fork" })

  const fork = await given.engine.ask({ type: "session.read", sessionId: "ses_fork" })
  expect({ words: fork.items.flatMap(wordOf), queue: fork.queue, running: fork.runningTurn }).toEqual({
    words: ["first", "one", "second"],
    queue: [],
    running: undefined,
  })
  await given.engine.close()
})

test("undo puts files back to before the turn, redo forward again, and the model is told when only files go", async () => {
  const files = new Map<string, string>()
  const tools = writing(files)
  const model = scriptedModel(call("write", { n: 1 }), say("one"), call("write", { n: 2 }), say("two"), say("three"))
  const given = await scene(model, { tools, checkpoints: mapCheckpoints(files) })
  await said(given, "first")
  await said(given, "second")

  const rewind = (to: RewindTarget, scope: "code" | "both") => given.op({ type: "session.rewind", to, scope })
  const preview = await given.engine.ask({
    type: "rewind.preview",
    sessionId: given.id,
    to: { kind: "undo", turns: 2 },
    scope: "both",
  })
  expect(preview.files).toEqual([{ path: "/repo/a", action: "delete" }])
  await rewind({ kind: "undo", turns: 1 }, "code")
  expect(files.get("/repo/a")).toBe("1")
  await rewind({ kind: "redo" }, "both")
  expect(files.get("/repo/a")).toBe("2")
  await rewind({ kind: "undo", turns: 2 }, "both")
  expect(files.get("/repo/a")).toBeUndefined()
  await rewind({ kind: "redo" }, "both")
  expect(files.get("/repo/a")).toBe("2")
  await said(given, "third")
  expect(JSON.stringify(model.requests.at(-1))).toContain("took these files back")

  files.set("/repo/a", "by hand")
  const refused = {
    type: "session.rewind",
    sessionId: given.id,
    to: { kind: "undo", turns: 3 },
    scope: "both",
  } as const
  expect(await given.engine.submit(refused)).toMatchObject({ status: "rejected" })
  expect(files.get("/repo/a")).toBe("by hand")
  const words = (await given.engine.ask({ type: "session.read", sessionId: given.id })).items.flatMap(wordOf)
  expect(words).toContain("third")
  // A merge that cannot be made leaves the file: nobody may think that it went back.
  await given.op({ ...refused, onConflict: "merge" })
  expect(files.get("/repo/a")).toBe("by hand")
  expect(await given.session.until("notice.posted")).toMatchObject({
    level: "warning",
    text: expect.stringContaining("1 file could not go back and is as before: /repo/a"),
  })
})

test("in a fork everything that skein did to the files can be taken back, also what a branch did that was left, and nothing is redone", async () => {
  for (const scope of ["chat", "code", "both"] as const) {
    const files = new Map<string, string>()
    const model = scriptedModel(call("write", { n: 1 }), say("one"), call("write", { n: 2 }), say("two"))
    const given = await scene(model, { tools: writing(files), checkpoints: mapCheckpoints(files) })
    await said(given, "first")
    await said(given, "second")
    await given.op({ type: "session.rewind", to: { kind: "undo", turns: 1 }, scope })
    const left = files.get("/repo/a")
    await given.op({ type: "session.fork", newSessionId: "ses_fork" })
    await given.op({ type: "session.fork", newSessionId: "ses_away", cwd: "/elsewhere" })

    const rewind = (sessionId: SessionId, to: RewindTarget) =>
      given.engine.submit({ type: "session.rewind", sessionId, to, scope: "both" })
    expect(await rewind("ses_fork", { kind: "redo" })).toMatchObject({ status: "rejected", code: "op.invalid" })
    const turns = scope === "code" ? 2 : 1
    expect(await rewind("ses_away", { kind: "undo", turns })).toMatchObject({ status: "accepted" })
    expect(files.get("/repo/a")).toBe(left)
    expect(await rewind("ses_fork", { kind: "undo", turns })).toMatchObject({ status: "accepted" })
    expect(files.get("/repo/a")).toBeUndefined()
    await given.engine.close()
  }
})

test("a session that another process writes can be followed, and is not opened by it", async () => {
  const logs = memoryLogs()
  const given = await talk(scriptedModel(say("one"), say("two")), ["first"], { logs })
  const other = testEngine(scriptedModel(), { logs })
  const seen: string[] = []
  const following = (async () => {
    for await (const event of other.events({ sessionId: given.id, from: 1, isReadOnly: true })) {
      seen.push(event.type)
      if (event.type === "turn.ended" && seen.filter((type) => type === "turn.ended").length === 2) return
    }
  })()
  await said(given, "second")
  await following
  expect(seen.slice(0, 2)).toEqual(["session.created", "turn.started"])
  expect(await other.submit({ type: "session.change", sessionId: given.id, title: "mine" })).toMatchObject({
    code: "session.in_use",
  })
  await given.engine.close()
})

type Given = Awaited<ReturnType<typeof scene>>

async function talk(
  model: Parameters<typeof scene>[0],
  prompts: readonly string[],
  ports: Parameters<typeof scene>[1] = {},
): Promise<Given> {
  const given = await scene(model, ports)
  for (const prompt of prompts) await said(given, prompt)
  return given
}

async function said(given: Given, prompt: string): Promise<void> {
  await given.say(prompt)
  await given.session.until("turn.ended")
}

async function turnNamed(given: Given, preview: string): Promise<TurnId> {
  const { turns } = await given.engine.ask({ type: "session.tree", sessionId: given.id })
  const turn = turns.find((each) => each.preview === preview)
  if (turn === undefined) throw new Error(`No turn ${preview}`)
  return turn.turnId
}

function wordsOf(
  request: { readonly messages: readonly { readonly content: readonly object[] }[] } | undefined,
): string[] {
  const blocks = (request?.messages ?? []).flatMap((message) => message.content)
  return blocks.flatMap((block) => ("text" in block && typeof block.text === "string" ? [block.text] : []))
}

function wordOf(item: object): string[] {
  if ("text" in item && typeof item.text === "string") return [item.text]
  if (!("input" in item) || !Array.isArray(item.input)) return []
  return item.input.flatMap((part) => (typeof part.text === "string" ? [part.text] : []))
}

/** A tool that writes a number into the one file. */
function writing(files: Map<string, string>) {
  return testTools({
    write: {
      effects: [{ kind: "write", paths: ["/repo/a"], isInside: true }],
      run: ({ n }) => {
        files.set("/repo/a", String(n))
        return "written"
      },
    },
  })
}

/** Files in a map, put back as the port promises. */
function mapCheckpoints(files: Map<string, string>): CheckpointsPort {
  const version = (path: string): FileVersion | null => {
    const text = files.get(path)
    return text === undefined ? null : { kind: "file", sha256: text, bytes: 1, mode: 0o644, isKept: true }
  }
  const put = ({ path, target }: RestoreStep): PathChange => {
    const before = version(path)
    if (target?.kind === "file") files.set(path, target.sha256)
    else files.delete(path)
    return { path, before, after: target }
  }
  return {
    async watch({ paths = [] }) {
      const before = paths.map(version)
      const settle = async () => ({
        changes: paths.map((path, at) => ({ path, before: before[at] ?? null, after: version(path) })),
        notCovered: [],
      })
      return { settle }
    },
    preview: async (steps) =>
      steps.map(({ path, target }) => ({ path, action: target === null ? "delete" : "restore" })),
    async restore(steps, onConflict) {
      const conflict = steps.find(
        ({ path, expected, isInterrupted }) => isInterrupted || !Bun.deepEquals(version(path), expected),
      )
      if (conflict !== undefined && onConflict === "merge") {
        return { changes: [], conflicts: [{ path: conflict.path, reason: "it was changed since" }] }
      }
      if (conflict !== undefined) throw new (await import("@skein/protocol")).SkeinError("checkpoint.conflict", "no")
      return { changes: steps.map(put), conflicts: [] }
    },
    diff: async () => [],
    revertHunk: () => Promise.reject(new Error("Nobody takes back a hunk here")),
  }
}

/** Two lines that a call made of one, each a hunk by itself. */
async function twoHunks() {
  const checkpoints = memoryCheckpoints({ "/repo/a": "one\nkept\ntwo\n", "/repo/b": "other\n" })
  const write = () => {
    checkpoints.put("/repo/a", "ONE\nkept\nTWO\n")
    return "written"
  }
  const effects = [{ kind: "write", paths: ["/repo/a"], isInside: true }] as const
  const model = scriptedModel(call("write", {}), say("done"), say("I see"))
  const given = await scene(model, { checkpoints, tools: testTools({ write: { effects: [...effects], run: write } }) })
  await given.say("go")
  await given.session.until("turn.ended")
  const revert = (
    more: {
      path?: string
      sha256?: string
      onConflict?: "overwrite"
      hunk?: { line: number; oldText: string; newText: string }
    } = {},
  ) =>
    given.engine.submit({
      ...{ type: "files.revert", sessionId: given.id, path: "/repo/a", sha256: sha256("ONE\nkept\nTWO\n") },
      ...{ hunk: { line: 3, oldText: "two\n", newText: "TWO\n" }, ...more },
    })
  return { ...given, checkpoints, model, revert }
}

test("one hunk goes back by itself, the model is told, and undo and redo stay right", async () => {
  const given = await twoHunks()
  const rewind = (to: RewindTarget) => given.op({ type: "session.rewind", to, scope: "code" })

  expect(await given.revert()).toMatchObject({ status: "accepted" })
  expect(given.checkpoints.at("/repo/a")).toBe("ONE\nkept\ntwo\n")
  await rewind({ kind: "redo" })
  expect(given.checkpoints.at("/repo/a")).toBe("ONE\nkept\nTWO\n")
  expect(await given.revert()).toMatchObject({ status: "accepted" })
  await rewind({ kind: "undo", turns: 1 })
  expect(given.checkpoints.at("/repo/a")).toBe("one\nkept\ntwo\n")

  await given.say("and?")
  await given.session.until("turn.ended")
  expect(JSON.stringify(given.model.requests.at(-1)?.messages)).toContain("took these files back")
})

test("a file that skein made goes with the last of its lines, and is none that changed then", async () => {
  const checkpoints = memoryCheckpoints({})
  const write = () => {
    checkpoints.put("/repo/new", "made\n")
    return "written"
  }
  const effects = [{ kind: "write", paths: ["/repo/new"], isInside: true }] as const
  const tools = testTools({ write: { effects: [...effects], run: write } })
  const given = await scene(scriptedModel(call("write", {}), say("done")), { checkpoints, tools })
  await given.say("go")
  await given.session.until("turn.ended")
  const hunk = { line: 1, oldText: "", newText: "made\n" }
  const op = { type: "files.revert", sessionId: given.id, path: "/repo/new", sha256: sha256("made\n"), hunk } as const

  expect(await given.engine.submit(op)).toMatchObject({ status: "accepted" })
  expect(checkpoints.at("/repo/new")).toBeUndefined()
  await given.op({ type: "session.rewind", to: { kind: "redo" }, scope: "code" })
  expect(checkpoints.at("/repo/new")).toBe("made\n")
})

test("a hunk of a file that changed since, or that skein never changed, is refused", async () => {
  const given = await twoHunks()

  expect(await given.revert({ path: "/repo/b" })).toMatchObject({ status: "rejected", code: "op.invalid" })
  const shown = sha256("shown before")
  expect(await given.revert({ sha256: shown, onConflict: "overwrite" })).toMatchObject({
    status: "rejected",
    code: "checkpoint.conflict",
  })
  expect(given.checkpoints.at("/repo/a")).toBe("ONE\nkept\nTWO\n")
})

test("a hunk of a file that somebody else changed too is taken back only when that is said", async () => {
  const given = await twoHunks()
  const theirs = "ONE\nkept\nTWO\nmine\n"
  given.checkpoints.put("/repo/a", theirs)

  expect(await given.revert({ sha256: sha256(theirs) })).toMatchObject({ code: "checkpoint.foreign" })
  expect(given.checkpoints.at("/repo/a")).toBe(theirs)
  expect(await given.revert({ sha256: sha256(theirs), onConflict: "overwrite" })).toMatchObject({ status: "accepted" })
  expect(given.checkpoints.at("/repo/a")).toBe("ONE\nkept\ntwo\nmine\n")
  // From then on the log says it: what skein had left is not what it found.
  const now = sha256("ONE\nkept\ntwo\nmine\n")
  const again = { sha256: now, hunk: { line: 1, oldText: "one\n", newText: "ONE\n" } }
  expect(await given.revert(again)).toMatchObject({ code: "checkpoint.foreign" })
})
