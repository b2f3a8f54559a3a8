import { afterEach, describe, expect, test } from "bun:test"
import type {
  AgentRow,
  AgentTablePort,
  MergePlan,
  NestedResult,
  RunContext,
  Worktree,
  WorktreesPort,
} from "@skein/core/ports"
import { NO_USAGE, type SessionView } from "@skein/protocol"
import { type Deed, fakeAgents } from "@skein/testkit"
import { board } from "../src/agents/board.ts"
import { noSessions, type ToolSession, toolSession } from "./session.ts"

let session: ToolSession | undefined
afterEach(() => session?.close())

const VIEW: SessionView = {
  ...{
    sessionId: "ses_tools",
    cwd: "/app",
    createdAt: 0,
    seq: 1,
    items: [],
    approvals: [],
    queue: [],
    usage: NO_USAGE,
  },
  settings: { model: "here/large", mode: "ask", sandbox: "workspace-write", extraRoots: [], limits: {} },
}

const ROWS: readonly AgentRow[] = [
  { name: "general", summary: "anything", origin: "built_in" },
  { name: "finder", summary: "places", origin: "built_in", tools: ["read"], asks: { kind: "tier", tier: "rush" } },
  { name: "apart", summary: "works apart", origin: "person", isIsolated: true },
  ...["oracle", "librarian"].map((name) => ({ name, summary: name, origin: "built_in" as const })),
]

const table: AgentTablePort = {
  read: async () => ({ agents: ROWS, warnings: ["a.md:3: hooks is not gone by."] }),
  nameFor: async (name) => (name === "auto" ? "finder" : name),
  chosen: async ({ summary: _, origin: __, asks, isIsolated: ___, ...agent }, model) =>
    asks === undefined ? agent : { ...agent, model: `${model}-small` },
}

const TREE: Worktree = {
  ...{ id: "wt0001", agent: "apart", description: "d", branch: "skein/apart-wt0001", repository: "/app" },
  ...{ path: "/wt/app", cwd: "/wt/app", base: "abc", createdAt: 0, isMerged: false, isOwned: true },
}

/** Worktrees in which one file changes, or none. */
function trees(changed: readonly string[], conflicts: MergePlan["conflicts"] = []) {
  const deeds: string[] = []
  const files = changed.map((path) => ({ path, kind: "update" as const, added: 2, removed: 1 }))
  const port: WorktreesPort = {
    async open({ agent }) {
      deeds.push(`open for ${agent}`)
      return TREE
    },
    list: async () => [TREE],
    find: async () => TREE,
    difference: async () => ({ files, diff: "the diff\n" }),
    async remove(worktree) {
      deeds.push("remove")
      return { worktree, deed: "nothing was changed in it", isBranchKept: false }
    },
    planMerge: async () => ({
      ...{ worktree: TREE, conflicts, alikeCount: 0 },
      files: changed.map((path) => ({
        ...{ path: `/app/${path}`, kind: "update", before: "1", after: "2", diff: "+new\n", isMerged: true },
      })),
      async apply() {
        deeds.push("apply")
      },
    }),
    cleanUp: async () => [],
  }
  return { port, deeds }
}

function scene(
  script: Readonly<Record<string, Deed>> = {},
  { given = {}, worktrees }: { readonly given?: Partial<RunContext>; readonly worktrees?: WorktreesPort } = {},
) {
  const agents = fakeAgents(({ prompt }) => script[prompt.split(/\s/)[0] ?? ""] ?? "done")
  session = toolSession(
    { agents: table, worktrees },
    { sessions: { ...noSessions, read: async () => VIEW }, agents, ...given },
  )
  return { agents, say: session.say, plan: session.plan, call: session.call }
}

const work = (prompt: string, agent = "general") => ({ agent, description: `do ${prompt}`, prompt })

describe("task", () => {
  test("gives the last message of an agent with its own tools and model, and where the rest is", async () => {
    const { agents, say } = scene({ look: "src/a.ts:3" })
    expect(await say("task", work("look", "finder"))).toBe("src/a.ts:3\n(session ses_child0, 1.2 s, 2 steps, $0.0015)")
    expect(agents.requests[0]).toMatchObject({
      agent: { name: "finder", tools: ["read"], model: "here/large-small" },
      description: "do look",
      prompt: "look",
    })
  })

  test("takes the words of other programs, and auto is told by the name that it stood for", async () => {
    const { agents, say } = scene()
    await say("task", { description: "d", prompt: "x", subagent_type: "auto", run_in_background: true })
    expect(agents.requests[0]).toMatchObject({ agent: { name: "finder" }, isBackground: true })
  })

  test("tells who there is when no agent has that name, and before anything is asked", async () => {
    const { agents, say } = scene()
    expect(await say("task", work("x", "nobody"))).toContain(
      'error: There is no agent "nobody". There are:\ngeneral: anything',
    )
    expect(agents.requests).toHaveLength(0)
  })

  test("is an error with the reason when the agent failed, and a text too long says where the whole is", async () => {
    const { call, say } = scene({
      bad: { fails: "no answer" },
      none: { refuses: "Too deep." },
      long: "x".repeat(50_000),
    })
    expect(await call("task", work("bad"))).toMatchObject({ isError: true, forHuman: { summary: "failed" } })
    expect(await say("task", work("none"))).toBe("error: Too deep.")
    expect(await say("task", work("long"))).toContain(
      '(… 10000 more characters; sessions {"read": "ses_child2"} shows the whole)',
    )
  })

  test("does nothing by itself that anybody has to be asked about, and is told where no agent may be begun", async () => {
    const { plan } = scene()
    expect((await plan("task", work("x"))).effects).toEqual([{ kind: "none" }])
    const { say } = scene({}, { given: { agents: undefined } })
    expect(await say("task", work("x"))).toBe("error: No agent can be begun from here. Do the work yourself.")
  })

  test("goes on with an agent that has ended", async () => {
    const { agents, say } = scene({ more: "More." })
    await say("task", work("first", "finder"))
    expect(await say("task", { ...work("more"), resume: "ses_child0" })).toContain("More.")
    expect(agents.said).toEqual(["more"])
    expect(await say("task", { ...work("x"), resume: "no sense" })).toContain("error: No agent works, or has worked")
  })
})

describe("isolation", () => {
  test("an agent works in a worktree, and its changes are told with how to merge them", async () => {
    const { port, deeds } = trees(["a.ts"])
    const { agents, say } = scene({}, { worktrees: port })
    const said = await say("task", { ...work("x"), isolation: "worktree" })
    expect(agents.requests[0]).toMatchObject({ cwd: "/wt/app" })
    expect(agents.requests[0]?.prompt).toContain("You work in /wt/app, a copy of ")
    expect(said).toContain("Changed in its worktree wt0001 (branch skein/apart-wt0001):\nM a.ts (+2 −1)\nNot merged")
    expect(deeds).toEqual(["open for general"])
  })

  test("an agent's own description can ask for it, and a call can say no; a worktree without changes goes", async () => {
    const { port, deeds } = trees([])
    const { say } = scene({}, { worktrees: port })
    expect(await say("task", work("x", "apart"))).toContain("It changed no file.")
    await say("task", { ...work("x", "apart"), isolation: "none" })
    expect(deeds).toEqual(["open for apart", "remove"])
  })

  test("merging is a call of its own, which is judged and can be undone; where it is refused the worktree stays", async () => {
    const { port } = trees(["a.ts"])
    const calls: unknown[] = []
    let outcome: NestedResult["outcome"] = "success"
    const call = async (name: string, input: unknown): Promise<NestedResult> => {
      calls.push([name, input])
      return { outcome, forModel: [{ type: "text", text: outcome }] }
    }
    const { say } = scene({}, { worktrees: port, given: { call } })
    const merging = { ...work("x"), isolation: "worktree", merge: true }
    expect(await say("task", merging)).not.toContain("Not merged")
    expect(calls).toEqual([["worktree", { action: "merge", id: "wt0001" }]])
    outcome = "error"
    expect(await say("task", merging)).toContain("error\nNot merged")
  })

  test("a worktree is not left behind where its agent cannot be begun", async () => {
    const { port, deeds } = trees(["a.ts"])
    const { say } = scene({ x: { refuses: "Too many." } }, { worktrees: port })
    expect(await say("task", { ...work("x"), isolation: "worktree" })).toBe("error: Too many.")
    expect(deeds).toEqual(["open for general", "remove"])
  })
})

describe("several agents", () => {
  test("each is told with status, time and text, and those that were never begun by their numbers", async () => {
    const { say } = scene({ a: "A.", bad: { fails: "broken" }, late: "queued" })
    const tasks = ["a", "bad", "late"].map((prompt) => work(prompt))
    expect(await say("parallel_tasks", { tasks, fail_fast: true })).toBe(`1 of 3 completed. Never begun: 3.

## 1. do a (general): completed, 1.2 s, 2 steps, $0.0015, session ses_child0
A.

## 2. do bad (general): failed, 1.2 s, 2 steps, $0.0015, session ses_child1
It failed: broken

## 3. do late (general): cancelled
Never begun: general "do bad" failed, and all end with the first`)
  })

  test("more than ten are refused, and so is an agent that there is not, before any is begun", async () => {
    const { agents, say } = scene()
    expect(await say("parallel_tasks", { tasks: Array.from({ length: 11 }, () => work("x")) })).toContain("error: ")
    expect(await say("parallel_tasks", { tasks: [work("x"), work("y", "nobody")] })).toContain('no agent "nobody"')
    expect(agents.requests).toHaveLength(0)
  })

  test("stages are told as stages, and a pipeline hands on", async () => {
    const { agents, say } = scene({ a: "A." })
    const staged = await say("orchestrate", { stages: [[work("a"), work("b")], [work("c")]] })
    expect(staged.match(/^# Stage \d|^## \d\. do \w/gm)).toEqual([
      "# Stage 1",
      "## 1. do a",
      "## 2. do b",
      "# Stage 2",
      "## 3. do c",
    ])
    await say("pipeline", { steps: [work("say {previous_result}"), work("z")], initial_context: "hello" })
    expect(agents.requests.at(-2)?.prompt).toBe("say hello")
    expect(agents.requests.at(-1)?.prompt).toContain("done")
    const many = Array.from({ length: 6 }, () => work("x"))
    expect(await say("pipeline", { steps: many })).toContain("error: ")
    expect(await say("orchestrate", { stages: [many, many] })).toContain("at most 10 in all")
  })

  test("oracle, finder and librarian are asked with nothing to choose", async () => {
    const { agents, say } = scene()
    for (const name of ["oracle", "finder"]) await say(name, { question: `Where?\nMore.` })
    await say("librarian", { prompt: "Compare", folders: ["/a", "/b"] })
    expect(agents.requests.map(({ agent, description }) => [agent.name, description])).toEqual([
      ["oracle", "Where?"],
      ["finder", "Where?"],
      ["librarian", "Compare"],
    ])
    expect(agents.requests[2]?.prompt).toBe("Compare\n\nLook in these folders:\n- /a\n- /b")
  })
})

describe("agent", () => {
  test("lists kinds, and children with what became of them", async () => {
    const { say } = scene()
    expect(await say("agent", { action: "list" })).toBe("This session has no agents.")
    expect(await say("agent", { action: "kinds" })).toContain("Not as written:\na.md:3: hooks is not gone by.")
    await say("task", work("x"))
    expect(await say("agent", { action: "list" })).toBe("ses_child0  general  ended: completed  do x")
    expect(await say("agent", { action: "result", id: "general" })).toContain("done")
  })

  test("says more to one that works, waits for it no longer than asked, and stops it", async () => {
    const { agents, say } = scene({ slow: "hangs" })
    await say("task", { ...work("slow"), background: true })
    const id = "ses_child0"
    expect(await say("agent", { action: "say", id, text: "hurry" })).toBe("general was told.")
    expect(await say("agent", { action: "wait", id, seconds: 0.01 })).toBe(
      "general is running. It has not ended after 0.01 s, and goes on.",
    )
    expect(await say("agent", { action: "stop", id })).toBe("general was stopped after 2 steps.")
    expect(agents.said).toEqual(["hurry"])
    expect(await say("agent", { action: "wait", id })).toContain("It was interrupted.")
    expect(await say("agent", { action: "stop", id: "x" })).toBe(
      'error: No agent is called "x". There are ses_child0 (general: do slow).',
    )
  })
})

describe("worktree", () => {
  /** A session that works in a part of the repository. */
  const BELOW = { roots: ["/app/web"] }

  test("one of another repository is neither shown nor read, merged or removed, whoever names it", async () => {
    const { port, deeds } = trees(["a.ts"])
    const { say } = scene({}, { worktrees: port, given: { roots: ["/app-other"] } })
    expect(await say("worktree", { action: "list" })).toBe("There are no worktrees.")
    for (const action of ["diff", "merge", "remove"]) {
      expect(await say("worktree", { action, id: "wt" })).toBe(
        `error: The worktree wt0001 is of another repository. A person can work on it: skein worktree ${action} wt0001`,
      )
    }
    expect(deeds).toEqual([])
  })

  test("taking one away is a write, which mode plan does not allow; looking is none", async () => {
    const { plan } = scene({}, { worktrees: trees(["a.ts"]).port, given: BELOW })
    expect((await plan("worktree", { action: "remove", id: "wt" })).effects).toEqual([
      { kind: "write", paths: ["/wt/app"], isInside: true },
    ])
    expect((await plan("worktree", { action: "diff", id: "wt" })).effects).toEqual([{ kind: "none" }])
  })

  test("a merge is a write of exactly those paths, and tells what it did", async () => {
    const { port, deeds } = trees(["a.ts", ".vscode/tasks.json"])
    const { plan, say } = scene({}, { worktrees: port, given: BELOW })
    expect((await plan("worktree", { action: "merge", id: "wt" })).effects).toEqual([
      {
        kind: "write",
        paths: ["/app/a.ts", "/app/.vscode/tasks.json"],
        isInside: false,
        runsLater: expect.any(String),
      },
    ])
    expect(await say("worktree", { action: "merge", id: "wt" })).toBe(
      "Merged wt0001:\nM a.ts (with what changed here)\nM .vscode/tasks.json (with what changed here)",
    )
    expect(deeds).toEqual(["apply"])
    expect(await say("worktree", { action: "diff", id: "wt" })).toBe("the diff\n")
    expect(await say("worktree", { action: "list" })).toContain("wt0001  apart  in use  skein/apart-wt0001  /app  d")
    expect(await say("worktree", { action: "diff" })).toBe(
      "error: worktree diff needs the id of one. See worktree list.",
    )
  })

  test("a conflict writes nothing and says where, and how to go on", async () => {
    const { port, deeds } = trees([], [{ path: "a.ts", why: "lines 3-4 changed on both sides" }])
    const { say } = scene({}, { worktrees: port, given: BELOW })
    const said = await say("worktree", { action: "merge", id: "wt" })
    expect(said).toContain("error: Nothing was merged, because of a conflict:\na.ts: lines 3-4 changed on both sides\n")
    expect(deeds).toEqual([])
  })
})

describe("share", () => {
  test("agents of one session read each other's notes, new ones first, and their own are not told back", () => {
    const told = board()
    told.join("ses_a", "ses_top")
    told.join("ses_b", "ses_top")
    told.post("ses_a", "finder", "It is in src.")
    expect(told.read("ses_b")).toEqual([{ name: "finder 1", text: "It is in src.", isNew: true }])
    expect(told.read("ses_b")).toEqual([{ name: "finder 1", text: "It is in src.", isNew: false }])
    expect([told.read("ses_a"), told.read("ses_other")]).toEqual([[], []])
    told.post("ses_top", "you", "Look in lib too.")
    expect(told.read("ses_a").map(({ text }) => text)).toEqual(["Look in lib too."])
  })

  test("what others told is not to be followed unasked", async () => {
    const { call, say } = scene()
    expect(await say("share", { note: "x" })).toBe("Your note is on the board.\nNobody else has told anything.")
    expect((await call("share", {})).provenance?.isTrusted).toBe(true)
    const told = board()
    told.post("ses_tools", "a", "x")
    told.join("ses_child", "ses_tools")
    told.post("ses_child", "finder", "y")
    session?.close()
    session = toolSession({ board: told })
    expect(await session.say("share", {})).toBe("new  finder 1: y")
    expect((await session.call("share", {})).provenance?.isTrusted).toBe(false)
  })
})
