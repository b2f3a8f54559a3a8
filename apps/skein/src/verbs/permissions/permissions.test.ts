import { expect, test } from "bun:test"
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { main } from "../../cli.ts"
import type { Io } from "../../io.ts"

/** A folder with a home of its own, in which `skein permissions …` is called. */
function scene(files: Readonly<Record<string, string>> = {}) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "skein-permissions-")))
  const cwd = join(root, "project")
  mkdirSync(cwd)
  const put = (name: string, text: string) => {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
    return join(root, name)
  }
  for (const [name, text] of Object.entries(files)) put(name, text)
  const file = join(root, "skein/config/permissions.json")
  const call = async (
    argv: readonly string[],
    env: Readonly<Record<string, string>> = {},
    terminal: Partial<Io> = {},
  ) => {
    const out: string[] = []
    const err: string[] = []
    const io: Io = {
      env: { SKEIN_HOME: join(root, "skein"), HOME: join(root, "home"), PATH: "/usr/bin:/bin", ...env },
      cwd,
      out: (line) => out.push(line),
      text: (text) => out.push(text),
      err: (line) => err.push(line),
      isInputTerminal: false,
      isOutputTerminal: false,
      readInput: async () => undefined,
      inputLines: async function* () {},
      onSignal: () => () => undefined,
      now: () => Date.now(),
      columns: async () => 160,
      openTerminal: () => Promise.reject(new Error("There is no terminal here")),
      ...terminal,
    }
    const code = await main(argv, io)
    return { code, out, err }
  }
  const permissions = (...argv: string[]) => call(["permissions", ...argv])
  return { root, file, put, call, permissions, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) }
}

test("rules are added, listed with what they say and when they end, and removed by number or id", async () => {
  using at = scene()
  expect(
    (await at.permissions("add", "deny", "git push *", "--reason", "not today", "--expires", "2h")).out[0],
  ).toMatch(/^Added: deny bash\(git push \*\), user \(rul_/)
  await at.permissions("add", "allow", "Bash(npm run test:*)", "--scope", "project")
  await at.permissions("add", "block", "curl")
  const { out } = await at.permissions("list")
  expect(
    out.map((line) =>
      line
        .replace(/rul_\S+/, "ID")
        .replaceAll(/ {2,}/g, " | ")
        .trim(),
    ),
  ).toEqual([
    "mode ask, sandbox workspace-write",
    "| says | to | scope | ends | id | from",
    "1 | deny | bash(git push *) | user | in 2 h | ID | kept",
    "2 | deny | bash(curl *) | user | ID | kept",
    "3 | allow | bash(npm run test *) | project | ID | kept",
  ])
  expect(statSync(at.file).mode & 0o777).toBe(0o600)
  const listed = JSON.parse((await at.permissions("list", "--json")).out.join("\n"))
  expect((await at.permissions("remove", "1", listed[2].id)).out).toHaveLength(2)
  expect(JSON.parse((await at.permissions("list", "--json")).out.join("\n"))).toMatchObject([{ command: "curl *" }])
})

test("what is no rule, no number and no time is refused with what there is", async () => {
  using at = scene()
  const cases: readonly (readonly [readonly string[], string])[] = [
    [["add", "perhaps", "x"], "A rule says allow, ask or deny"],
    [["add", "allow"], "and then what"],
    [["add", "allow", "x", "--expires", "soon"], "--expires takes a span"],
    [["add", "allow", "x", "--expires", "2020-01-01"], "still to come"],
    [["add", "allow", "Read([x])"], "Cannot make a rule of"],
    [["remove", "7"], 'There is no rule "7"'],
    [["test"], "Say which command"],
    [["test", "--tool", "write", "{"], "is no JSON"],
    [["frobnicate"], "There is no skein permissions frobnicate"],
  ]
  for (const [argv, wanted] of cases) {
    const { code, err } = await at.permissions(...argv)
    expect([argv, code > 0, err.join("\n")]).toEqual([argv, true, expect.stringContaining(wanted)])
  }
  expect(existsSync(at.file)).toBe(false)
})

test("test says what would be decided, by its exit code too; explain says it of every part", async () => {
  using at = scene()
  await at.permissions("add", "deny", "git push *")
  const asked = (...argv: string[]) => at.permissions(...argv).then(({ code, out }) => [code, out[0]?.split(" ")[0]])
  expect(await asked("test", "--no-sandbox", "--mode", "ask", "make")).toEqual([1, "ask"])
  expect(await asked("test", "--no-sandbox", "--mode", "full", "make", "-j", "4")).toEqual([0, "allow"])
  expect(await asked("test", "--mode", "full", "git", "push", "--force")).toEqual([2, "deny"])
  expect(await asked("test", "--tool", "write", '{"path": "a", "content": "x"}')).toEqual([1, "ask"])
  expect(await asked("test", "--mode", "acceptEdits", "--tool", "write", '{"path": "a", "content": "x"}')).toEqual([
    0,
    "allow",
  ])
  const { code, out } = await at.permissions("explain", "--no-sandbox", "--mode", "full", "make && git push")
  expect([
    code,
    out.filter((line) => /^ {2}(allow|deny) /.test(line)).map((line) => line.trim().split(": ")[0]),
  ]).toEqual([2, ["allow   make", "deny    git push"]])
})

test("rules of other programs' files hold here, a project's only where they take away; a project chooses no profile", async () => {
  const claude = JSON.stringify({ permissions: { allow: ["Bash(make *)"], deny: ["Bash(curl:*)"] } })
  using at = scene({
    "home/.claude/settings.json": claude,
    "project/.claude/settings.json": claude.replaceAll("curl", "wget").replace("make", "touch"),
  })
  const rules: readonly { readonly command: string; readonly scope: string; readonly decision: string }[] = JSON.parse(
    (await at.permissions("list", "--json")).out.join("\n"),
  )
  expect(rules.map(({ scope, decision, command }) => `${scope} ${decision} ${command}`)).toEqual([
    "user deny curl *",
    "user allow make *",
    "project deny wget *",
  ])
  at.put(
    "skein/config/config.toml",
    '[permissions]\nimport = []\n[permission_profiles.quiet]\nmode = "auto"\nrules = [{tool = "bash", command = "x", decision = "deny"}]',
  )
  expect((await at.permissions("list", "--permission-profile", "quiet")).out.join("\n")).toMatch(
    /^mode auto, sandbox workspace-write\n(?:.*\n)*.*deny\s+bash\(x\)/,
  )
  expect((await at.permissions("list")).out).toEqual(["mode ask, sandbox workspace-write"])
})

test("a file of rules is taken over whole, or shown with --dry-run", async () => {
  using at = scene()
  const file = at.put("old.json", '{"blocklist": ["curl *"], "guarded_paths": ["/srv"]}')
  expect((await at.permissions("import", file, "--dry-run")).out).toHaveLength(3)
  expect(existsSync(at.file)).toBe(false)
  expect((await at.permissions("import", file)).code).toBe(0)
  expect(JSON.parse((await at.permissions("list", "--json")).out.join("\n"))).toHaveLength(3)
})

test("edit takes over what is right, and keeps what is wrong beside the rules, which stay", async () => {
  using at = scene()
  await at.permissions("add", "deny", "curl *")
  const before = readFileSync(at.file, "utf8")
  const editor = (text: string) => {
    const path = at.put("editor.sh", `#!/bin/sh\ncat > "$1" <<'E'\n${text}\nE\n`)
    chmodSync(path, 0o755)
    return at.call(["permissions", "edit"], { EDITOR: path })
  }
  const wrong = await editor('{"user": [{"tool": "bash", "comand": "x", "decision": "deny"}]}')
  expect([wrong.code > 0, wrong.err.join("\n")]).toEqual([
    true,
    expect.stringContaining('"comand" is no part of a rule'),
  ])
  expect(wrong.err.join("\n")).toContain(`Nothing was changed. What you wrote is in ${at.file}.rejected.`)
  expect(readdirSync(dirname(at.file)).toSorted()).toEqual([
    "permissions.json",
    "permissions.json.lock",
    "permissions.json.rejected",
  ])
  expect(readFileSync(at.file, "utf8")).toBe(before)
  expect((await editor('{"user": [{"tool": "bash", "command": "x", "decision": "deny"}]}')).out).toEqual([
    `Changed: ${at.file}`,
  ])
  expect(JSON.parse((await at.permissions("list", "--json")).out.join("\n"))).toMatchObject([
    { command: "x", decision: "deny" },
  ])
  expect((await at.permissions("edit")).err.join("\n")).toContain("No editor is named")
})

test("execpolicy check answers in Codex's bytes and exit codes", async () => {
  using at = scene()
  const file = at.put("project/a.rules", 'prefix_rule(pattern=["git", ["push", "fetch"]], decision="prompt")')
  const check = (...argv: string[]) => at.call(["execpolicy", "check", ...argv])
  expect(await check("--rules", file, "git", "push", "--force", "--pretty")).toEqual({
    code: 0,
    out: [
      '{"matchedRules":[{"prefixRuleMatch":{"matchedPrefix":["git","push"],"decision":"prompt"}}],"decision":"prompt"}',
    ],
    err: [],
  })
  expect((await check("--rules", file, "ls")).out).toEqual(['{"matchedRules":[]}'])
  expect((await check("--pretty", "--rules", file, "ls")).out).toEqual(['{\n  "matchedRules": []\n}'])
  expect([(await check("git")).code, (await check("--rules", file)).code]).toEqual([2, 2])
  at.put("project/b.rules", "\nnope()")
  const broken = await check("--rules", "b.rules", "git")
  expect([broken.code, broken.out, broken.err]).toEqual([
    1,
    [],
    ["Error: failed to parse policy at b.rules", "", "Caused by:", "    b.rules:2:1: Variable `nope` not found"],
  ])
  expect((await check("--rules", "none.rules", "git")).err[0]).toBe("Error: failed to read policy at none.rules")
})

test("a rule on the command line that is none is refused before anything runs, and named", async () => {
  using at = scene()
  const said = async (...argv: string[]) => {
    const { code, err } = await at.call(["-p", "hi", ...argv])
    return [code, err.join("\n")]
  }
  const flaw = "is no rule: its parentheses do not match"
  expect(await said("--allowed-tools", "Bash(npm test")).toEqual([
    2,
    expect.stringContaining(`--allowed-tools: "Bash(npm test" ${flaw}`),
  ])
  expect(await said("--allowedTools=Write(./src")).toEqual([2, expect.stringContaining(flaw)])
  expect(await said("--disallowed-tools", "Bash(rm *")).toEqual([2, expect.stringContaining(flaw)])
  expect(await said("--disallowed-tools", "Bahs(node:*)")).toEqual([2, expect.stringContaining("Did you mean Bash?")])
  expect(await said("--disallowed-tools", "Read(*.{a,b})")).toEqual([2, expect.stringContaining("is left out")])
  expect((await at.permissions("add", "deny", "Bash(rm")).code).toBe(2)
})

test("a home that cannot be written is told with its path and the cure, by doctor too", async () => {
  // The record of actions lies elsewhere: without one the change would be refused for that.
  using at = scene({ skein: "a file, where the folder would be" })
  const recorded = ["-c", "audit.enabled=false"]
  for (const [argv, env] of [
    [["permissions", "add", ...recorded, "deny", "rm *"], {}],
    [["permissions", "edit", ...recorded], { EDITOR: "true" }],
  ] as const) {
    const { code, err } = await at.call(argv, env)
    expect([code, err.join("\n")]).toEqual([
      73,
      expect.stringMatching(/permissions\.json: .*set SKEIN_HOME to another/),
    ])
  }
  const { out } = await at.call(["doctor"])
  expect(out.join("\n")).toContain("cannot be written, so nothing is kept there")
})

test("a list of rules is whole in a pipe, and on a narrow terminal the rule has the room", async () => {
  using at = scene()
  const rule = `bash(npm run ${"x".repeat(30)} *)`
  const long = `bash(npm run ${"y".repeat(200)} *)`
  for (const each of [rule, long]) await at.permissions("add", "deny", each)
  expect((await at.permissions("list")).out.join("\n")).toContain(long)
  const narrow = { isOutputTerminal: true, columns: async () => 80 }
  const { out } = await at.call(["permissions", "list"], {}, narrow)
  expect(out.join("\n")).toContain(rule)
  expect(Math.max(...out.map((line) => line.length))).toBeLessThanOrEqual(80)
  expect((await at.permissions("remove", "1")).code).toBe(0)
})
