import { expect, test } from "bun:test"
import type { DurableEvent } from "@skein/protocol"
import { redactedEvents } from "./events.ts"

const SECRET = "sk-canary-77"
const redact = (text: string) => text.replaceAll(SECRET, "[secret: KEY]")
const FRAME = { seq: 1, at: 0, sessionId: "ses_a", v: 1 } as const
const section = { source: "agents_md", text: SECRET, sha256: "s", bytes: 1 }
const item = { turnId: "trn_a", step: 1, itemId: "itm_a", index: 0, kind: "reasoning", status: "complete" } as const
const providerData = { wire: "anthropic-messages", provider: "a", model: "m", payload: "signature" }

async function redacted(...events: readonly object[]): Promise<readonly DurableEvent[]> {
  async function* source() {
    for (const event of events) yield JSON.parse(JSON.stringify({ ...FRAME, ...event })) as DurableEvent
  }
  return Array.fromAsync(redactedEvents(source(), redact))
}

test("what a tool, the model and files said in a log of elsewhere comes in without secrets", async () => {
  const events = await redacted(
    {
      ...{ type: "call.settled", callId: "cal_a", outcome: "success", durationMs: 1 },
      forModel: [{ type: "text", text: SECRET }],
      forHuman: { kind: "text", body: SECRET, summary: SECRET },
      changes: [{ path: "/a", diff: `+${SECRET}` }],
    },
    { type: "item.completed", ...item, text: `The key is ${SECRET}`, providerData },
    { type: "item.appended", turnId: "trn_a", step: 1, itemId: "itm_a", kind: "text", text: SECRET },
    { type: "context.loaded", placement: "system", cause: "start", sections: [section] },
    {
      ...{ type: "context.compacted", kind: "auto", elided: [], tokensBefore: 1, tokensAfter: 1, summary: SECRET },
      ...{ sections: [section], gists: [{ turnIds: [], section }] },
    },
    { type: "plan.changed", plan: SECRET },
    {
      ...{ type: "shell.ended", callId: "cal_b", command: "make", isPrivate: false, outcome: "success", durationMs: 1 },
      ...{ forModel: [{ type: "text", text: SECRET }], forHuman: { kind: "command", body: SECRET, summary: SECRET } },
    },
    {
      ...{ type: "approval.requested", approvalId: "apr_a", subject: "effects", digest: "d", options: [] },
      ...{ actions: [{ verb: "write", target: "/a", diff: `+${SECRET}` }], reasons: ["It says", SECRET] },
      effects: { changes: [{ path: "/a", kind: "update", diff: `+${SECRET}` }], network: [], output: SECRET },
    },
    { type: "files.changed", callId: "cal_b", changes: [], notCovered: [`Not looked at: ${SECRET}`] },
    { type: "files.restored", toSeq: 1, changes: [], conflicts: [{ path: "/a", reason: SECRET }] },
    { type: "notice.posted", level: "info", text: SECRET },
    { type: "session.changed", title: SECRET },
    { type: "step.discarded", turnId: "trn_a", step: 1, attempt: 1, code: "x", message: SECRET },
    { type: "turn.ended", turnId: "trn_a", outcome: { kind: "failed", code: "x", message: SECRET } },
  )
  expect(JSON.stringify(events)).not.toContain("canary")
  // What a provider signed was another text.
  expect(JSON.stringify(events)).not.toContain("signature")
})

test("what the person said and what a call was asked to do come in byte for byte, as does what holds no secret", async () => {
  const events = [
    { type: "input.queued", inputId: "inp_a", input: [{ type: "text", text: SECRET }] },
    { type: "turn.started", turnId: "trn_a", inputs: [{ inputId: "inp_a", input: [{ type: "text", text: SECRET }] }] },
    { type: "call.requested", callId: "cal_a", name: "bash", input: { text: SECRET } },
    { type: "item.completed", ...item, text: "No key.", providerData },
  ]
  expect(await redacted(...events)).toMatchObject(events)
})

test("what a provider gave to be sent back goes when it holds a secret itself, though the text does not", async () => {
  const data = { ...providerData, payload: [{ thinking: `It is ${SECRET}` }] }
  const call = { type: "call.requested", callId: "cal_a", name: "bash", input: { command: "ls" } }
  const [said, asked, signed] = await redacted(
    { type: "item.completed", ...item, text: "No key.", providerData: data },
    { ...call, providerData: data },
    { ...call, providerData },
  )
  expect(JSON.stringify([said, asked])).not.toContain("canary")
  expect([said, asked]).toMatchObject([{ text: "No key." }, { input: { command: "ls" } }])
  expect(signed).toMatchObject({ providerData })
})
