import { describe, expect, test } from "bun:test"
import { type RewindPreview, SkeinError } from "@skein/protocol"
import { listCommands, resolveCommand } from "../src/commands/resolve.ts"
import { TREE, typed, VIEW, worldOf } from "./commanded.ts"

const PREVIEW: RewindPreview = {
  toSeq: 19,
  turns: ["trn_4"],
  files: [
    { path: "/repo/src/a.ts", action: "restore" },
    { path: "/etc/b", action: "delete" },
    { path: "/repo/same", action: "none" },
  ],
  notCovered: ["node_modules was left out."],
}
const CONFLICT: RewindPreview = {
  ...PREVIEW,
  files: [{ path: "/repo/src/a.ts", action: "restore", conflict: "changed since" }],
}
const TOUCHES = [
  "Turns that leave the conversation, or come back:",
  "  prompt 4",
  "Files:",
  "  restore src/a.ts",
  "  delete  /etc/b",
  "Not covered: node_modules was left out.",
].join("\n")

test("the commands, on every front-end", () => {
  const offered = listCommands().filter(({ blocker }) => blocker === undefined)
  const lines = offered.map(({ name, aliases, usage, whileBusy }) =>
    [`/${[name, ...aliases].join(" /")}`, usage, whileBusy ? "" : "(when idle)"]
      .filter((word) => word !== "")
      .join(" "),
  )
  expect(lines).toEqual([
    "/help",
    "/status",
    "/settings [words]",
    "/cost /usage",
    "/latency",
    "/context",
    "/map [on|off|TOKENS]",
    "/model /models [provider/model | words] [--context N]",
    "/tier [smart|rush|free|deep|auto]",
    "/smart",
    "/rush",
    "/effort [none|minimal|low|medium|high|xhigh|default]",
    "/verbosity [low|medium|high|default]",
    "/output-style [name | default]",
    "/web-search /web [disabled|cached|live] [size=…] [domains=a.com,b.com] [country=…] [city=…]",
    "/providers /connect",
    "/mode [plan|ask|accept-edits|auto|full]",
    "/dry-run [on|off]",
    "/autoapply [on|off]",
    "/permissions /rules [allow|ask|deny <tool> [what] [--project|--user] | remove <no.> | explain <command>]",
    "/network [off|ask|on | allow <host> | remove <host>]",
    "/lsp",
    "/symbols <file | name>",
    "/skills [name]",
    "/hooks",
    "/mcp [list | connect | disconnect | enable | disable | tools | call | login] [server] …",
    "/stop",
    "/agents",
    "/spawn <agent> <prompt>",
    "/kill <agent or id>",
    "/plugins",
    "/goal [text | clear]",
    "/plan",
    "/todos",
    "/compact [what to keep | --dry-run] (when idle)",
    "/restore [number | all] (when idle)",
    "/undo [turns] [code|chat|both] [skip|merge|overwrite] (when idle)",
    "/redo [code|chat|both] [skip|merge|overwrite] (when idle)",
    "/rewind [turn] [code|chat|both] [skip|merge|overwrite] (when idle)",
    "/tree [turn] [code|chat|both] [skip|merge|overwrite] (when idle)",
    "/label <name> (when idle)",
    "/log [turn]",
    "/diff [turn]",
    "/checkpoints (when idle)",
    "/review [uncommitted | base <branch> | commit <sha> | what] (when idle)",
    "/commit [what to say] (when idle)",
    "/git <what is to be done> (when idle)",
    "/new /clear (when idle)",
    "/resume /sessions /session [--all | id | words] (when idle)",
    "/search <words>",
    "/fork [turn] (when idle)",
    "/handoff [goal] (when idle)",
    "/rename <title>",
    "/archive [off]",
    "/export",
    "/import-codex",
  ])
  const names = listCommands().flatMap(({ name, aliases }) => [name, ...aliases])
  expect(new Set(names).size).toBe(names.length)
  expect(listCommands().filter(({ name, summary }) => name.length + summary.length > 72)).toEqual([])
})

test("/hooks says what runs at which point, by which file, and why something does not", async () => {
  const facts = { type: "command", timeoutMs: 1, isAsync: false, isOnce: false, words: "claude", sha256: "ab" } as const
  const own = {
    ...facts,
    event: "PreToolUse",
    matcher: "Bash",
    what: "guard.sh",
    from: "person",
    isConfined: false,
  } as const
  const theirs = { ...facts, event: "Stop", what: "done.sh", from: "project", isConfined: true } as const
  const listed = {
    hooks: [
      { ...own, file: "/home/me/.claude/settings.json", place: "hooks.PreToolUse[0]", state: "runs" },
      {
        ...theirs,
        file: "/repo/.skein/hooks.json",
        place: "hooks.Stop[0]",
        state: "untrusted",
        why: "nobody trusts it",
      },
    ],
    flaws: ["/x.json: It is no JSON"],
  } as const
  expect(await typed("hooks", { "hooks.list": listed })).toEqual({
    kind: "show",
    text: [
      "PreToolUse Bash  guard.sh  (/home/me/.claude/settings.json#hooks.PreToolUse[0])",
      "Stop             done.sh  (.skein/hooks.json#hooks.Stop[0], untrusted: nobody trusts it)",
      "What is not trusted is not run: skein trust accept, or --trust for one run.",
      "Left out: /x.json: It is no JSON",
    ].join("\n"),
  })
  expect(await typed("hooks", { "hooks.list": { hooks: [], flaws: [] } })).toEqual({
    ...{ kind: "show", text: "No file sets a hook here." },
  })
})

describe("what is not known or cannot be now is told", () => {
  test("an unknown command names the nearest", async () => {
    expect(await typed("conpact")).toEqual({
      kind: "usage",
      text: "There is no /conpact. Did you mean /compact? /help lists what there is.",
    })
    expect(await typed("zzzz")).toEqual({ kind: "usage", text: "There is no /zzzz. /help lists what there is." })
  })

  test("a command that would meet a running turn waits for its end", async () => {
    const busy = { "session.read": { ...VIEW, runningTurn: "trn_1" } } as const
    expect(await typed("undo", busy)).toEqual({
      kind: "usage",
      text: "/undo has to wait until the turn is over. /stop ends it now.",
    })
    expect((await typed("stop", busy)).kind).toBe("ops")
  })

  test("a refusal of the engine is told in its own words, a defect is not hidden", async () => {
    const refusing = () => {
      throw new SkeinError("op.invalid", "There is nothing to bring back.")
    }
    expect(await typed("redo", { "rewind.preview": refusing })).toEqual({
      kind: "usage",
      text: "There is nothing to bring back.",
    })
    expect(typed("redo")).rejects.toThrow("Nobody thought of rewind.preview")
  })

  test("--help says how a command is written", async () => {
    expect(await typed("label --help")).toEqual(await typed("label"))
  })
})

describe("going back", () => {
  test("/undo lists what it touches before it is asked, and takes back conversation and files", async () => {
    expect(await typed("undo", { "rewind.preview": PREVIEW, "session.tree": TREE })).toEqual({
      kind: "ops",
      ops: [
        {
          type: "session.rewind",
          sessionId: "ses_1",
          to: { kind: "undo", turns: 1 },
          scope: "both",
          onConflict: undefined,
        },
      ],
      confirm: TOUCHES,
      done: "1 turn taken back. /redo brings it again.",
    })
  })

  test("yes at the end asks no more", async () => {
    const reply = await typed("undo 2 code yes", { "rewind.preview": PREVIEW, "session.tree": TREE })
    expect(reply).toMatchObject({ ops: [{ to: { kind: "undo", turns: 2 }, scope: "code" }], confirm: undefined })
  })

  test("a file that something else changed is asked about, and each answer says which", async () => {
    const reply = await typed("undo", { "rewind.preview": CONFLICT, "session.tree": TREE })
    expect(reply.kind === "choose" ? reply.title : reply).toContain("  restore src/a.ts  ! changed since")
    expect(reply.kind === "choose" ? reply.choices.map(({ command }) => command) : []).toEqual([
      "undo 1 both skip yes",
      "undo 1 both merge yes",
      "undo 1 both overwrite yes",
    ])
    const merged = await typed("undo 1 both merge yes", { "rewind.preview": CONFLICT, "session.tree": TREE })
    expect(merged).toMatchObject({ kind: "ops", ops: [{ onConflict: "merge" }], confirm: undefined })
  })

  test("what would change nothing is said, and not done", async () => {
    const same = { toSeq: 1, turns: [], files: [{ path: "/repo/a", action: "none" }], notCovered: [] } as const
    expect(await typed("redo", { "rewind.preview": same })).toEqual({
      kind: "show",
      text: "Nothing would change: it is all as it was then.",
    })
    const unknown = { ...PREVIEW, turns: [], files: [] }
    expect(await typed("redo", { "rewind.preview": unknown })).toEqual({
      kind: "show",
      text: "Nothing that is known would change.\nNot covered: node_modules was left out.",
    })
  })

  test("a number of turns that is none is not guessed", async () => {
    for (const args of ["0", "-1", "all", "1 2"]) expect((await typed(`undo ${args}`)).kind).toBe("usage")
  })

  test("/rewind chooses the turn, then what goes back; a turn has a number, a name and an id", async () => {
    const answers = { "session.tree": TREE, "rewind.preview": PREVIEW }
    expect(await typed("rewind", answers)).toEqual({
      kind: "choose",
      title: "Go back to before which turn?",
      choices: [
        { label: "  4  prompt 4", detail: "", command: "rewind trn_4" },
        { label: "  2  [good]  prompt 2", detail: "1 file", command: "rewind trn_2" },
        { label: "  1  prompt 1", detail: "", command: "rewind trn_1" },
      ],
    })
    const scopes = await typed("rewind 2", answers)
    expect(scopes.kind === "choose" ? scopes.choices.map(({ command }) => command) : []).toEqual([
      "rewind trn_2 both",
      "rewind trn_2 chat",
      "rewind trn_2 code",
    ])
    for (const name of ["2", "good", "trn_2"]) {
      const ops = [{ to: { kind: "before", turnId: "trn_2" }, scope: "chat" }]
      expect(await typed(`rewind ${name} chat`, answers)).toMatchObject({ ops, confirm: TOUCHES })
    }
    expect(await typed("rewind 7", answers)).toMatchObject({ kind: "usage" })
  })

  test("where no file would change, only the conversation goes back and nobody is asked what", async () => {
    const preview = { ...PREVIEW, files: [] }
    const reply = await typed("rewind 3", { "session.tree": TREE, "rewind.preview": preview })
    expect(reply).toMatchObject({ kind: "ops", ops: [{ scope: "chat" }] })
  })

  test("/tree shows every branch below where it parts, and goes on from the end of any turn", async () => {
    const reply = await typed("tree", { "session.tree": TREE })
    expect(reply.kind === "choose" ? reply.choices.map(({ label }) => label) : []).toEqual([
      "   1  prompt 1",
      "   2  [good]  prompt 2",
      "     3  prompt 3",
      "›    4  prompt 4",
    ])
    expect(await typed("tree trn_3 chat", { "session.tree": TREE, "rewind.preview": PREVIEW })).toMatchObject({
      ops: [{ to: { kind: "seq", seq: 39 }, scope: "chat" }],
    })
    expect(await typed("tree 4", { "session.tree": TREE })).toEqual({ kind: "show", text: "That is where you are." })
  })

  test("/checkpoints leads to the files alone, /diff shows what still stands", async () => {
    const list = [
      { turnId: "trn_2", beforeSeq: 20, at: 0, preview: "prompt 2", paths: ["/repo/a"], notCovered: [] },
    ] as const
    expect(await typed("checkpoints", { "checkpoints.list": list })).toMatchObject({
      choices: [{ label: "prompt 2", detail: "1 file · 10 h ago", command: "rewind trn_2 code" }],
    })
    const { world, asked } = worldOf({
      "session.tree": TREE,
      "checkpoint.diff": [{ path: "/repo/a", diff: "-a\n+b\n" }],
    })
    expect(await resolveCommand({ name: "diff", args: "" }, world)).toEqual({ kind: "show", text: "-a\n+b" })
    await resolveCommand({ name: "diff", args: "2" }, world)
    const text = "--- /repo/src/a.ts\n+++ /repo/src/a.ts\n@@ -1 +1 @@\n--- /repo/src/a.ts\n+/repo/src/a.ts: new\n"
    const diffs = [
      { path: "/repo/src/a.ts", diff: text },
      { path: "/repo/b.png", diff: "/repo/b.png: nothing became a file of 2 kB.\n" },
      { path: "/etc/c", diff: "--- /etc/c\n+++ /dev/null\n@@ -1 +0,0 @@\n-c\n" },
    ]
    const shown = await resolveCommand({ name: "diff", args: "" }, worldOf({ "checkpoint.diff": diffs }).world)
    expect(shown).toEqual({
      kind: "show",
      text: [
        ...["--- a/src/a.ts", "+++ b/src/a.ts", "@@ -1 +1 @@", "--- /repo/src/a.ts", "+/repo/src/a.ts: new"],
        "b.png: nothing became a file of 2 kB.",
        ...["--- /etc/c", "+++ /dev/null", "@@ -1 +0,0 @@", "-c"],
      ].join("\n"),
    })
    expect(asked.filter(({ type }) => type === "checkpoint.diff")).toEqual([
      { type: "checkpoint.diff", sessionId: "ses_1", to: { kind: "seq", seq: 1 } },
      { type: "checkpoint.diff", sessionId: "ses_1", to: { kind: "before", turnId: "trn_2" } },
    ])
  })
})

test("/model takes a whole name as it is, and words as far as they say which", async () => {
  const info = (provider: string, id: string, isReady = true) =>
    ({ provider, id, isReady, images: true, tools: true, reasoning: true }) as const
  const answers = {
    "models.list": [info("a", "sonnet-5"), info("a", "opus-5"), info("b", "sonnet-5"), info("c", "haiku", false)],
  }
  const changes = (model: string) => ({ kind: "ops", ops: [{ type: "settings.change", changes: { model } }] })
  expect(await typed("model x/y", answers)).toMatchObject(changes("x/y"))
  expect(await typed("model Opus", answers)).toMatchObject(changes("a/opus-5"))
  expect(await typed("model sonnet", answers)).toMatchObject({
    choices: [{ command: "model a/sonnet-5" }, { command: "model b/sonnet-5" }],
  })
  expect(await typed("model haiku", answers)).toMatchObject(changes("haiku"))
  expect(await typed("models", answers)).toMatchObject({ title: "The model is test/one. Which one instead?" })
})

test("/network changes what commands may reach, and takes only what is a host", async () => {
  const network = { access: "ask", allow: ["a.test"] } as const
  const answers = { "session.read": { ...VIEW, settings: { ...VIEW.settings, network } } }
  const changes = (to: object) => ({ kind: "ops", ops: [{ type: "settings.change", changes: { network: to } }] })
  expect(await typed("network off", answers)).toMatchObject(changes({ access: "off", allow: ["a.test"] }))
  expect(await typed("network on")).toMatchObject(changes({ access: "on", allow: [] }))
  expect(await typed("network allow *.B.test:8443", answers)).toMatchObject(
    changes({ access: "ask", allow: ["a.test", "*.b.test:8443"] }),
  )
  expect(await typed("network remove A.test", answers)).toMatchObject(changes({ access: "ask", allow: [] }))
  expect(await typed("network allow a.test", answers)).toMatchObject({ kind: "show" })
  expect(await typed("network remove b.test", answers)).toMatchObject({ kind: "show" })
  for (const line of ["allow", "allow *", "allow https://b.test/", "allow 127.1", "full", "off now"])
    expect(await typed(`network ${line}`, answers)).toMatchObject({ kind: "usage" })
})

describe("sessions", () => {
  const summary = (id: string, preview: string) =>
    ({
      sessionId: `ses_${id}`,
      cwd: "/repo",
      createdAt: 0,
      updatedAt: 9 * 3_600_000,
      preview,
      isInteractive: true,
      isArchived: false,
      turns: 3,
      labels: ["work"],
    }) as const

  test("/resume chooses among the others of this folder, by words when some are given, and opens by id", async () => {
    const answers = { "sessions.list": [summary("1", "this one"), summary("2", "fix it"), summary("3", "more")] }
    expect(await typed("resume fix", answers)).toEqual({
      kind: "choose",
      title: "Go on in which session?",
      choices: [{ label: "fix it", detail: "1 h ago · 3 turns · #work", command: "resume ses_2" }],
    })
    expect(await typed("resume nothing", answers)).toMatchObject({ kind: "show" })
    expect(await typed("sessions ses_2")).toEqual({ kind: "open", sessionId: "ses_2" })
  })

  test("/search shows where the words are", async () => {
    const hit = { session: summary("2", "fix it"), snippet: "the \uE000bug\uE001 is here", seq: 4 }
    expect(await typed("search bug", { "sessions.search": [hit] })).toMatchObject({
      choices: [{ detail: "1 h ago · 3 turns · #work · the bug is here", command: "resume ses_2" }],
    })
  })

  test("/new keeps model, mode and folders; /fork takes a turn; /handoff a goal", async () => {
    expect(await typed("clear")).toMatchObject({
      ops: [
        {
          type: "session.create",
          cwd: "/repo",
          settings: { model: "test/one", mode: "ask", extraRoots: [] },
          isInteractive: true,
        },
      ],
    })
    expect(await typed("fork good", { "session.tree": TREE })).toMatchObject({
      ops: [{ type: "session.fork", sessionId: "ses_1", throughTurnId: "trn_2" }],
    })
    expect(await typed("handoff ship it")).toMatchObject({ ops: [{ type: "session.handoff", goal: "ship it" }] })
  })

  test("/rename, /archive, /label and /goal change one thing each", async () => {
    const ops = async (line: string) => {
      const reply = await typed(line, { "session.tree": TREE })
      return reply.kind === "ops" ? reply.ops : reply
    }
    const sessionId = "ses_1"
    expect(await ops("rename The fix")).toEqual([{ type: "session.change", sessionId, title: "The fix" }])
    expect(await ops("archive")).toEqual([{ type: "session.change", sessionId, isArchived: true }])
    expect(await ops("archive off")).toEqual([{ type: "session.change", sessionId, isArchived: false }])
    expect(await ops("label here")).toEqual([{ type: "turn.label", sessionId, turnId: "trn_4", label: "here" }])
    expect(await ops("label -")).toEqual([{ type: "turn.label", sessionId, turnId: "trn_4", label: "" }])
    expect(await ops("goal say yes")).toEqual([{ type: "goal.change", sessionId, goal: "say yes" }])
    expect(await ops("goal clear")).toEqual([{ type: "goal.change", sessionId, goal: null }])
  })
})
