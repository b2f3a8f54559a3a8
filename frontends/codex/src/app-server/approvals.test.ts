import { expect, test } from "bun:test"
import type { EventOf, Rule } from "@skein/protocol"
import { approvalRequest, readDecision } from "./approvals.ts"

type Asked = EventOf<"approval.requested">

function asked(over: Partial<Asked> = {}, always?: Partial<Rule>): Asked {
  const rule = always && ({ tool: "bash", decision: "allow", scope: "session", ...always } as const)
  return {
    ...{ v: 1, seq: 1, id: "evt_1", at: 5, sessionId: "ses_1", type: "approval.requested", approvalId: "apr_1" },
    ...{ subject: "call", callId: "cal_1", digest: "d", reasons: ["it pushes"], always: rule },
    actions: [{ verb: "run", target: "git push" }],
    options: always === undefined ? ["allow_once", "reject_once"] : ["allow_once", "allow_always", "reject_once"],
    ...over,
  } as Asked
}

const host = asked(
  { subject: "network", actions: [{ verb: "network", target: "example.org:443" }] },
  { host: "example.org:443" },
)
const params = (event: Asked) => approvalRequest(event, undefined, "/repo").params

test("a rule about the beginning of a command is proposed where it would be as harmless, and none else", () => {
  expect(params(asked({}, { prefix: ["git", "push"] }))).toMatchObject({
    proposedExecpolicyAmendment: ["git", "push"],
    availableDecisions: [
      ...["accept", "acceptForSession"],
      { acceptWithExecpolicyAmendment: { execpolicy_amendment: ["git", "push"] } },
      ...["decline", "cancel"],
    ],
  })
  expect(params(asked({}, { command: "git push *" }))).toMatchObject({ proposedExecpolicyAmendment: ["git", "push"] })
  for (const always of [{ command: "git push" }, { command: "echo 'a b' *" }, { prefix: ["git", ["push", "pull"]] }]) {
    expect(params(asked({}, always)).proposedExecpolicyAmendment).toBeUndefined()
  }
  expect(params(asked()).availableDecisions).toEqual(["accept", "decline", "cancel"])
})

test("an amended acceptance adds its rule for ever, and none where it must be asked every time", () => {
  const reply = { decision: { acceptWithExecpolicyAmendment: { execpolicy_amendment: ["git", "push"] } } }
  expect(readDecision(reply, asked({}, { prefix: ["git", "push"] }))).toEqual({
    ...{ answer: "allow_always", scope: "user" },
    rules: [{ tool: "bash", prefix: ["git", "push"], decision: "allow", scope: "user" }],
  })
  expect(readDecision(reply, asked())).toEqual({ answer: "allow_once" })
  for (const always of [{ prefix: ["git", "push", "origin"] }, { command: "git push" }, { command: "git *" }]) {
    expect(readDecision(reply, asked({}, always))).toEqual({ answer: "allow_once" })
  }
})

test("a host is asked about with its own context, and an amendment about it holds for ever", () => {
  expect(params(host)).toMatchObject({
    ...{ approvalId: "apr_1", itemId: "apr_1" },
    networkApprovalContext: { host: "example.org", protocol: "https" },
    proposedNetworkPolicyAmendments: [
      { host: "example.org", action: "allow" },
      { host: "example.org", action: "deny" },
    ],
  })
  const amend = (action: string, named = "example.org") => ({
    decision: { applyNetworkPolicyAmendment: { network_policy_amendment: { host: named, action } } },
  })
  expect(readDecision(amend("allow"), host)).toEqual({
    ...{ answer: "allow_always", scope: "user" },
    rules: [{ tool: "bash", host: "example.org:443", decision: "allow", scope: "user" }],
  })
  expect(readDecision(amend("deny"), host)).toEqual({ answer: "reject_always", scope: "user" })
  expect(readDecision(amend("allow", "evil.org"), host)).toEqual({ answer: "reject_once" })
  expect(readDecision(amend("allow"), asked({}, { command: "x" }))).toEqual({ answer: "reject_once" })
})

test("what is no clear acceptance refuses", () => {
  const unclear = [
    undefined,
    {},
    { decision: "yes" },
    { decision: { other: 1 } },
    { decision: { acceptWithExecpolicyAmendment: {} } },
  ]
  for (const reply of unclear) expect(readDecision(reply, asked({}, { command: "x" })).answer).toBe("reject_once")
})

test("the reason tells what was read and what a call did where it was tried first", () => {
  const changes = [{ path: "/repo/a", kind: "update", before: "1", after: "2" }] as const
  const tried = asked({
    ...{ subject: "effects", taint: ["this turn has read x"] },
    effects: { changes: [...changes], network: [], output: "" },
  })
  expect(params(tried).reason).toBe(
    "tried in a throw-away copy without network: update /repo/a; it pushes; this turn has read x",
  )
  expect(params(host).reason).toBe("it wants to reach example.org:443; it pushes")
})

test("the reason for what a sub-agent asks begins with its name", () => {
  const event = asked({ agent: { name: "finder", sessionId: "ses_2" } })
  expect(params(event)).toMatchObject({ reason: "finder asks: it pushes", command: "run git push" })
})
