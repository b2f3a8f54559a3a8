import { expect, test } from "bun:test"
import type { Explanation, Mode, Rule } from "@skein/protocol"
import { typed, VIEW } from "./commanded.ts"

const RULES: readonly Rule[] = [
  { tool: "bash", command: "rm *", decision: "deny", scope: "managed", source: "/etc/skein/rules.toml" },
  {
    id: "rul_1",
    tool: "bash",
    prefix: ["git", ["push", "pull"]],
    decision: "allow",
    scope: "user",
    expiresAt: 86_400_000,
  },
  { id: "rul_2", tool: "*", host: "example.org", decision: "ask", scope: "session" },
]
const TOOLS = ["bash", "read", "write"].map((name) => ({
  name,
  description: "",
  inputSchema: {},
  kind: "other" as const,
  isConcurrent: false,
  timeoutMs: 1,
}))
const answers = { "rules.list": RULES, "tools.list": TOOLS }

test("/permissions tells what the mode means and every rule, with its scope and where it stands", async () => {
  expect(await typed("permissions", answers)).toEqual({
    kind: "show",
    text: [
      "mode     ask: reads; asks before everything else",
      "sandbox  workspace-write",
      "The strictest rule that fits holds:",
      "1  deny   bash: rm *  (set by the administrator, /etc/skein/rules.toml)",
      "2  allow  bash: git (push|pull) …  (everywhere, until 1970-01-02 00:00 UTC)",
      "3  ask    *: example.org  (this session)",
    ].join("\n"),
  })
})

test("/permissions adds a rule for as long as it is told to, and asks first where it would allow everything", async () => {
  const rule = async (line: string) => {
    const reply = await typed(`permissions ${line}`, answers)
    const [op] = reply.kind === "ops" ? reply.ops : []
    return op?.type === "rule.add" ? op.rule : reply
  }
  expect(await rule("allow bash git push *")).toEqual({
    tool: "bash",
    command: "git push *",
    decision: "allow",
    scope: "session",
  })
  expect(await rule("deny read ./secret --project")).toEqual({
    tool: "read",
    path: "/repo/secret",
    decision: "deny",
    scope: "project",
  })
  expect(await rule("ask * example.org --user")).toEqual({
    tool: "*",
    host: "example.org",
    decision: "ask",
    scope: "user",
  })
  expect(await rule("allow bash host:example.org")).toMatchObject({ tool: "bash", host: "example.org" })
  expect(await typed("permissions allow *", answers)).toMatchObject({
    confirm: "Everything that * does would be allowed (this session). Really?",
  })
  expect(await typed("permissions deny bash", answers)).toMatchObject({ kind: "ops", confirm: undefined })
  expect(await typed("permissions allow read what?", answers)).toMatchObject({ kind: "usage" })
  expect(await typed("permissions allow", answers)).toMatchObject({ kind: "usage" })
})

test("/permissions makes no rule of a tool that there is not, and names the nearest", async () => {
  const text = async (line: string) => (await typed(`permissions ${line}`, answers)) as unknown
  expect(await text("allow frob x")).toMatchObject({
    kind: "usage",
    text: "No rule was made: there is no tool frob. There are bash, read, write.",
  })
  expect(await text("deny Bash(git push")).toMatchObject({ kind: "usage" })
  expect(await text("deny wriet ./x")).toMatchObject({ text: expect.stringContaining("Did you mean write?") })
  expect(await text("deny mcp__a__*")).toMatchObject({ kind: "ops" })
})

test("/permissions removes a rule by its number or id, but none that stands in a file", async () => {
  expect(await typed("permissions remove 2", answers)).toMatchObject({
    ops: [{ type: "rule.remove", ruleId: "rul_1" }],
  })
  expect(await typed("permissions remove rul_2", answers)).toMatchObject({ ops: [{ ruleId: "rul_2" }] })
  expect(await typed("permissions remove 1", answers)).toEqual({
    kind: "usage",
    text: "That rule stands in /etc/skein/rules.toml, and is taken out there.",
  })
  expect(await typed("permissions remove 9", answers)).toMatchObject({ kind: "usage" })
})

test("/permissions explain takes a command apart, and runs nothing", async () => {
  const explanation: Explanation = {
    ...{ decision: "ask", reasons: ["it publishes"], rule: RULES[2] },
    parts: [
      { subject: "git status", decision: "allow", reason: "it reads" },
      { subject: "git push", decision: "ask", reason: "it publishes" },
    ],
  }
  expect(await typed("permissions explain git status && git push", { "permissions.explain": explanation })).toEqual({
    kind: "show",
    text: [
      "ask      git status && git push",
      "because  it publishes",
      "rule     ask *: example.org (this session)",
      "  allow  git status: it reads",
      "  ask    git push: it publishes",
    ].join("\n"),
  })
})

test("/autoapply alone shows, turns edits without asking on and off, and leaves plan and wider modes alone", async () => {
  const next = async (mode: Mode, args: string): Promise<string | undefined> => {
    const settings = { ...VIEW.settings, mode }
    const reply = await typed(`autoapply ${args}`.trim(), { "session.read": { ...VIEW, settings } })
    const [op] = reply.kind === "ops" ? reply.ops : []
    return op?.type === "settings.change" ? op.changes.mode : reply.kind
  }
  const edits = [await next("ask", "on"), await next("accept-edits", "off"), await next("auto", "off")]
  expect(edits).toEqual(["accept-edits", "ask", "ask"])
  expect([await next("ask", ""), await next("accept-edits", ""), await next("plan", "")]).toEqual([
    "show",
    "show",
    "show",
  ])
  const others = [await next("auto", "on"), await next("ask", "off"), await next("plan", "on"), await next("ask", "x")]
  expect(others).toEqual(["show", "show", "usage", "usage"])
})
