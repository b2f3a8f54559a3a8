import { dlopen } from "bun:ffi"
import { afterEach, expect, test } from "bun:test"
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import type { TakeLock } from "@skein/core/ports"
import { type Rule, type RuleId, SkeinError } from "@skein/protocol"
import { patternRules } from "../src/foreign/pattern.ts"
import { readForeignFile } from "../src/foreign/read-file.ts"
import { keptRules, readRuleFile } from "../src/kept/kept.ts"
import { managedFile } from "../src/kept/managed.ts"
import { standingRules } from "../src/kept/standing.ts"
import { patternOf } from "../src/rules/order.ts"

function takeLock(): TakeLock {
  const { flock } = dlopen(process.platform === "darwin" ? "libc.dylib" : "libc.so.6", {
    flock: { args: ["i32", "i32"], returns: "i32" },
  }).symbols
  return (fd) => (flock(fd, 6) === 0 ? { kind: "locked", release: () => void flock(fd, 8) } : { kind: "held" })
}

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function scene(files: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "skein-rules-"))
  folders.push(folder)
  const put = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  for (const [name, text] of Object.entries(files)) put(name, text)
  const file = join(folder, "config", "permissions.json")
  let count = 0
  const open = () =>
    keptRules({ file, newId: (): RuleId => `rul_${++count}`, now: () => 1_000, lock: async () => takeLock() })
  const warnings: string[] = []
  const home = join(folder, "home")
  const project = join(folder, "project")
  const standing = (imports: readonly string[] = ["claude", "codex"]) =>
    standingRules({
      ...{ home, env: {}, kept: open(), projectOf: () => project, imports: () => imports },
      managed: managedFile(join(folder, "managed.toml")),
      warn: (sentence) => warnings.push(sentence),
    })
  return { folder, file, open, put, warnings, home, project, standing }
}

const rule = (command: string, given: Partial<Rule> = {}): Rule => ({
  tool: "bash",
  command,
  decision: "allow",
  scope: "user",
  ...given,
})
const said = (rules: readonly Rule[]) =>
  rules.map(({ decision, tool, command, prefix, path, host, scope }) =>
    [scope, decision, tool, command ?? prefix?.join(" ") ?? path ?? host ?? ""].join(" "),
  )

async function refusal(act: () => unknown): Promise<string> {
  try {
    await act()
  } catch (error) {
    if (error instanceof SkeinError) return `${error.code}: ${error.message}`
    throw error
  }
  return "nothing was refused"
}

test("a rule that one terminal keeps is seen by the next question of another, and taken back there too", async () => {
  const { open } = scene()
  const [one, other] = [open(), open()]
  expect(other.rulesFor("/p")).toEqual([])
  const kept = await one.keep(rule("make"), "/p")
  await one.keep(rule("test", { scope: "project" }), "/p")
  expect(said(other.rulesFor("/p"))).toEqual(["user allow bash make", "project allow bash test"])
  expect(said(other.rulesFor("/q"))).toEqual(["user allow bash make"])
  expect(other.rulesFor("/p")[0]?.source).toBe(one.file)
  if (kept.id === undefined) throw new Error("A kept rule has an id")
  await other.drop(kept.id)
  expect(said(one.rulesFor("/p"))).toEqual(["project allow bash test"])
  expect(await refusal(() => one.drop("rul_99"))).toStartWith("rule.not_found: Cannot remove rule rul_99")
})

test("rules are for their owner's eyes only, in a file that is old or new and leaves only its lock beside it", async () => {
  const { open, file } = scene()
  await open().keep(rule("make"), "/p")
  expect([statSync(file).mode & 0o777, statSync(dirname(file)).mode & 0o777]).toEqual([0o600, 0o700])
  expect(readdirSync(dirname(file)).toSorted()).toEqual(["permissions.json", "permissions.json.lock"])
  chmodSync(file, 0o644)
  await open().keep(rule("test"), "/p")
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test("many who keep at once lose nothing", async () => {
  const { open } = scene()
  await Promise.all(Array.from({ length: 20 }, (_, at) => open().keep(rule(`make ${at}`), "/p")))
  expect(open().rulesFor("/p")).toHaveLength(20)
})

test("who holds the lock is waited for, whatever the lock's file says of a process that is gone", async () => {
  const { open, file } = scene({ "config/permissions.json": "" })
  // As another container writes it, whose processes nobody here can see.
  writeFileSync(`${file}.lock`, "999999999")
  const fd = openSync(`${file}.lock`, "r+")
  const held = takeLock()(fd)
  if (held.kind !== "locked") throw new Error("Nobody else holds it")
  const keeping = open().keep(rule("make"), "/p")
  await new Promise((resolve) => setImmediate(resolve))
  const denied = { tool: "bash", command: "rm", decision: "deny", scope: "user", id: "rul_a" }
  writeFileSync(file, JSON.stringify({ version: 1, user: [denied], projects: {} }))
  held.release()
  await keeping
  closeSync(fd)
  expect(said(open().rulesFor("/p"))).toEqual(["user deny bash rm", "user allow bash make"])
})

test("a lock that a killed process held is free, and no lock's name is ever taken away", async () => {
  const { open, file } = scene({ "config/permissions.json": "" })
  const script = "flock -x 9; echo held; exec sleep 60"
  const holder = Bun.spawn(["bash", "-c", `exec 9>"$0"; ${script}`, `${file}.lock`], {
    stdio: ["ignore", "pipe", "ignore"],
  })
  await holder.stdout.getReader().read()
  const { ino } = statSync(`${file}.lock`)
  const keeping = open().keep(rule("make"), "/p")
  holder.kill("SIGKILL")
  await keeping
  expect(said(open().rulesFor("/p"))).toEqual(["user allow bash make"])
  expect(statSync(`${file}.lock`).ino).toBe(ino)
})

test("where nothing can be locked no rule is kept, and the reason is told", async () => {
  const { file } = scene()
  const lock = async () => () => ({ kind: "unsupported" as const, reason: "no locks here" })
  const kept = keptRules({ file, newId: () => "rul_1", now: () => 0, lock })
  expect(await refusal(() => kept.keep(rule("make"), "/p"))).toStartWith(
    `config.invalid: Cannot change ${file}: it cannot be locked: no locks here.`,
  )
})

test("the same rule is kept once, what is over is let go of with the next change", async () => {
  const { open } = scene()
  const kept = open()
  await kept.keep(rule("make"), "/p")
  await kept.keep(rule("make", { reason: "again" }), "/p")
  await kept.keep(rule("old", { expiresAt: 999 }), "/p")
  await kept.keep(rule("new", { expiresAt: 2_000 }), "/p")
  expect(said(kept.rulesFor("/p"))).toEqual(["user allow bash make", "user allow bash new"])
})

test("a rule for a session is not kept for good", async () => {
  const { open } = scene()
  expect(await refusal(() => open().keep(rule("make", { scope: "session" }), "/p"))).toContain("op.invalid")
})

test("a file that does not fit is refused whole: nothing of what it denies may be left out", async () => {
  const wrong = [
    ...["{", "[]", '{"users": []}', '{"version": 2}', '{"user": {}}', '{"projects": []}', '{"user": [1]}'],
    ...[
      '{"user": [{"tool": "bash", "decision": "no"}]}',
      '{"user": [{"tool": "bash", "comand": "x", "decision": "deny"}]}',
    ],
    '{"user": [{"tool": "bash", "path": "rel", "decision": "deny"}]}',
  ]
  for (const text of wrong) {
    expect([text, await refusal(() => readRuleFile(text, "/f"))]).toEqual([
      text,
      expect.stringContaining("config.invalid: Cannot use /f"),
    ])
  }
  const { open, put } = scene()
  put("config/permissions.json", "{")
  expect(await refusal(() => open().rulesFor("/p"))).toContain("Cannot use")
  expect(await refusal(() => open().keep(rule("make"), "/p"))).toContain("Cannot use")
})

test("a device or a folder in the place of the file is refused and not waited for", async () => {
  const { open, file } = scene()
  mkdirSync(dirname(file), { recursive: true })
  symlinkSync("/dev/zero", file)
  expect(await refusal(() => open().rulesFor("/p"))).toContain("no regular file")
})

test("PERM-12: the administrator's file comes first, and where it cannot be read nothing runs", async () => {
  const { put, standing, open, folder } = scene()
  put("managed.toml", '[[rules]]\ntool = "bash"\ncommand = "curl *"\ndecision = "deny"')
  await open().keep(rule("curl *"), "/p")
  expect(said(standing()("/p"))).toEqual(["managed deny bash curl *", "user allow bash curl *"])
  for (const text of ["rules = 3x", "[[rule]]\ntool = 1", '[[rules]]\ntool = "bash"\ndecision = "maybe"']) {
    put("managed.toml", text)
    expect(await refusal(() => standing()("/p"))).toContain(
      `config.invalid: Cannot use ${join(folder, "managed.toml")}`,
    )
  }
})

test("the person's rules of Claude Code and Codex hold both ways, a project's only where they take away", () => {
  const claude = JSON.stringify({
    permissions: {
      allow: ["Bash(npm test:*)"],
      deny: ["Read(./.env)", "WebFetch(domain:x.org)"],
      ask: ["Bash(git push:*)"],
    },
  })
  const codex = 'prefix_rule(pattern=["ls"])\nprefix_rule(pattern=["rm"], decision="forbidden", justification="no")'
  const files = { ".claude/settings.json": claude, ".codex/rules/default.rules": codex }
  const both = Object.entries(files).flatMap(([name, text]) => [
    [`home/${name}`, text],
    [`project/${name}`, text],
  ])
  const { standing, warnings, project, put } = scene(Object.fromEntries(both))
  const ours = standing()
  const denials = [
    `deny read ${project}/.env`,
    `deny list ${project}/.env`,
    `deny glob ${project}/.env`,
    `deny grep ${project}/.env`,
    "deny webfetch x.org",
  ]
  expect(said(ours("/p"))).toEqual([
    ...denials.map((text) => `user ${text}`),
    ...["user ask bash git push *", "user allow bash npm test *"],
    ...denials.map((text) => `project ${text}`),
    "project ask bash git push *",
    ...["user allow bash ls", "user deny bash rm", "project deny bash rm"],
  ])
  expect(warnings).toHaveLength(2)
  expect(standing([])("/p")).toEqual([])
  put("home/.codex/rules/more.rules", 'prefix_rule(pattern=["make"])')
  expect(said(ours("/p"))).toContain("user allow bash make")
})

test("a broken file of the person's own stops, and one of a project is passed over with a word", async () => {
  const { standing, warnings, put } = scene({
    "project/.claude/settings.json": "{",
    "project/.codex/rules/a.rules": "nope()",
  })
  expect(standing()("/p")).toEqual([])
  expect(warnings).toHaveLength(2)
  put("home/.codex/rules/a.rules", "nope()")
  expect(await refusal(() => standing()("/p"))).toMatch(
    /config.invalid: Error: failed to parse policy at .*a\.rules: .*a\.rules:1:1: Variable `nope` not found/,
  )
  put("home/.codex/rules/a.rules", "")
  put("home/.claude/settings.json", "{")
  expect(await refusal(() => standing()("/p"))).toContain("permissions.import = []")
})

test("a program that host_executable names may be written by those paths, and by no other", () => {
  const { folder } = scene({
    "a.rules": 'prefix_rule(pattern=["git", "log"])\nhost_executable(name="git", paths=["/usr/bin/git"])',
  })
  const { rules } = readForeignFile(join(folder, "a.rules"), { cwd: "/w", home: "/h" })
  expect(rules[0]?.prefix).toEqual([["git", "/usr/bin/git"], "log"])
})

test("files of rules are told apart by what is in them", () => {
  const lists = '{"allowlist": ["npm test"], "blocklist": ["curl *"], "guarded_paths": ["~/.ssh"]}'
  const { folder } = scene({
    "a.rules": 'prefix_rule(pattern=["ls"])',
    "c.json": '{"permissions": {"deny": ["Bash(x)"]}}',
    "open.json": '{"permissions": {"deny": ["Bash(x)", "Bash(rm"]}}',
    "l.json": lists,
    "n.json": "nope",
  })
  const read = (name: string) => readForeignFile(join(folder, name), { cwd: "/w", home: "/home/me" })
  expect(said(read("a.rules").rules)).toEqual(["user allow bash ls"])
  expect(said(read("c.json").rules)).toEqual(["user deny bash x"])
  expect(said(read("l.json").rules)).toEqual([
    "user deny bash curl *",
    "user deny * /home/me/.ssh",
    "user ask * /home/me/.ssh",
    "user allow bash npm test *",
  ])
  expect(read("l.json").warnings).toHaveLength(1)
  expect(() => read("open.json")).toThrow('"Bash(rm" is no rule')
  expect(() => read("n.json")).toThrow("neither JSON nor a *.rules file")
})

test("what a person writes for a rule is told by its form", async () => {
  const context = { cwd: "/w", home: "/home/me", tools: ["bash", "write", "read"] }
  const read = (text: string) => said(patternRules(text, { decision: "deny", scope: "user" }, context))[0]
  expect(
    [
      "git push *",
      "bash(git push *)",
      "Bash(git push:*)",
      "write",
      "*",
      "*(host a.example)",
      "host:*.a.example",
      "./src/**",
      "~/x",
      "read(src)",
      "mcp__a__*",
      "Read(//etc/x)",
      "frobnicate",
    ].map(read),
  ).toEqual([
    "user deny bash git push *",
    "user deny bash git push *",
    "user deny bash git push *",
    "user deny write ",
    "user deny * ",
    "user deny * a.example",
    "user deny * *.a.example",
    "user deny * /w/src/**",
    "user deny * /home/me/x",
    "user deny read /w/src",
    "user deny mcp__a__* ",
    "user deny read /etc/x",
    "user deny bash frobnicate",
  ])
  expect(await refusal(() => read("WebFetch(nope)"))).toContain("op.invalid: Cannot make a rule of")
  expect(await refusal(() => read("host:a b"))).toContain("nothing was refused")
  expect(await refusal(() => read(""))).toContain("it is empty")
  for (const open of ["Bash(rm", "Read(./nope", "write(./x"])
    expect(await refusal(() => read(open))).toContain("its parenthesis is not closed")
  expect(await refusal(() => read("Bahs(node:*)"))).toContain("there is no tool Bahs. Did you mean bash?")
  expect(await refusal(() => read("frob(x)"))).toContain("there is no tool frob. Write a command")
  expect(await refusal(() => read("Frobnicate"))).toContain("there is no tool Frobnicate.")
})

test("what is listed can be added again as it stands", () => {
  const context = { cwd: "/w", home: "/home/me", tools: ["bash", "write", "read"] }
  const rules: readonly Rule[] = [
    rule("git push *"),
    { tool: "write", path: "/w/src", decision: "allow", scope: "user" },
    { tool: "*", path: "/w/**/.env", access: "read", decision: "allow", scope: "user" },
    { tool: "*", host: "*.a.example:8443", decision: "allow", scope: "user" },
    { tool: "mcp__a__*", decision: "allow", scope: "user" },
  ]
  expect(rules.flatMap((each) => patternRules(patternOf(each), { decision: "allow", scope: "user" }, context))).toEqual(
    [...rules],
  )
})

test("nothing is made before a rule is kept", () => {
  const { file, open } = scene()
  expect(open().rulesFor("/p")).toEqual([])
  expect(existsSync(dirname(file))).toBe(false)
})

test("an administrator may say that nobody runs anything without a sandbox, and says nothing else by it", () => {
  const folder = mkdtempSync(join(tmpdir(), "skein-rules-"))
  folders.push(folder)
  const file = join(folder, "managed.toml")
  const managed = managedFile(file)

  expect(managed()).toEqual({ rules: [], isAlwaysConfined: false })
  writeFileSync(file, 'unconfined = "never"')
  expect(managed()).toEqual({ rules: [], isAlwaysConfined: true })
  writeFileSync(file, 'unconfined = "seldom"')
  expect(() => managed()).toThrow('unconfined can only be "never"')
})
