import { expect, test } from "bun:test"
import type { Rule } from "@skein/protocol"
import { parseHostRule, readRules, splitRules, writeRule } from "./rules.ts"

const context = { cwd: "/w", home: "/home/me" }

/** Each rule as our conditions, or the sentence that refuses it. */
function read(...texts: string[]) {
  const { rules, unsupported } = readRules(splitRules(texts).map(parseHostRule), "allow", "session", context)
  return [...rules.map(({ tool, command, path }) => [tool, command ?? path].filter(Boolean).join(" ")), ...unsupported]
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
  expect(read("Edit(src/**)")).toEqual(["edit /w/src", "multiedit /w/src", "write /w/src"])
  expect(read("Write(//etc/x)", "Write(~/y)", "Write(/z)")).toEqual(["write /etc/x", "write /home/me/y", "write /w/z"])
})

test("what our rules cannot say is left out by name, never widened", () => {
  expect(read("Bash(git*)", "mcp__a__*", "Read(*.ts)", "WebFetch(domain:x.*)")).toEqual([
    'The rule Bash(git*) is left out: a command is given whole, or as its beginning and " *".',
    "The rule mcp__a__* is left out: tool names take no pattern.",
    'The rule Read(*.ts) is left out: only a path, or a folder and "/**", is understood.',
    'The rule WebFetch(domain:x.*) is left out: only a path, or a folder and "/**", is understood.',
  ])
})

test("our rules are shown in the host's words and read back the same", () => {
  const rule = { tool: "bash", command: "git *", decision: "allow", scope: "session" } as const
  expect(writeRule(rule)).toEqual({ toolName: "Bash", ruleContent: "git *" })
  const file = { tool: "write", path: "/w/src", decision: "allow", scope: "session" } as const
  const back = (given: Rule) => readRules([writeRule(given) ?? { toolName: "?" }], "allow", "session", context).rules
  expect(back(file)).toEqual([file])
  const host = { tool: "*", host: "*.example.org", decision: "allow", scope: "session" } as const
  expect(back(host)).toEqual([host])
})

test("a rule of ours that the host's words would widen is not shown in them", () => {
  const rule = { tool: "bash", decision: "allow", scope: "session" } as const
  expect(writeRule({ ...rule, prefix: ["git", "push"] })).toEqual({ toolName: "Bash", ruleContent: "git push *" })
  expect(writeRule({ ...rule, prefix: ["git", ["push", "pull"]] })).toBeUndefined()
  expect(writeRule({ ...rule, prefix: ["git push"] })).toBeUndefined()
  expect(writeRule({ ...rule, command: "git *", agent: "helper" })).toBeUndefined()
  expect(writeRule({ ...rule, tool: "read", path: "/w", access: "read" })).toBeUndefined()
})
