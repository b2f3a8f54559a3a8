import { expect, test } from "bun:test"
import type { Effect } from "@skein/core/ports"
import { MODES } from "@skein/protocol"
import { bare, judge, judgeHost, ownTool, read, remote, rule, run, simple, write } from "./scene.ts"

const taint = ["this turn read https://evil.example"]
const anything = [rule({})]

const SENSITIVE: Readonly<Record<string, readonly [tool: string, effect: Effect]>> = {
  "network, not on the list": ["webfetch", { kind: "network", hosts: ["example.org"] }],
  "git push": ["bash", run(simple("git push", "publish"))],
  "write outside": ["write", write("/srv/a", false)],
  "command that writes outside": ["bash", run(simple("cp a /srv/a", "write", { writes: ["/srv/a"] }))],
  "call of a server": ["mcp__x__post", { kind: "unknown" }],
  "call of a server's tool that is new": ["mcp__x__get", remote(false, true)],
  "call of a server's tool that may change something": ["mcp__x__get", remote(true, false)],
  delegation: ["task", { kind: "delegate", to: "agent" }],
}

test("T33: after an untrusted read, what could carry it away is asked in every mode but full, whatever allows it", () => {
  for (const [name, [tool, effect]] of Object.entries(SENSITIVE)) {
    for (const mode of MODES) {
      const calm = judge([effect], { mode, tool, rules: anything }).decision
      const verdict = judge([effect], { mode, tool, rules: anything, taint })
      const expected = mode === "full" || calm === "deny" ? calm : "ask"
      expect([name, mode, verdict.decision]).toEqual([name, mode, expected])
      if (verdict.decision === "ask") expect(verdict.reasons.join()).toContain("evil.example")
      // To answer for good about a host is to put it on the list.
      expect(verdict.always?.host).toBe(
        name.startsWith("network") && verdict.decision === "ask" ? "example.org" : undefined,
      )
    }
  }
})

test("work in the sandbox goes on while tainted", () => {
  const work = [
    run(simple("npm test")),
    run(simple("rm a", "destroy", { writes: ["/w/a"] })),
    write("/w/a"),
    read("/w/a"),
  ]
  for (const effect of work) expect(judge([effect], { mode: "auto", taint }).decision).toBe("allow")
})

test("what is on the list of hosts is reached while tainted, and nothing else, also where all is open", () => {
  const network = { access: "on", allow: ["good.example"] } as const
  const decision = (host: string) => judgeHost(host, { mode: "auto", network, taint }).decision
  expect([decision("good.example"), decision("other.example")]).toEqual(["allow", "ask"])
  const fetched = (host: string) =>
    judge([{ kind: "network", hosts: [host] }], { mode: "auto", network, taint, tool: "webfetch" }).decision
  expect([fetched("good.example"), fetched("other.example")]).toEqual(["allow", "ask"])
})

test("a server's tool that only reads is let be when it was approved by name", () => {
  const decision = (tool: string) =>
    judge([read("/w/a")], { mode: "auto", tool: "mcp__x__get", taint, rules: [rule({ tool })] }).decision
  expect([decision("mcp__x__get"), decision("mcp__x__*"), decision("*")]).toEqual(["allow", "allow", "ask"])
})

test("without a sandbox, what runs other code is asked while tainted, and what only looks goes on where it is allowed", () => {
  const decision = (text: string, risk: "read" | "write" | "execute" | "network") =>
    judge([bare(simple(text, risk))], { mode: "ask", tool: "bash", taint, rules: anything }).decision
  expect([
    decision("ls", "read"),
    decision("touch a", "write"),
    decision("make", "execute"),
    decision("curl x", "network"),
  ]).toEqual(["allow", "allow", "ask", "ask"])
})

test("a server's tool that says it only reads is let be while tainted once it was approved, and only then", () => {
  const decision = (isApproved: boolean, isHinted: boolean) =>
    judge([remote(isApproved, isHinted)], { mode: "auto", tool: "mcp__x__get", taint }).decision
  expect([decision(true, true), decision(false, true), decision(true, false)]).toEqual(["allow", "ask", "ask"])
})

test("a tool that the client gives is asked about while tainted, unless it only reads, and wherever a rule asks or denies", () => {
  const decision = (isHinted: boolean, more: object) =>
    judge([ownTool(isHinted)], { mode: "ask", tool: "mcp__host__get", ...more }).decision
  expect([decision(false, {}), decision(false, { taint }), decision(true, { taint })]).toEqual([
    "allow",
    "ask",
    "allow",
  ])
  const decided = (["ask", "deny"] as const).flatMap((said) =>
    [false, true].map((isHinted) => decision(isHinted, { rules: [rule({ tool: "mcp__host__*", decision: said })] })),
  )
  expect(decided).toEqual(["ask", "ask", "deny", "deny"])
})
