import { expect, test } from "bun:test"
import { MODES, type Mode, type Rule, type Sandbox } from "@skein/protocol"
import { modePolicy } from "../src/index.ts"
import type { CallPlan, Effect } from "../src/ports/index.ts"

interface Judged {
  readonly mode?: Mode
  readonly sandbox?: Sandbox
  readonly rules?: readonly Rule[]
  readonly name?: string
}

function judge(
  effects: readonly Effect[],
  { mode = "ask", sandbox = "workspace-write", rules = [], name = "tool" }: Judged = {},
) {
  const plan: CallPlan = { name, input: {}, effects, actions: [], isConcurrent: false, digest: "d", timeoutMs: 1 }
  return modePolicy.judge(plan, { mode, sandbox, rules, network: { access: "ask", allow: [] }, now: 0, taint: [] })
}

const read = (path: string, isInside = true): Effect => ({ kind: "read", paths: [path], isInside })
const write = (path: string, isInside = true): Effect => ({ kind: "write", paths: [path], isInside })
const run = (command: string, isConfined = false): Effect => ({ kind: "execute", command, isConfined })
const rule = (given: Partial<Rule>): Rule => ({ tool: "*", decision: "allow", scope: "user", ...given })

const EFFECTS: Readonly<Record<string, readonly Effect[]>> = {
  "nothing declared": [],
  none: [{ kind: "none" }],
  "read inside": [read("/w/a")],
  "read outside": [read("/etc/a", false)],
  "write inside": [write("/w/a")],
  "write outside": [write("/etc/a", false)],
  "run, confined": [run("make", true)],
  "run, unconfined": [run("make")],
  network: [{ kind: "network", hosts: ["example.org"] }],
  delegate: [{ kind: "delegate", to: "agent" }],
  unknown: [{ kind: "unknown" }],
}

test("what each mode says to each effect; what is not named is asked, and what is not declared is the worst", () => {
  const rows = Object.entries(EFFECTS).map(
    ([name, effects]) => `${name}: ${MODES.map((mode) => judge(effects, { mode }).decision).join(" ")}`,
  )
  expect([`effect: ${MODES.join(" ")}`, ...rows]).toEqual([
    "effect: plan ask accept-edits auto full",
    "nothing declared: deny ask ask ask allow",
    "none: allow allow allow allow allow",
    "read inside: allow allow allow allow allow",
    "read outside: ask ask ask ask allow",
    "write inside: deny ask allow allow allow",
    "write outside: deny ask ask ask allow",
    "run, confined: allow ask ask allow allow",
    "run, unconfined: deny ask ask ask allow",
    "network: ask ask ask ask allow",
    "delegate: deny ask ask ask allow",
    "unknown: deny ask ask ask allow",
  ])
})

test("of several effects the strictest verdict holds", () => {
  expect(judge([read("/w/a"), write("/etc/a", false), run("make", true)], { mode: "auto" }).decision).toBe("ask")
  expect(judge([read("/w/a"), write("/w/a")], { mode: "plan" }).decision).toBe("deny")
})

test("a denial stands above every mode and every allowance", () => {
  const rules = [rule({}), rule({ decision: "deny", scope: "project" })]
  for (const mode of MODES) expect(judge([read("/w/a")], { mode, rules }).decision).toBe("deny")
})

test("an allowance lifts a question, never a denial", () => {
  expect(judge([run("make")], { rules: [rule({})] }).decision).toBe("allow")
  expect(judge([write("/w/a")], { mode: "plan", rules: [rule({})] }).decision).toBe("deny")
})

test("a rule that asks is asked in every mode, and cannot be answered for ever", () => {
  for (const mode of MODES) {
    const verdict = judge([read("/w/a")], { mode, rules: [rule({ decision: "ask" })] })
    expect([verdict.decision, verdict.always]).toEqual(["ask", undefined])
  }
})

test("an allowed command with ` *` covers further plain words, and nothing that a shell would read", () => {
  const rules = [rule({ command: "git push *" })]
  const allowed = (command: string) => judge([run(command)], { rules }).decision === "allow"
  for (const command of ["git push", "git push origin main", "git push --force-with-lease"]) {
    expect([command, allowed(command)]).toEqual([command, true])
  }
  const tricks = ["git push; rm -rf /", "git push && sh", "git push | sh", "git push > /etc/x", "git push $(sh)"]
  const more = [
    "git push `sh`",
    "git push\nsh",
    "git push\rsh",
    "git push 'a'",
    "git push ~/x",
    "git pushx",
    "xgit push",
  ]
  for (const command of [...tricks, ...more]) expect([command, allowed(command)]).toEqual([command, false])
})

test("an allowed command without ` *` is exactly that command", () => {
  const rules = [rule({ command: "make" })]
  expect(["make", "make x", " make", "make;"].map((command) => judge([run(command)], { rules }).decision)).toEqual([
    "allow",
    "ask",
    "ask",
    "ask",
  ])
})

test("a denied command is found wherever it stands in a line", () => {
  const rules = [rule({ command: "curl *", decision: "deny" })]
  for (const command of ["curl x", "true && curl x", "sh -c 'curl x'", "curl"]) {
    expect([command, judge([run(command)], { mode: "full", rules }).decision]).toEqual([command, "deny"])
  }
})

test("an allowed path is itself and what is below it, by components; all paths of a call must be", () => {
  const rules = [rule({ path: "/w/app" })]
  const outside = (...paths: string[]) => judge([{ kind: "write", paths, isInside: false }], { rules }).decision
  expect([outside("/w/app"), outside("/w/app/x"), outside("/w/app-evil"), outside("/w/app/x", "/etc/y")]).toEqual([
    "allow",
    "allow",
    "ask",
    "ask",
  ])
})

test("a denied path forbids the call that touches it beside others", () => {
  const rules = [rule({ path: "/w/secret", decision: "deny" })]
  expect(judge([{ kind: "read", paths: ["/w/a", "/w/secret/key"], isInside: true }], { rules }).decision).toBe("deny")
})

test("a rule of one tool says nothing of another, and one of a command nothing of files", () => {
  expect(judge([run("make")], { name: "other", rules: [rule({ tool: "bash" })] }).decision).toBe("ask")
  expect(judge([write("/w/a")], { rules: [rule({ command: "make" })] }).decision).toBe("ask")
  expect(judge([run("make")], { rules: [rule({ path: "/" })] }).decision).toBe("ask")
})

test("`always` proposes the narrowest rule, which spares exactly this question", () => {
  for (const effect of [run("git push origin"), write("/w/a"), read("/etc/a", false)]) {
    const { always, decision } = judge([effect])
    expect(decision).toBe("ask")
    expect(judge([effect], { rules: always === undefined ? [] : [always] }).decision).toBe("allow")
  }
  expect(judge([{ kind: "network", hosts: ["a"] }]).always).toBeUndefined()
  expect(judge([{ kind: "unknown" }]).always).toBeUndefined()
  expect(judge([{ kind: "write", paths: ["/a", "/b"], isInside: false }]).always).toBeUndefined()
})

test("for ever is offered only when it would spare the whole question", () => {
  const effects = [run("make"), write("/etc/a", false)]
  const { always } = judge(effects)
  if (always !== undefined) expect(judge(effects, { rules: [always] }).decision).toBe("allow")
})

test("a read-only sandbox lets no file be changed, in no mode", () => {
  for (const mode of MODES) expect(judge([write("/w/a")], { mode, sandbox: "read-only" }).decision).toBe("deny")
})

test("a verdict always says why, and the same question gets the same verdict", () => {
  for (const mode of MODES) {
    for (const effects of Object.values(EFFECTS)) {
      const verdict = judge(effects, { mode })
      expect(verdict.reasons.length).toBeGreaterThan(0)
      expect(judge(effects, { mode })).toEqual(verdict)
    }
  }
})
