import { afterEach, describe, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, relative } from "node:path"
import type { AgentRow } from "@skein/core/ports"
import { agents } from "../src/index.ts"

let base = ""
afterEach(() => rmSync(base, { recursive: true, force: true }))

/** A project and a home with these files; all of the project is trusted but what is named. */
function scene(
  files: Readonly<Record<string, string>>,
  distrusted: readonly string[] = [],
  plugins: readonly string[] = [],
) {
  base = realpathSync(mkdtempSync(join(tmpdir(), "skein-agents-")))
  const project = join(base, "project")
  mkdirSync(join(project, "inner"), { recursive: true })
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(base, path)), { recursive: true })
    writeFileSync(join(base, path), text)
  }
  const port = agents({
    home: join(base, "home"),
    projectFolders: [".skein/agents", ".claude/agents", ".opencode/agent"],
    ownFolders: [join(base, "config/agents"), join(base, "home/.claude/agents")],
    projectOf: () => project,
    trusted: async (_, found) =>
      new Set(found.map(({ path }) => path).filter((path) => !distrusted.includes(relative(project, path)))),
    pluginPlaces: async () =>
      plugins.map((plugin) => ({ plugin, root: join(base, plugin), paths: [join(base, plugin, "agents")] })),
    modelFor: (asks) =>
      asks.kind === "model" ? asks.name : asks.kind === "tier" && asks.tier === "rush" ? "here/small" : undefined,
  })
  const cwd = join(project, "inner")
  return {
    ...{ port, project, cwd, table: () => port.read(cwd) },
    async row(name: string): Promise<AgentRow> {
      const found = (await port.read(cwd)).agents.find((row) => row.name === name)
      if (found === undefined) throw new Error(`No agent ${name}`)
      return found
    },
  }
}

const agent = (head: string, body = "Do it.") => `---\n${head}\n---\n${body}\n`

describe("agents of plugins", () => {
  test("are called by the plugin and their name, and take nobody's place", async () => {
    const head = "description: From a plugin"
    const files = {
      "tools/agents/finder.md": agent(head),
      "tools/agents/deep/inner.md": agent(head),
      "elsewhere.md": agent(head),
    }
    const { table, row } = scene(files, [], ["tools"])
    symlinkSync(join(base, "elsewhere.md"), join(base, "tools/agents/linked.md"))
    const names = (await table()).agents.map(({ name }) => name).filter((name) => name.includes(":"))
    expect(names).toEqual(["tools:finder", "tools:inner"])
    expect(await row("tools:finder")).toMatchObject({ origin: "person", summary: "From a plugin" })
    expect((await row("finder")).origin).toBe("built_in")
  })
})

describe("the agents that are built in", () => {
  test("are eight, and those that only look have no tool that writes and the mode that changes nothing", async () => {
    const { agents: all } = await scene({}).table()
    expect(all.map(({ name }) => name)).toEqual(
      "general coder researcher reviewer planner finder oracle librarian".split(" "),
    )
    for (const { name, tools, mode } of all.filter(({ name }) => name !== "general" && name !== "coder")) {
      expect([name, mode]).toEqual([name, "plan"])
      for (const tool of ["write", "edit", "multiedit", "apply_patch", "task"]) expect(tools).not.toContain(tool)
    }
  })

  test.each([
    ["why does the parser crash on tabs", "oracle"],
    ["fix the crash in the parser", "coder"],
    ["find all callers of parse()", "finder"],
    ["explain the scheduler", "researcher"],
    ["implement a cache", "coder"],
    ["rename Foo to Bar everywhere", "coder"],
    ["review the last commit", "reviewer"],
    ["plan the migration to the new API", "planner"],
    ["compare both repositories' error handling", "librarian"],
    ["tabs to spaces", "coder"],
  ])("auto gives %p to %s", async (task, name) => {
    expect(await scene({}).port.nameFor("auto", task)).toBe(name)
    expect(await scene({}).port.nameFor("finder", task)).toBe("finder")
  })

  test("a tier is of the parent's provider, and where none is known the parent's own model is asked", async () => {
    const { port, row } = scene({})
    expect(await port.chosen(await row("finder"), "here/large")).toMatchObject({ name: "finder", model: "here/small" })
    expect(await port.chosen(await row("oracle"), "here/large")).not.toHaveProperty("model")
  })
})

describe("an agent in a file", () => {
  test("is read with the words of other programs", async () => {
    const head = `name: mender
description: "Mends: tests \\"and\\" builds"
tools: Read, Edit, Bash, Task, mcp__db__*
disallowedTools:
  - WebFetch   # not here
  - Bash(rm *)
model: haiku
permissionMode: acceptEdits
maxTurns: 12
isolation: worktree
color: red`
    const { row, table } = scene({ "project/.claude/agents/m.md": agent(head, "Mend it.\n\nThen test it.") })
    expect(await row("mender")).toEqual({
      name: "mender",
      origin: "project",
      path: join(base, "project/.claude/agents/m.md"),
      summary: 'Mends: tests "and" builds',
      tools: ["read", "edit", "multiedit", "apply_patch", "bash", "task", "mcp__db__*"],
      toolsDenied: ["webfetch", "bash"],
      mode: "accept-edits",
      stepsMax: 12,
      asks: { kind: "tier", tier: "rush" },
      isIsolated: true,
      instructions: "Mend it.\n\nThen test it.",
    })
    expect((await table()).warnings).toEqual([])
  })

  test("is read as a third program writes it: a map of tools, a permission for each, a description with colons", async () => {
    const head = `description: Use it when: a test is red. <example>user: "why?"</example>
mode: subagent
tools:
  write: false
  bash: true
permission:
  webfetch: deny
model: inherit`
    const { row, table } = scene({ "project/.opencode/agent/looker.md": agent(head) })
    expect(await row("looker")).toMatchObject({
      summary: 'Use it when: a test is red. <example>user: "why?"</example>',
      toolsDenied: ["write", "webfetch"],
    })
    expect((await table()).warnings).toEqual([])
  })

  test("that is wrong is told with its line, and takes no more than it says", async () => {
    const { table } = scene({
      "project/.skein/agents/a.md": agent(
        "name: a\ndescription: x\ntools: Bash(git *)\nmode: free\nsteps: many\nhooks:\n  x: y\njust words",
      ),
      "project/.skein/agents/b.md": "no head\n",
      "project/.skein/agents/c.md": agent("name: not a name\ndescription: x"),
      "project/.skein/agents/d.md": agent("name: d\ndescription: x", ""),
      "project/.skein/agents/e.md": "---\nname: e\n",
    })
    const { agents: all, warnings } = await table()
    expect(all.find(({ name }) => name === "a")?.tools).toEqual([])
    expect(all.filter(({ origin }) => origin === "project")).toHaveLength(1)
    const at = ".skein/agents/"
    expect(warnings).toEqual([
      `${at}a.md:9: "just words" is no key with a value.`,
      `${at}a.md:4: of its tools, Bash(git *) is not understood and left out.`,
      `${at}a.md:5: mode is plan, ask, accept-edits, auto or full, not "free"; it gets its parent's.`,
      `${at}a.md:6: steps is a whole number from 1, not "many".`,
      `${at}a.md:7: hooks is not gone by.`,
      `${at}b.md:1: it is no agent: it must begin with --- and keys as name and description. It is left out.`,
      `${at}c.md:2: "not a name" is no name for an agent: letters, digits, - and _. It is left out.`,
      `${at}d.md:1: it has no instructions below its head. It is left out.`,
      `${at}e.md:1: its head is not closed by ---.`,
      `${at}e.md:1: it has no instructions below its head. It is left out.`,
    ])
  })

  test("of a project is used only while it is trusted, takes no built-in one's place, and sends nothing to another provider", async () => {
    const files = {
      "project/.skein/agents/evil.md": agent("name: evil\ndescription: x"),
      "project/.skein/agents/finder.md": agent("name: finder\ndescription: x\ntools: bash"),
      "project/.skein/agents/far.md": agent("name: far\ndescription: x\nmodel: other/model"),
    }
    const { table, row, port } = scene(files, [".skein/agents/evil.md"])
    const { agents: all, warnings } = await table()
    expect(all.map(({ name }) => name)).not.toContain("evil")
    expect((await row("finder")).origin).toBe("built_in")
    expect(warnings).toEqual([
      ".skein/agents/finder.md: finder is an agent of skein's own; a project cannot take its place. It is left out.",
      ".skein/agents/evil.md: it is not used, because this folder is not trusted with it as it is. See it with: skein trust items",
    ])
    const far = await row("far")
    await expect(port.chosen(far, "here/large")).rejects.toThrow("only a model of here may be asked")
    expect((await port.chosen({ ...far, origin: "person" }, "here/large")).model).toBe("other/model")
  })

  test("of the nearest folder wins, a person's own may take a built-in one's place, and a link out of the project is not read", async () => {
    const at = scene({
      "project/.skein/agents/x.md": agent("description: outer", "Outer."),
      "project/inner/.claude/agents/x.md": agent("description: inner", "Inner."),
      "config/agents/coder.md": agent("description: mine", "Mine."),
      "home/.claude/agents/x.md": agent("description: home", "Home."),
      "secret.md": agent("description: secret", "Secret."),
    })
    symlinkSync(join(base, "secret.md"), join(at.project, ".skein/agents/secret.md"))
    expect(await at.row("x")).toMatchObject({ instructions: "Inner.", origin: "project" })
    expect(await at.row("coder")).toMatchObject({ instructions: "Mine.", origin: "person" })
    expect((await at.table()).agents.map(({ name }) => name)).not.toContain("secret")
  })
})
