import { expect, test } from "bun:test"
import type { Rule } from "@skein/protocol"
import { bare, judge, read, rule, run, simple, write } from "./scene.ts"

const limit = (...except: NonNullable<Rule["except"]>) => rule({ tool: "*", decision: "deny", scope: "once", except })

test("a rule that denies all but some commands is held to each part of a line", () => {
  const rules = [limit({ tool: "bash", command: "git *" })]
  const decided = (...commands: string[]) =>
    judge([run(...commands.map((text) => simple(text)))], { tool: "bash", rules, mode: "full" }).decision
  expect([decided("git status"), decided("git status", "make"), decided("make")]).toEqual(["allow", "deny", "deny"])
})

test("a rule that denies all but some tools leaves those, and an empty list none", () => {
  const says = (rules: readonly Rule[], tool: string) => judge([read("/w/a")], { tool, rules, mode: "full" }).decision
  expect([says([limit({ tool: "read" })], "read"), says([limit({ tool: "read" })], "grep")]).toEqual(["allow", "deny"])
  expect(says([rule({ tool: "*", decision: "deny", scope: "once", except: [] })], "read")).toBe("deny")
  // Two that leave different tools leave what both do.
  const both = [limit({ tool: "read" }, { tool: "grep" }), limit({ tool: "grep" })]
  expect([says(both, "read"), says(both, "grep")]).toEqual(["deny", "allow"])
})

test("what lasts for a turn lifts no question that a person answers each time anew", () => {
  const once = (given: Partial<Rule>) => [rule({ scope: "once", tool: "bash", ...given })]
  const user = (given: Partial<Rule>) => [rule({ scope: "user", tool: "bash", ...given })]
  const judged = (rules: readonly Rule[], text: string, risk: "destroy" | "execute") =>
    judge([bare(simple(text, risk))], { tool: "bash", rules }).decision
  expect([judged(once({ command: "make" }), "make", "execute")]).toEqual(["allow"])
  expect(judged(once({ command: "rm -rf x" }), "rm -rf x", "destroy")).toBe("ask")
  expect(judged(user({ command: "rm -rf x" }), "rm -rf x", "destroy")).toBe("allow")
  expect(judge([write("/w/a")], { mode: "plan", rules: once({}) }).decision).toBe("deny")
})
