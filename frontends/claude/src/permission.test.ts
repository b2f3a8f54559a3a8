import { expect, test } from "bun:test"
import type { EventOf } from "@skein/protocol"
import { permissionRequest, readAnswer } from "./permission.ts"

type Asked = EventOf<"approval.requested">

const asked = {
  ...{ v: 1, seq: 1, id: "evt_1", at: 5, sessionId: "ses_1", type: "approval.requested", approvalId: "apr_1" },
  ...{ subject: "call", callId: "cal_1", digest: "d", reasons: ["it pushes"] },
  actions: [{ verb: "run", target: "git push" }],
  options: ["allow_once", "allow_always", "reject_once"],
} as Asked

const rules = [{ toolName: "Bash", ruleContent: "git *" }]
const allow = (...updates: readonly object[]) =>
  readAnswer({ behavior: "allow", updatedPermissions: updates }, asked, undefined, { cwd: "/w" })
const adding = (destination: string, behavior = "allow") => ({ type: "addRules", rules, behavior, destination })

test("a rule holds where its destination says", () => {
  const git = { tool: "bash", command: "git *", decision: "allow" } as const
  for (const [destination, scope] of [
    ["session", "session"],
    ["localSettings", "project"],
    ["projectSettings", "project"],
    ["userSettings", "user"],
    ["elsewhere", "session"],
  ] as const) {
    expect(allow(adding(destination)).answer).toEqual({
      ...{ answer: "allow_always", rules: [{ ...git, scope }] },
      ...(scope === "session" ? {} : { scope }),
    })
  }
})

test("rules of other scopes, and rules that ask or forbid, are added beside the answer", () => {
  const { answer, rules: others } = allow(adding("session"), adding("userSettings"), adding("localSettings", "deny"))
  expect(answer.rules?.map(({ scope }) => scope)).toEqual(["session"])
  expect(others.map(({ scope, decision }) => `${scope} ${decision}`)).toEqual(["user allow", "project deny"])
})

test("what must be asked every time gets no rule that allows", () => {
  const once = { ...asked, options: ["allow_once", "reject_once"] } as Asked
  const reply = { behavior: "allow", updatedPermissions: [adding("userSettings"), adding("userSettings", "deny")] }
  const { answer, rules: others } = readAnswer(reply, once, undefined, { cwd: "/w" })
  expect([answer, others.map(({ decision }) => decision)]).toEqual([{ answer: "allow_once" }, ["deny"]])
})

test("a host is asked about by name, and its rule is suggested in the host's words", () => {
  const network = {
    ...{ ...asked, subject: "network", actions: [{ verb: "network", target: "a.org:443" }], reasons: [] },
    always: { tool: "bash", host: "a.org", decision: "allow", scope: "session" },
  } as Asked
  expect(permissionRequest(network, undefined)).toMatchObject({
    decision_reason: "It wants to reach a.org:443.",
    permission_suggestions: [
      {
        ...{ type: "addRules", behavior: "allow", destination: "session" },
        rules: [{ toolName: "WebFetch", ruleContent: "domain:a.org" }],
      },
    ],
  })
})

test("the host's rule about a host is one of the tool that asked, and none that says more is suggested", () => {
  const always = { tool: "bash", host: "a.org", decision: "allow", scope: "session" } as const
  const network = { ...asked, subject: "network", always } as Asked
  const update = { ...adding("session"), rules: [{ toolName: "WebFetch", ruleContent: "domain:a.org" }] }
  const reply = { behavior: "allow", updatedPermissions: [update] }
  expect(readAnswer(reply, network, undefined, { cwd: "/w" }).answer.rules).toEqual([always])
  for (const rule of [{ prefix: ["git", ["a", "b"]] }, { prefix: ["a b"] }, { command: "x *", agent: "h" }]) {
    const { permission_suggestions } = permissionRequest(
      { ...asked, always: { ...always, host: undefined, ...rule } } as Asked,
      undefined,
    )
    expect(permission_suggestions).toEqual([])
  }
})

test("what a call did in a copy is told before it is kept, every file by name", () => {
  const changes = [{ path: "/w/a", kind: "update", before: "1", after: "2" }] as const
  const effects = { changes: [...changes], network: [], output: "", exitCode: 0 }
  const { decision_reason } = permissionRequest({ ...asked, subject: "effects", effects } as Asked, undefined)
  expect(decision_reason).toBe("Tried in a throw-away copy without network: update /w/a. Exit 0. it pushes")
})

test("what a sub-agent asks is described by who asks, and about what", () => {
  const ofAgent = { ...asked, agent: { name: "finder", sessionId: "ses_2" } } as Asked
  expect(permissionRequest(ofAgent, undefined)).toMatchObject({ description: "finder asks: run git push" })
  expect(permissionRequest(asked, undefined)).not.toHaveProperty("description")
})
