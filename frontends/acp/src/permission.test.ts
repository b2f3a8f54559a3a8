import { expect, test } from "bun:test"
import type { EventOf } from "@skein/protocol"
import { permissionRequest, readPermission, subjectOf } from "./permission.ts"

type Asked = EventOf<"approval.requested">

const call = { callId: "cal_1", name: "bash", title: "make", kind: "execute", locations: [] } as const
const asked = {
  ...{ v: 1, seq: 1, id: "evt_1", at: 5, sessionId: "ses_1", type: "approval.requested", approvalId: "apr_1" },
  ...{ subject: "call", callId: "cal_1", digest: "d", reasons: ["it builds"], cwd: "/w" },
  taint: ["this turn has read x, which others may have written"],
  actions: [{ verb: "run", target: "make\u202e\u200b" }],
  options: ["allow_once", "preview", "reject_once"],
} as Asked

test("a question tells what, where, why and what was read, every character visible, and offers to try it first", () => {
  const params = permissionRequest("ses_1", asked, call)
  const text = JSON.stringify(params)
  expect(text).toContain("make\\\\u{202e}\\\\u{200b}")
  expect(text).toContain("In /w.")
  expect(text).toContain("Asked because it builds; this turn has read x, which others may have written.")
  expect(params.options).toEqual([
    { optionId: "allow_once", name: "Allow once", kind: "allow_once" },
    { optionId: "preview", name: "Run it in a throw-away copy first, and ask again", kind: "allow_once" },
    { optionId: "reject_once", name: "Reject", kind: "reject_once" },
  ])
  const reply = { outcome: { outcome: "selected", optionId: "preview" } }
  expect(readPermission(reply, asked)).toBe("preview")
})

test("what was done in a copy is told whole: files, hosts, exit code and output", () => {
  const effects = {
    changes: [{ path: "/w/a", kind: "update", before: "1", after: "2" }],
    network: [{ host: "a.org", port: 443, decision: "refused", reason: "", bytesOut: 0, bytesIn: 0 }],
    ...{ output: "built", exitCode: 0 },
  } as const
  const text = JSON.stringify(permissionRequest("ses_1", { ...asked, subject: "effects", effects } as Asked, call))
  for (const part of ["update /w/a", "a.org:443 refused", "exit 0", "built"]) expect(text).toContain(part)
})

test("what a sub-agent asks has a call of its own, by the agent's name", () => {
  const { call: own, reports } = subjectOf({ ...asked, agent: { name: "finder", sessionId: "ses_2" } }, undefined)
  expect([own.title, own.callId, reports.length]).toEqual(["finder asks: run make\u202e\u200b", "apr_1", 1])
})
