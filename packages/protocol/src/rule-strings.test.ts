import { expect, test } from "bun:test"
import { parseHostRule, readRules, splitRules, writeRule } from "./rule-strings.ts"

const context = { cwd: "/w", home: "/home/me" }

/** Each rule as our conditions, or the sentence that refuses it. */
function read(...texts: string[]) {
  const { rules, unsupported, refused } = readRules(splitRules(texts).map(parseHostRule), "allow", "session", context)
  return [
    ...rules.map(({ tool, command, path }) => [tool, command ?? path].filter(Boolean).join(" ")),
    ...unsupported,
    ...refused,
  ]
}

test("a list of rules is split at commas and spaces outside of parentheses", () => {
  expect(splitRules(["Bash(git add, x), Read", "mcp__a__b"])).toEqual(["Bash(git add, x)", "Read", "mcp__a__b"])
})

test("commands are exact or a beginning", () => {
  expect(read("Bash", "Bash(*)", "Bash(git *)", "Bash(npm run test:*)", "Bash(git push)")).toEqual([
    "bash",
    "bash",
    "bash git *",
    "bash npm run test *",
    "bash git push",
  ])
})

test("a path given for Edit holds for all that edits, from the folder, the root or the home", () => {
  expect(read("Edit(src/**)")).toEqual(
    [
      "edit",
      "multiedit",
      "write",
      "apply_patch",
      "advanced_edit",
      "confirm_edit",
      "confirm_multiedit",
      "notebook_edit",
    ].map((tool) => `${tool} /w/src`),
  )
  expect(read("Write(//etc/x)", "Write(~/y)", "Write(/z)", "Write(./a/../b)")).toEqual([
    "write /etc/x",
    "write /home/me/y",
    "write /w/z",
    "write /w/b",
  ])
  expect(read("Write(*.ts)", "Write(src/*.ts)", "Write(.env)", "Write(Makefile)")).toEqual([
    "write /w/**/*.ts",
    "write /w/src/*.ts",
    "write /w/**/.env",
    "write /w/Makefile",
  ])
})

test("hosts, servers and beginnings of programs have their own forms", () => {
  expect(read("mcp__a__*", "mcp__a", "mcp__a__get", "Bash(git*)", "Bash(git * main)")).toEqual([
    "mcp__a__*",
    "mcp__a__*",
    "mcp__a__get",
    "bash git* *",
    "bash git * main",
  ])
  expect(readRules([parseHostRule("WebFetch(domain:x.org)")], "deny", "user", context).rules).toEqual([
    { tool: "webfetch", host: "x.org", decision: "deny", scope: "user" },
  ])
})

test("what our rules cannot say is left out by name, never widened", () => {
  expect(read("mcp__*__get", "Read(*.{ts,js})", "WebFetch(x.org)")).toEqual([
    'The rule mcp__*__get is left out: a tool\'s name takes "*" only at its end.',
    "The rule Read(*.{ts,js}) is left out: only a path is understood, with the wildcards *, ** and ?.",
    "The rule WebFetch(x.org) is left out: only a path is understood, with the wildcards *, ** and ?.",
  ])
})

test("our rules are shown in the host's words and read back the same", () => {
  const rule = { tool: "bash", command: "git *", decision: "allow", scope: "session" } as const
  expect(writeRule(rule)).toEqual({ toolName: "Bash", ruleContent: "git *" })
  const file = { tool: "write", path: "/w/src", decision: "allow", scope: "session" } as const
  expect(readRules([writeRule(file)], "allow", "session", context).rules).toEqual([file])
})

test("what is no rule is refused by name, and no part of it is taken for one", () => {
  const open = (rule: string) =>
    `${JSON.stringify(rule)} is no rule: its parentheses do not match, as in Bash(npm test).`
  expect(read("Bash(npm test")).toEqual([open("Bash(npm test")])
  expect(read("Read,Write(./src, Bash")).toEqual(["read", open("Write(./src, Bash")])
  expect(read("Bash npm)")).toEqual(["bash", open("npm)")])
  expect(read("Bash(echo (a) b)", "Bash(a)Read")).toEqual([
    "bash echo (a) b",
    '"Bash(a)Read" is no rule: write a tool, or a tool with what it is about in parentheses, as Bash(npm test).',
  ])
})

test("a tool that there is not is refused with the nearest one; a server's, or one of a newer host, is not", () => {
  expect(read("Bahs(node:*)", "wirte")).toEqual([
    '"Bahs(node:*)" is no rule: there is no tool Bahs. Did you mean Bash?',
    '"wirte" is no rule: there is no tool wirte. Did you mean write?',
  ])
  expect(read("Frobnicate(x)")).toEqual(['"Frobnicate(x)" is no rule: there is no tool Frobnicate.'])
  expect(read("mcp__a__b", "BrandNewThing", "ExitPlanMode", "bash(git *)")).toEqual([
    "mcp__a__b",
    "BrandNewThing",
    "plan_exit",
    "bash git *",
  ])
})
