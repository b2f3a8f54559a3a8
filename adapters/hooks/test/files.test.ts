import { expect, test } from "bun:test"
import { mkdirSync, readFileSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { sha256Of } from "../src/read/rows.ts"
import { call, hooked, scene } from "./scene.ts"

const LS = call("bash", { command: "ls" })
const says = (text: string) => `echo '${text}' >&2; exit 2`

test("hooks of all the usual files run, the person's before the project's", async () => {
  await using at = scene({ isTrusting: true })
  const toml = (text: string) =>
    `[[hooks.PreToolUse]]\n[[hooks.PreToolUse.hooks]]\ntype = "command"\ncommand = "echo ${text} >&2; exit 2"\n`
  at.put("~/.config/skein/config.toml", `model = "x"\n${toml("own-toml")}`)
  at.put("~/.config/skein/hooks.json", hooked("PreToolUse", says("own-json")))
  at.put("~/.claude/settings.json", hooked("PreToolUse", says("claude")))
  at.put("~/.codex/hooks.json", hooked("PreToolUse", says("codex-json")))
  at.put("~/.codex/config.toml", toml("codex-toml"))
  at.put(".skein/hooks.json", hooked("PreToolUse", says("project")))
  at.put(".claude/settings.json", hooked("PreToolUse", says("project-claude")))
  at.put(".claude/settings.local.json", hooked("PreToolUse", says("project-local")))
  at.put(".codex/hooks.json", hooked("PreToolUse", says("project-codex")))
  at.put(".codex/config.toml", toml("project-codex-toml"))

  expect((await at.run(LS)).reason?.split("\n")).toEqual([
    ...["own-toml", "own-json", "claude", "codex-json", "codex-toml"],
    ...["project", "project-claude", "project-local", "project-codex", "project-codex-toml"],
  ])
})

test("a changed file is told once, with whose it is, and holds once that was taken", async () => {
  await using at = scene()
  const here = { cwd: at.project }
  expect((await at.hooks.at(here)).has("PreToolUse")).toBe(false)
  const path = at.put("~/.claude/settings.json", hooked("PreToolUse", says("no")))
  const after = await at.hooks.at(here)
  expect([after.has("PreToolUse"), after.changed?.files]).toEqual([false, [{ path, owner: "person" }]])
  expect((await at.hooks.at(here)).changed).toBeUndefined()
  expect((await after.changed?.settle({ isTaken: true }))?.has("PreToolUse")).toBe(true)
  const now = await at.hooks.at(here)
  expect([now.has("PreToolUse"), now.changed]).toEqual([true, undefined])
})

test("a change that was not taken leaves what stood there, until the file is another again", async () => {
  await using at = scene()
  const here = { cwd: at.project }
  at.put("~/.claude/settings.json", hooked("PreToolUse", says("no")))
  await at.hooks.at(here)
  at.put("~/.claude/settings.json", hooked("Stop", says("no")))
  await (await at.hooks.at(here)).changed?.settle({ isTaken: false })
  const kept = await at.hooks.at(here)
  expect([kept.has("PreToolUse"), kept.has("Stop"), kept.changed]).toEqual([true, false, undefined])
  at.put("~/.claude/settings.json", hooked("Interrupt", says("no")))
  expect((await at.hooks.at(here)).changed?.files).toHaveLength(1)
})

test("what is wrong is named with file and place, once, and the rest goes on", async () => {
  await using at = scene()
  const file = at.put("~/.claude/settings.json", {
    hooks: {
      PreToolUse: [
        { matcher: "(", hooks: [{ type: "command", command: "true" }] },
        {
          hooks: [
            { type: "command" },
            { type: "prompt", prompt: "fine?" },
            { type: "command", command: says("heard") },
          ],
        },
      ],
      pretooluse: [],
      TaskCompleted: [],
      Stop: "yes",
    },
  })
  const broken = at.put("~/.codex/hooks.json", "{ hooks: ")

  expect((await at.run(LS)).reason).toBe("heard")
  await at.run(LS)
  const flaws = [
    `${file}#hooks.PreToolUse[0]: Its matcher is no regular expression: Invalid regular expression: missing ).`,
    `${file}#hooks.PreToolUse[1].hooks[0]: Expected command to be a shell line, or a list of a program and its arguments.`,
    `${file}#hooks.pretooluse: skein has no point of this name, so nothing is run there. Did you mean PreToolUse?`,
    `${file}#hooks.Stop: Expected a list.`,
    expect.stringContaining(`${broken}: It is no JSON`),
    `${file}#hooks.PreToolUse[1]: skein has no hooks of type prompt: have a command do it.`,
  ]
  expect(at.told).toEqual(flaws.map((flaw) => (typeof flaw === "string" ? `A hook is left out. ${flaw}` : flaw)))
})

test("nothing of a project runs before the person trusts exactly that hook, and it runs in the sandbox", async () => {
  const trusted = { folder: "", isByPerson: false, items: [] as object[], changed: [] as object[] }
  await using at = scene({ trust: async () => trusted as never })
  trusted.folder = at.project
  const file = at.put(".claude/settings.json", hooked("PreToolUse", says("project"), {}, "Bash"))
  at.put("~/.claude/settings.json", hooked("PreToolUse", says("person")))

  expect((await at.run(LS)).reason).toBe("person")
  expect(at.told).toEqual([
    `A hook of this project is not run, because nobody trusts the folder as it is: ${file}. ` +
      "Look: skein hooks list. Then: skein trust accept, or --trust for one run.",
  ])

  const group = JSON.parse(readFileSync(file, "utf8")).hooks.PreToolUse[0]
  const item = { name: ".claude/settings.json#hooks.PreToolUse[0]", sha256: sha256Of(JSON.stringify(group)) }
  trusted.items = [item]
  expect((await at.run(LS)).reason).toBe("person")
  trusted.isByPerson = true
  expect((await at.run(LS)).reason).toBe("person\nproject")
  expect(at.processes.requests.slice(-2).map(({ sandbox, roots }) => [sandbox, roots])).toEqual([
    ["full-access", [at.project]],
    ["workspace-write", [at.project]],
  ])
  await at.run(LS, { mode: "plan" })
  expect(at.processes.requests.slice(-2).map(({ sandbox }) => sandbox)).toEqual(["full-access", "read-only"])

  trusted.changed = [item]
  expect((await at.run(LS)).reason).toBe("person")
  trusted.changed = []
  at.put(".claude/settings.json", hooked("PreToolUse", says("another"), {}, "Bash"))
  expect((await at.run(LS)).reason).toBe("person")
})

test("a project can turn off its own hooks and not the person's; the person those of both", async () => {
  await using at = scene({ isTrusting: true })
  at.put("~/.claude/settings.json", hooked("PreToolUse", says("person")))
  at.put(".claude/settings.json", hooked("PreToolUse", says("project")))
  at.put(".skein/hooks.json", hooked("PreToolUse", says("skein")))
  at.put(".claude/settings.local.json", { disableAllHooks: true })
  expect((await at.run(LS)).reason).toBe("person\nskein")

  at.put("~/.claude/settings.json", { disableAllHooks: true, ...hooked("PreToolUse", says("person")) })
  expect((await at.run(LS)).reason).toBe("skein")
})

test("Codex's own switch turns off what is read of Codex's", async () => {
  await using at = scene()
  at.put("~/.codex/hooks.json", hooked("PreToolUse", says("codex")))
  at.put("~/.claude/settings.json", hooked("PreToolUse", says("claude")))
  at.put("~/.codex/config.toml", "[features]\nhooks = false\n")

  expect((await at.run(LS)).reason).toBe("claude")
})

test("a project's hook may deny and ask; that it allows a call spares nobody a question", async () => {
  await using at = scene({ isTrusting: true })
  const decides = (permissionDecision: string) =>
    `echo '${JSON.stringify({ hookSpecificOutput: { permissionDecision, updatedInput: { command: "pwd" } } })}'`
  at.put(".claude/settings.json", hooked("PreToolUse", decides("allow")))
  expect(await at.run(LS)).toMatchObject({ input: { command: "pwd" } })
  expect((await at.run(LS)).decision).toBeUndefined()
  at.put(".claude/settings.json", hooked("PreToolUse", decides("ask")))
  expect((await at.run(LS)).decision).toBe("ask")
  at.put("~/.claude/settings.json", hooked("PreToolUse", decides("allow")))
  at.put(".claude/settings.json", {})
  expect((await at.run(LS)).decision).toBe("allow")
})

test("files of other programs are read only where the settings say so, and the person's own only where they are wanted", async () => {
  await using at = scene({ imports: () => ["codex"], isReadingOwn: false, isTrusting: true })
  at.put("~/.config/skein/hooks.json", hooked("PreToolUse", says("own")))
  at.put(".claude/settings.json", hooked("PreToolUse", says("claude")))
  at.put(".codex/hooks.json", hooked("PreToolUse", says("codex")))

  expect((await at.run(LS)).reason).toBe("codex")
})

test("what is no file, too large or behind a link out of the project is not read", async () => {
  await using at = scene({ isTrusting: true })
  at.put("~/.claude/settings.json", " ".repeat(1_000_001))
  at.put("~/outside.json", hooked("PreToolUse", says("outside")))
  mkdirSync(join(at.project, ".codex"))
  symlinkSync(join(at.home, "outside.json"), join(at.project, ".codex/hooks.json"))
  mkdirSync(join(at.project, ".skein/hooks.json"), { recursive: true })

  expect((await at.run(LS)).ran).toEqual([])
  expect((await at.hooks.list({ cwd: at.project })).flaws.map((flaw) => flaw.slice(flaw.indexOf(": ") + 2))).toEqual([
    ...["It is larger than 1 MB.", "It is no regular file.", "It is a link out of the project, so it is not read."],
  ])
})

test("hooks of a plugin know where it lies, and an `if` asks for a call that fits", async () => {
  const plugin = {
    name: "lint",
    dataFolder: "/data/lint",
    hooks: [{ file: "/p/plugin.json", value: { hooks: {} as object } }],
  }
  const parts = { skills: [], commands: [], agents: [], outputStyles: [], mcpServers: [], extensions: [] }
  plugin.hooks = [
    {
      file: "/p/plugin.json",
      value: hooked("PreToolUse", 'echo "$CLAUDE_PLUGIN_ROOT $CLAUDE_PLUGIN_DATA" >&2; exit 2', {
        if: "Bash(git push *)",
      }) as { hooks: object },
    },
  ]
  await using at = scene({ plugins: { enabled: async () => [{ ...parts, ...plugin, root: "/p" }] } })

  expect((await at.run(LS)).ran).toEqual([])
  expect((await at.run(call("bash", { command: "cd x && git push origin" }))).reason).toBe("/p /data/lint")
})

test("what is listed says whose each hook is, whether it runs and why not", async () => {
  await using at = scene()
  at.put("~/.claude/settings.json", hooked("PreToolUse", "TOKEN=abc check --all", { timeout: 5, async: true }, "Bash"))
  at.put(".claude/settings.json", {
    hooks: {
      Stop: [
        {
          hooks: [
            { type: "http", url: "http://me:pw@localhost:1/x?key=1" },
            { type: "command", command: "done.sh" },
          ],
        },
      ],
    },
  })

  const { hooks } = await at.hooks.list({ cwd: at.project })
  expect(
    hooks.map(({ event, type, what, from, state, why, isConfined }) => [
      event,
      type,
      what,
      from,
      state,
      why,
      isConfined,
    ]),
  ).toEqual([
    ["PreToolUse", "command", "TOKEN=… check --all", "person", "runs", undefined, false],
    [
      "Stop",
      "http",
      "http://localhost:1/x",
      "project",
      "blocked",
      "A project's hooks have no network: put it into a file of your own.",
      true,
    ],
    ["Stop", "command", "done.sh", "project", "untrusted", "nobody trusts the folder as it is", true],
  ])
})
