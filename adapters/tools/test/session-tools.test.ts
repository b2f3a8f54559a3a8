import { afterEach, describe, expect, test } from "bun:test"
import type { SessionsPort } from "@skein/core/ports"
import { NO_USAGE, type SearchHit, type SessionView } from "@skein/protocol"
import { noSessions, type ToolSession, textOf, toolSession } from "./session.ts"

let session: ToolSession | undefined
afterEach(() => session?.close())

/** A workspace whose session looks back on what a test says. */
function looking(sessions: Partial<SessionsPort> = {}): ToolSession {
  session = toolSession({}, { sessions: { ...noSessions, ...sessions } })
  return session
}

const VIEW: SessionView = {
  sessionId: "ses_old",
  cwd: "/elsewhere",
  createdAt: 0,
  seq: 9,
  settings: {
    model: "test/one",
    mode: "ask",
    sandbox: "workspace-write",
    extraRoots: [],
    limits: { microUsdMax: 2_000_000, sessionMicroUsdMax: 1_000_000, dayMicroUsdMax: 5_000_000 },
  },
  items: [
    {
      kind: "user_message",
      turnId: "trn_1",
      inputId: "inp_1",
      input: [{ type: "text", text: "fix the bug" }],
      isSteer: false,
    },
    {
      kind: "agent_message",
      turnId: "trn_1",
      step: 1,
      itemId: "itm_1",
      index: 0,
      text: "Looking.",
      status: "complete",
    },
    { kind: "agent_message", turnId: "trn_1", step: 1, itemId: "itm_2", index: 1, text: "Gone.", status: "discarded" },
    {
      kind: "tool_call",
      turnId: "trn_1",
      step: 1,
      callId: "cal_1",
      index: 2,
      name: "read",
      title: "read a.ts",
      toolKind: "read",
      locations: [],
      state: "success",
    },
    {
      kind: "agent_message",
      turnId: "trn_1",
      step: 2,
      itemId: "itm_3",
      index: 0,
      text: "Fixed it.",
      status: "complete",
    },
  ],
  approvals: [],
  queue: [],
  usage: { ...NO_USAGE, input: 100, cacheRead: 900, output: 50 },
  microUsd: 12_300,
}

describe("todo_write and plan", () => {
  test("change the session itself, and nothing else", async () => {
    const at = looking()
    const todos = [
      { text: "one", status: "completed" },
      { text: "two", status: "pending" },
    ] as const
    const planned = await at.plan("todo_write", { todos })
    expect([planned.effects, planned.actions]).toEqual([[{ kind: "none" }], []])
    const result = await at.run(planned)
    expect(result.session).toEqual({ type: "todo.changed", todos: [...todos] })
    expect(result.forHuman).toEqual({ kind: "text", body: "[x] one\n[ ] two" })
    expect((await at.call("plan", { plan: "First\nthen" })).session).toEqual({
      type: "plan.changed",
      plan: "First\nthen",
      steps: [],
    })
  })

  test("a plan is a tree as well: headings, lists below each other, what is done; code and prose are its text alone", async () => {
    const at = looking()
    const plan =
      "# Parser\n1. lexer\n   - [x] tokens\n   - [ ] errors\n2. tree\nprose\n```\n- code\n```\n## Tests\n* all"
    const { session: changed } = await at.call("plan", { plan })
    expect(changed).toMatchObject({
      steps: [
        { text: "Parser", depth: 0 },
        { text: "lexer", depth: 1 },
        { text: "tokens", depth: 2, status: "completed" },
        { text: "errors", depth: 2, status: "pending" },
        { text: "tree", depth: 1 },
        { text: "Tests", depth: 1 },
        { text: "all", depth: 2 },
      ],
    })
  })

  test("todo_read gives the list as it stands, under every name it has elsewhere", async () => {
    const at = looking({ read: async () => ({ ...VIEW, todos: [{ text: "one", status: "in_progress" }] }) })
    expect([await at.say("todo_read", {}), await at.say("todoread", {})]).toEqual(["[~] one", "[~] one"])
    expect(await looking({ read: async () => VIEW }).say("TodoRead", {})).toBe("The list is empty.")
  })

  test("plan_enter narrows the session to mode plan; plan_exit shows the plan that is given, or else the kept one", async () => {
    const at = looking({ read: async () => VIEW })
    expect((await at.call("plan_enter", {})).session).toEqual({ type: "settings.changed", changes: { mode: "plan" } })
    expect(await at.say("plan_exit", { plan: "- a" })).toContain("The mode is ask, not plan")
    const settings = { ...VIEW.settings, mode: "plan" } as const
    const planning = looking({ read: async () => ({ ...VIEW, settings, plan: "- kept" }) })
    expect((await planning.call("plan_enter", {})).session).toBeUndefined()
    expect((await planning.call("plan_exit", {})).session).toMatchObject({ type: "plan.changed", plan: "- kept" })
    expect((await planning.call("plan_exit", { plan: "- new" })).session).toMatchObject({ plan: "- new" })
    const none = looking({ read: async () => ({ ...VIEW, settings }) })
    expect(await none.say("plan_exit", {})).toContain("There is no plan to show")
  })

  test("the words of other agents' lists are taken", async () => {
    const at = looking()
    const { input } = await at.plan("todo_write", {
      todos: '[{"content": "one", "status": "pending", "activeForm": "Doing one"}]',
    })
    expect(input).toEqual({ todos: [{ text: "one", status: "pending" }] })
    expect(await at.say("todo_write", { todos: [{ text: "one", status: "later" }] })).toContain("in_progress")
  })
})

describe("undo", () => {
  test("says before it runs which files it writes, and binds the approval to them", async () => {
    const at = looking({
      undoPreview: async () => [
        { path: `${session?.root}/a.ts`, action: "restore" },
        { path: `${session?.root}/b.ts`, action: "none" },
      ],
      undo: async (calls) => [
        {
          path: `/a${calls}`,
          before: { kind: "file", sha256: "new", bytes: 1, mode: 0o644, isKept: true },
          after: { kind: "file", sha256: "old", bytes: 1, mode: 0o644, isKept: true },
        },
        { path: "/b", before: { kind: "link", target: "x" }, after: null },
      ],
    })
    const planned = await at.plan("undo", { calls: 2 })
    expect(planned.effects).toEqual([{ kind: "write", paths: [`${at.root}/a.ts`], isInside: true }])
    expect(planned.actions).toEqual([{ verb: "restore", target: `${at.root}/a.ts` }])
    const result = await at.run(planned)
    expect(textOf(result)).toBe("Undone:\nrestored /a2\ndeleted /b")
    expect(result.changes).toEqual([
      { path: "/a2", kind: "update", before: "new", after: "old" },
      { path: "/b", kind: "delete", before: null, after: null },
    ])
  })

  test("a file outside the workspace is one, and a change by something else refuses all of it", async () => {
    const outside = looking({ undoPreview: async () => [{ path: "/etc/x", action: "delete" }] })
    expect((await outside.plan("undo", {})).effects).toEqual([{ kind: "write", paths: ["/etc/x"], isInside: false }])
    outside.close()
    const conflict = looking({
      undoPreview: async () => [{ path: "/w/x", action: "restore", conflict: "it has other bytes" }],
    })
    expect(await conflict.say("undo", {})).toContain("Nothing was undone")
  })
})

describe("sessions", () => {
  const hit = (id: string, cwd: string): SearchHit => ({
    session: {
      sessionId: `ses_${id}`,
      cwd,
      createdAt: 0,
      updatedAt: Date.UTC(2026, 0, 2),
      title: "The fix",
      preview: "",
      isInteractive: true,
      isArchived: false,
    },
    snippet: "the \uE000bug\uE001\nis here",
    seq: 4,
  })

  test("finds others by words; those of another folder are named, and told only when they are read", async () => {
    const at = looking({
      search: async () => [hit("a", session?.root ?? ""), hit("b", "/elsewhere"), hit("tools", "/")],
    })
    const result = await at.call("sessions", { find: "bug" })
    expect(textOf(result)).toBe(
      [
        "ses_a  2026-01-02  The fix: the bug is here",
        "ses_b  2026-01-02  (of /elsewhere)",
        'Read one with sessions {"read": "ses_a"}.',
      ].join("\n"),
    )
    expect(result.provenance).toEqual({ source: "sessions of this machine", isTrusted: false })
  })

  test("reading one of another folder is reading outside the workspace, and gives what was said, not what files held", async () => {
    const at = looking({ read: async () => VIEW })
    const planned = await at.plan("sessions", { read: "ses_old" })
    expect(planned.effects).toEqual([{ kind: "read", paths: ["/elsewhere"], isInside: false }])
    const result = await at.run(planned)
    expect(textOf(result)).toBe(
      [
        "Session ses_old of /elsewhere",
        "person: fix the bug",
        "model: Looking.",
        "call: read a.ts (success)",
        "model: Fixed it.",
      ].join("\n"),
    )
    expect(result.provenance?.isTrusted).toBe(false)
  })

  test("with words, only what stands around them", async () => {
    const at = looking({ read: async () => VIEW })
    const text = await at.say("sessions", { read: "ses_old", find: "bug" })
    expect(text).toBe("Session ses_old of /elsewhere\n(2 items are left out.)\nperson: fix the bug\nmodel: Looking.")
    expect(await at.say("sessions", { read: "ses_old", find: "unicorn" })).toEndWith('Nothing in it holds "unicorn".')
  })

  test("a long session gives its newest, within a bound", async () => {
    const message = (index: number) =>
      ({ ...VIEW.items[1], text: `${index} ${"x".repeat(5_000)}` }) as SessionView["items"][number]
    const at = looking({
      read: async () => ({ ...VIEW, items: Array.from({ length: 40 }, (_, index) => message(index)) }),
    })
    const text = await at.say("sessions", { read: "ses_old" })
    expect(text.length).toBeLessThan(21_000)
    expect(text).toContain("(31 items are left out.)")
    expect(text).toContain("model: 39 xxx")
    expect(text).toContain("(3003 more characters)")
  })

  test("what is no id is refused before anything is read", async () => {
    expect(await looking().say("sessions", { read: "../../etc" })).toStartWith("error: ")
  })

  test("without arguments, the model reads its own meter", async () => {
    const at = looking({
      read: async (sessionId) => ({ ...VIEW, sessionId }),
      contextSize: () => ({ contextTokens: 1_050, contextTokensMax: 200_000 }),
    })
    const result = await at.call("sessions", {})
    expect(textOf(result)).toBe(
      [
        "model: test/one, mode ask, sandbox workspace-write",
        "context: about 1050 tokens used, 198950 left",
        "tokens: 1050 (input 100, from cache 900, into cache 0, output 50)",
        "cost: $0.0123, at most $2.0000 a turn",
        "budget of this session: $1.0000, $0.9877 left",
        "budget of the person's day, over all sessions: $5.0000",
        "session: ses_tools",
      ].join("\n"),
    )
    expect(result.provenance?.isTrusted).toBe(true)
  })
})
