import { afterEach, beforeEach, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { SkeinError } from "@skein/protocol"
import { type CommandsOptions, commands } from "../src/index.ts"

let root = ""
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "commands-"))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function put(path: string, text: string): void {
  const whole = join(root, path)
  mkdirSync(dirname(whole), { recursive: true })
  writeFileSync(whole, text)
}

const COMMAND = { folder: ".claude/commands", dialect: "claude" } as const

function portOf(more: Partial<CommandsOptions> = {}) {
  const told: string[] = []
  const ran: string[] = []
  const home = join(root, "home")
  const port = commands({
    ...{ home, projectRows: [COMMAND, { folder: ".gemini/commands", dialect: "gemini" }] },
    ownRows: [
      { folder: join(home, ".claude/commands"), dialect: "claude" },
      { folder: join(home, ".codex/prompts"), dialect: "codex" },
      { folder: join(home, ".config/opencode/command"), dialect: "opencode" },
    ],
    projectOf: () => join(root, "repo"),
    trusted: async (_cwd, files) => new Set(files.map(({ path }) => path)),
    plugins: async () => [],
    run: async (line) => {
      ran.push(line)
      return line.startsWith("rm")
        ? { kind: "refused", why: "you would be asked first" }
        : { kind: "text", text: `out of ${line}\n` }
    },
    read: async (path) => (path.startsWith("no") ? { kind: "none" } : { kind: "text", text: `content of ${path}` }),
    modelFor: (name) => (name === "known" ? "test/known" : undefined),
    warn: (sentence) => told.push(sentence),
    leaveOut: async (_, sentence) => void told.push(sentence),
    ...more,
  })
  const place = { cwd: join(root, "repo") }
  const signal = new AbortController().signal
  return {
    ...{ told, ran },
    names: async () => (await port.list(place)).map(({ name, aliases = [] }) => [name, ...aliases].join(" ")),
    list: () => port.list(place),
    expand: (name: string, args = "") => port.expand(name, args, place, signal),
    async text(name: string, args = "") {
      const [part] = (await port.expand(name, args, place, signal))?.input ?? []
      return part?.type === "text" ? part.text : undefined
    },
  }
}

test("files of every program are commands, by the names that each knows them by", async () => {
  put("repo/.claude/commands/fix.md", "---\ndescription: Mends it\nargument-hint: [issue]\n---\nFix $1")
  put("repo/.claude/commands/front/component.md", "Make $ARGUMENTS")
  put("repo/.gemini/commands/git/commit.toml", 'description = "Commits"\nprompt = "Commit {{args}}"')
  put("home/.codex/prompts/draft.md", "Draft $TITLE")
  put("home/.config/opencode/command/test.md", "---\nagent: explore\n---\nTest")
  put("home/.claude/commands/README.md", "no command")
  const { list, names } = portOf()
  expect(await names()).toEqual([
    "draft prompts:draft",
    "fix",
    "front:component component",
    "git:commit commit",
    "test",
  ])
  expect((await list())[1]).toMatchObject({ summary: "Mends it", usage: "[issue]", scope: "project", kind: "command" })
})

test("of two with one name the project's has it, and the person's is called with whose it is", async () => {
  put("repo/.claude/commands/fix.md", "the project's")
  put("home/.claude/commands/fix.md", "mine")
  const { names, text } = portOf()
  expect(await names()).toEqual(["fix", "user:fix"])
  expect([await text("fix"), await text("user:fix")]).toEqual(["the project's", "mine"])
})

test("a command of a plugin has the plugin's name before it", async () => {
  put("plugin/commands/run.md", "Run it")
  const plugins = async () => [{ folder: join(root, "plugin/commands"), dialect: "claude", plugin: "acme" } as const]
  expect(await portOf({ plugins }).names()).toEqual(["acme:run"])
})

/** The dialect's folder, a template, what is written behind the command, and what the model is told. */
const FILLED: readonly (readonly [string, string, string, string])[] = [
  [".claude/commands", "Fix $1 as $2, not $3.", `42 "high priority"`, "Fix 42 as high priority, not ."],
  [".claude/commands", "First $0, then $1", "a b", "First a, then b"],
  [".claude/commands", "$ARGUMENTS[1] of $ARGUMENTS", "a b", "b of a b"],
  [".claude/commands", "Costs $10 or $ 5", "x", "Costs $10 or $ 5\n\nARGUMENTS: x"],
  [".claude/commands", "Nothing here", "but this", "Nothing here\n\nARGUMENTS: but this"],
  // What was written behind it is not read as a template.
  [".claude/commands", "Say $1", "'!`id` $2 @no'", "Say !`id` $2 @no"],
  [".claude/commands", "State: !`git status`", "", "State: out of git status"],
  [".claude/commands", "See !`gh pr view $1`", "'1; rm -rf /'", "See out of gh pr view '1; rm -rf /'"],
  [".claude/commands", '!`echo "$1"`', "'a\"; $(id)'", 'out of echo "a\\"; \\$(id)"'],
  [
    ".claude/commands",
    "!`rm x`",
    "",
    "[Not run: `rm x`, because you would be asked first. Run it yourself if you need what it says.]",
  ],
  [
    ".claude/commands",
    "!`echo $(cat $1)`",
    "'a;id'",
    "[Not run: what was written behind the command cannot be put into its shell line safely.]",
  ],
  [".claude/commands", "Read @a.ts.", "", 'Read @a.ts.\n\n<file path="a.ts">\ncontent of a.ts\n</file>\n'],
  [".claude/commands", "Read @$1 now", "b.ts", 'Read @b.ts\n\n<file path="b.ts">\ncontent of b.ts\n</file>\n now'],
  [".claude/commands", "Ask @nobody or a@b.c, `@x`", "", "Ask @nobody or a@b.c, `@x`"],
  [".config/opencode/command", "$1 then $2", "a b c", "a then b c"],
  [".codex/prompts", "$TITLE for $WHO, !`id`", `WHO=you TITLE="a b"`, "a b for you, !`id`"],
]

for (const [folder, template, args, said] of FILLED) {
  test(`${template} with ${args === "" ? "nothing" : args} behind it is ${JSON.stringify(said)}`, async () => {
    put(`home/${folder}/x.md`, template)
    expect(await portOf().text("x", args)).toBe(said)
  })
}

test("a command of Gemini's has its arguments, its lines and its files filled in", async () => {
  put("repo/.gemini/commands/look.toml", 'prompt = "For {{args}}: !{grep {{args}} | jq {a}} and @{a b.md}"')
  expect(await portOf().text("look", "it's")).toBe(
    `For it's: out of grep 'it'\\''s' | jq {a} and @a b.md\n\n<file path="a b.md">\ncontent of a b.md\n</file>\n`,
  )
})

test("a name that nothing was said of is asked for", async () => {
  put("home/.codex/prompts/draft.md", "Draft $TITLE for $WHO")
  const failed = await portOf()
    .expand("draft", "WHO=me")
    .catch((error: unknown) => error)
  expect(failed).toBeInstanceOf(SkeinError)
  expect(failed).toHaveProperty("message", "Nothing was said of TITLE. Write: TITLE=… WHO=…")
})

test("its head says model, effort, agent and tools", async () => {
  put("home/.claude/commands/a.md", "---\nmodel: opus\neffort: max\nallowed-tools: Bash(git add:*), Read\n---\nGo")
  put("home/.claude/commands/b.md", "---\nmodel: known\nallowed-tools:\n  - Read\n---\nGo")
  put("home/.claude/commands/c.md", "---\nmodel: unheard\nagent: explore\n---\nGo")
  const { expand } = portOf()
  expect(await expand("a")).toMatchObject({ tier: "deep", effort: "xhigh", toolsAllowed: ["Bash(git add:*), Read"] })
  expect(await expand("b")).toMatchObject({ model: "test/known", toolsAllowed: ["Read"], notes: [] })
  expect(await expand("c")).toMatchObject({
    agent: "explore",
    notes: ["~/.claude/commands/c.md asks for unheard, which is not known here. The session's own is asked."],
  })
})

test("a command of a folder that nobody trusts is not there, which is said once, with what to do", async () => {
  put("repo/.claude/commands/fix.md", "!`id`")
  put("home/.claude/commands/own.md", "Mine")
  const { names, text, told, ran } = portOf({ trusted: async () => new Set() })
  expect(await names()).toEqual(["own"])
  expect(await text("fix")).toBeUndefined()
  expect(ran).toEqual([])
  expect(told).toEqual([
    "The command in .claude/commands/fix.md is not offered, because nobody said that this folder may be trusted with it. See it: skein trust items; say so: skein trust accept.",
  ])
})

test("no link out of the project, no device and no file that is too large is a command", async () => {
  put("elsewhere/secret.md", "SECRET")
  put("repo/.claude/commands/large.md", "x".repeat(200_001))
  symlinkSync(join(root, "elsewhere/secret.md"), join(root, "repo/.claude/commands/linked.md"))
  symlinkSync("/dev/zero", join(root, "repo/.claude/commands/device.md"))
  symlinkSync(join(root, "nowhere"), join(root, "repo/.claude/commands/dangling.md"))
  expect(await portOf().names()).toEqual([])
})

test("a file that says nothing is listed with what is wrong, and refused when it is called", async () => {
  put("home/.claude/commands/empty.md", "---\ndescription: x\n---\n")
  put("repo/.gemini/commands/bad.toml", "prompt = ")
  const { list, expand } = portOf()
  expect((await list()).map(({ summary }) => summary.slice(0, 60))).toEqual(
    [
      "Cannot use the command in .gemini/commands/bad.toml: ".padEnd(60).slice(0, 60).trimEnd(),
      "Cannot use the command in ~/.claude/commands/empty.md: nothi",
    ].map((start) => expect.stringContaining(start)),
  )
  expect(expand("empty")).rejects.toThrow("nothing stands below its head")
})
