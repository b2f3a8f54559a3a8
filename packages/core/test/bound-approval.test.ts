import { expect, test } from "bun:test"
import { call, say, scriptedModel, testTools, transcript } from "@skein/testkit"
import type { CallPlan, Effect, ToolsPort } from "../src/ports/index.ts"
import { scene } from "./scene.ts"

const WRITE: Effect = { kind: "write", paths: ["/repo/a"], isInside: true }

/** A tool whose plan depends on the world: what it would do is `plans`, one after the other, the last for ever. */
function changing(plans: readonly Partial<CallPlan>[]): { tools: ToolsPort; ran: string[] } {
  const ran: string[] = []
  const plain = testTools({ edit: { effects: [WRITE], run: () => "unused" } })
  let planned = 0
  return {
    ran,
    tools: {
      ...plain,
      plan: async (...given) => {
        const plan = await plain.plan(...given)
        return { ...plan, ...plans[Math.min(planned++, plans.length - 1)] }
      },
      run: async ({ digest, input }) => {
        ran.push(digest)
        return { forModel: [{ type: "text", text: JSON.stringify(input) }] }
      },
    },
  }
}

async function asked(tools: ToolsPort) {
  const given = await scene(scriptedModel(call("edit", { n: 1 }), say("done")), { tools }, { mode: "ask" })
  await given.attach()
  await given.say("go")
  return given
}

test("an approval holds for what was shown: where the world changed meanwhile, that is asked about anew", async () => {
  // A barrier plans once to see that it is one, and again when it runs.
  const { tools, ran } = changing([{ digest: "a" }, { digest: "a" }, { digest: "b" }])
  const given = await asked(tools)
  const first = await given.session.until("approval.requested")
  await given.op({ type: "approval.answer", approvalId: first.approvalId, answer: "allow_once" })
  const second = await given.session.until("approval.requested")
  expect([first.digest, second.digest, ran]).toEqual(["a", "b", []])
  await given.op({ type: "approval.answer", approvalId: second.approvalId, answer: "allow_once" })
  await given.session.until("turn.ended")
  expect(ran).toEqual(["b"])
})

test("what changes under every question is not run", async () => {
  const { tools, ran } = changing(Array.from({ length: 20 }, (_, n) => ({ digest: String(n) })))
  const given = await asked(tools)
  for (let n = 0; n < 4; n++) {
    const { approvalId } = await given.session.until("approval.requested")
    await given.op({ type: "approval.answer", approvalId, answer: "allow_once" })
  }
  const { code } = await given.session.until("call.settled")
  expect([code, ran]).toEqual(["call.stale_plan", []])
})

test("what became forbidden while a person thought is not run, whatever they said", async () => {
  const outside: Effect = { kind: "write", paths: ["/etc/x"], isInside: false }
  const { tools, ran } = changing([{ effects: [WRITE] }, { effects: [WRITE] }, { effects: [outside] }])
  const given = await scene(
    scriptedModel(call("edit", {}), say("done")),
    { tools, rules: [{ tool: "*", path: "/etc", decision: "deny", scope: "user" }] },
    { mode: "ask" },
  )
  await given.attach()
  await given.say("go")
  const { approvalId } = await given.session.until("approval.requested")
  await given.op({ type: "approval.answer", approvalId, answer: "allow_once" })
  const { code } = await given.session.until("call.settled")
  expect([code, ran]).toEqual(["call.denied", []])
})

test("arguments that a person wrote and that lead elsewhere than what was shown are shown again", async () => {
  const outside: Effect = { kind: "write", paths: ["/etc/x"], isInside: false }
  const { tools, ran } = changing([{ digest: "a" }, { digest: "a" }, { digest: "b", effects: [outside] }])
  const given = await asked(tools)
  const first = await given.session.until("approval.requested")
  const answer = { type: "approval.answer", answer: "allow_once" } as const
  await given.op({ ...answer, approvalId: first.approvalId, updatedInput: { n: 2 } })
  const second = await given.session.until("approval.requested")
  expect(second.reasons).toEqual(["it changes files outside the workspace: /etc/x"])
  await given.op({ ...answer, approvalId: second.approvalId })
  await given.session.until("turn.ended")
  expect(ran).toEqual(["b"])
  expect(transcript(given.session.events)).toContain('call.settled success "{\\"n\\":2}"')
})

test("what is approved is byte for byte what runs, however it looks", async () => {
  const command = "echo a\u202e\u200b\u{e0041}\x1b]52;c;x\x07\r\nrm -rf b"
  const tools = testTools({
    shell: {
      effects: [{ kind: "execute", command, isConfined: false }],
      run: ({ command: ran }) => (ran === command ? "the same bytes" : "others"),
    },
  })
  const given = await scene(scriptedModel(call("shell", { command }), say("done")), { tools })
  await given.attach()
  await given.say("go")
  const { approvalId } = await given.session.until("approval.requested")
  await given.op({ type: "approval.answer", approvalId, answer: "allow_once" })
  const { forModel } = await given.session.until("call.settled")
  expect(forModel).toEqual([{ type: "text", text: "the same bytes" }])
})

test("what is said to a turn while it asks approves nothing", async () => {
  const { tools, ran } = changing([{ digest: "a" }])
  const given = await asked(tools)
  const { approvalId } = await given.session.until("approval.requested")
  for (const text of ["y", "yes", "allow_once", ""]) {
    await given.engine.submit({
      ...{ type: "turn.submit", sessionId: given.id, delivery: "steer" },
      input: [{ type: "text", text }],
    } as const)
  }
  const view = await given.engine.ask({ type: "session.read", sessionId: given.id })
  expect([view.approvals.map((approval) => approval.approvalId), ran]).toEqual([[approvalId], []])
  await given.op({ type: "approval.answer", approvalId, answer: "reject_once" })
  await given.session.until("turn.ended")
  expect(ran).toEqual([])
})
