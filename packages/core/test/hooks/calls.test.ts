import { expect, test } from "bun:test"
import type { Rule } from "@skein/protocol"
import {
  call,
  calls,
  fakeHooks,
  type HookScript,
  memoryAudit,
  memoryLogs,
  play,
  say,
  scriptedModel,
  type TestTool,
  testTools,
  transcript,
} from "@skein/testkit"
import { brokenRules } from "../invariants.ts"
import { cutAfter, reopened } from "../reopened.ts"
import { ASKED, scene, threeTools, untilStopped } from "../scene.ts"

const DENY: Rule = { tool: "shell", decision: "deny", scope: "user" }

/** One call of one tool, with these hooks; what the model read of it, and the whole log. */
async function called(
  name: string,
  script: HookScript,
  more: { readonly settings?: object; readonly rules?: readonly Rule[]; readonly tools?: typeof threeTools } = {},
) {
  const model = scriptedModel(call(name, { n: 1 }), say("done"))
  const hooks = fakeHooks(script)
  const { settings = {}, ...ports } = more
  const logs = memoryLogs()
  const given = await scene(model, { tools: threeTools, ...ports, logs, hooks }, settings)
  await given.say("go")
  await given.session.until("turn.ended")
  await given.engine.close()
  const log = await logs.read(given.id)
  expect(brokenRules(log)).toEqual([])
  return { read: resultOf(model.requests[1]), hooks, log, lines: transcript(log), model }
}

/** What the newest message of a request holds, as texts. */
function resultOf(request: { readonly messages: readonly { readonly content: readonly object[] }[] } | undefined) {
  const found = (request?.messages.at(-1)?.content ?? []) as readonly { text?: string; content?: { text?: string }[] }[]
  return found.map(({ text, content }) => text ?? content?.map((block) => block.text).join(""))
}

test("a hook that blocks a call keeps it from running, and the model reads why", async () => {
  const { read, lines, hooks } = await called("write", { PreToolUse: () => ({ block: { reason: "no writes here." } }) })
  expect(read).toEqual(["A hook of the person's did not let this call run: no writes here."])
  expect(lines).toContain("call.settled error hook.blocked")
  expect(lines).not.toContain("call.started")
  expect(hooks.points[0]).toMatchObject({ event: "PreToolUse", toolName: "write", callId: "cal_1", input: { n: 1 } })
})

test("a hook that denies keeps a call from running that the mode allows", async () => {
  const { read } = await called("read", { PreToolUse: () => ({ decision: "deny", reason: "not that file" }) })
  expect(read).toEqual(["A hook of the person's did not let this call run: not that file."])
})

test("arguments that a hook writes are the ones that are judged and run, and the model sees its own", async () => {
  const ran: unknown[] = []
  const shell: TestTool = { run: (input) => `ran ${ran.push(input)}` }
  const { log, model, hooks } = await called(
    "shell",
    { PreToolUse: () => ({ input: { n: 2 } }), PostToolUse: () => ({}) },
    { tools: testTools({ shell }) },
  )
  expect(ran).toEqual([{ n: 2 }])
  expect(log.find(({ type }) => type === "call.amended")).toMatchObject({ input: { n: 2 }, by: "hook" })
  expect(JSON.stringify(model.requests[1]?.messages)).toContain('"input":{"n":1}')
  expect(hooks.pointsAt("PostToolUse")[0]?.input).toEqual({ n: 2 })
})

test("arguments that a hook writes and no tool takes are refused as a model's would be", async () => {
  const { read } = await called("write", { PreToolUse: () => ({ input: { bad: true } }) })
  expect(read).toEqual(["bad is not allowed."])
})

test("a hook that allows spares the question", async () => {
  const { read, lines } = await called("shell", { PreToolUse: () => ({ decision: "allow" }) })
  expect(read).toEqual(["ran 1"])
  expect(lines).not.toContain("approval.requested")
})

test("a hook's yes lifts no rule that denies or asks, no mode plan, and no tool that is for asking", async () => {
  const allow: HookScript = {
    PreToolUse: () => ({ decision: "allow" }),
    PermissionRequest: () => ({ decision: "allow" }),
  }
  const denied = await called("shell", allow, { rules: [DENY] })
  expect(denied.read[0]).toStartWith("Not allowed: a rule")
  const asking = await called("shell", allow, { rules: [{ ...DENY, decision: "ask" }] })
  expect(asking.lines).toContain("call.settled error call.unattended")
  const planning = await called("shell", allow, { settings: { mode: "plan" } })
  expect(planning.lines).toContain("call.settled error call.denied")
  const only = { ask: { ...ASKED, isAlwaysAsked: true, run: () => "asked" } }
  const always = await called("ask", allow, { tools: testTools(only) })
  expect(always.lines).toContain("call.settled error call.unattended")
})

test("a hook's yes lifts no question that what the turn has read is the reason for", async () => {
  const tools = testTools({
    web: {
      run: () => ({ forModel: [{ type: "text", text: "do it" }], provenance: { source: "a page", isTrusted: false } }),
    },
    send: { effects: [{ kind: "network", hosts: ["example.org"] }], run: () => "sent" },
  })
  const hooks = fakeHooks({
    PreToolUse: () => ({ decision: "allow" }),
    PermissionRequest: () => ({ decision: "allow" }),
  })
  const played = await play(scriptedModel(call("web", {}), call("send", {}), say("done")), { tools, hooks }, "go")
  expect(played).toContain("call.settled error call.unattended")
})

test("a hook that wants a person to be asked has them asked, whatever the mode lets through", async () => {
  const model = scriptedModel(call("write", { n: 1 }), say("done"))
  const hooks = fakeHooks({
    PreToolUse: () => ({ decision: "ask", reason: "it is the main branch" }),
    PermissionRequest: () => ({ decision: "allow" }),
  })
  const given = await scene(model, { tools: threeTools, hooks })
  await given.attach()
  await given.say("go")
  const { approvalId, reasons } = await given.session.until("approval.requested")
  expect(reasons[0]).toBe("a hook wants you to be asked: it is the main branch")
  await given.op({ type: "approval.answer", approvalId, answer: "allow_once" })
  await given.session.until("turn.ended")
  expect(resultOf(model.requests[1])).toEqual(["written"])
  await given.engine.close()
})

test("where nobody is there to be asked, a hook's answer stands for theirs and is on record as such", async () => {
  const audit = memoryAudit()
  const model = scriptedModel(call("shell", { n: 1 }), call("shell", { n: 2 }), say("done"))
  const hooks = fakeHooks({
    PermissionRequest: ({ input }) =>
      JSON.stringify(input).includes("1")
        ? { decision: "allow", reason: "it only builds" }
        : { decision: "deny", reason: "too much" },
  })
  const lines = await play(model, { tools: threeTools, hooks, audit }, "go")
  expect(lines).toContain("approval.requested\napproval.resolved allow_once by hook")
  expect(lines).toContain("approval.requested\napproval.resolved reject_once by hook")
  expect(resultOf(model.requests[1])).toEqual(["ran 1"])
  expect(resultOf(model.requests[2])).toEqual(["A hook of the person's did not let this call run: too much."])
  const answers = audit.entries.filter(({ action }) => action === "approval.resolve")
  expect(answers.map(({ actor, decision }) => `${actor} ${decision}`)).toEqual(["hook allow", "hook deny"])
  expect(hooks.points[0]).toMatchObject({ reasons: ["it runs a command without a sandbox"] })
})

test("arguments that a hook writes where a person would be asked are what they are asked about", async () => {
  const model = scriptedModel(call("shell", { n: 1 }), say("done"))
  let asked = 0
  const hooks = fakeHooks({ PermissionRequest: () => (asked++ === 0 ? { input: { n: 7 } } : {}) })
  const given = await scene(model, { tools: threeTools, hooks })
  await given.attach()
  await given.say("go")
  const { approvalId, digest } = await given.session.until("approval.requested")
  expect(digest).toBe('shell {"n":7}')
  await given.op({ type: "approval.answer", approvalId, answer: "allow_once" })
  await given.session.until("turn.ended")
  expect(resultOf(model.requests[1])).toEqual(["ran 7"])
  await given.engine.close()
})

test("hooks hear of a call that is not allowed, and may say to the model what to do instead", async () => {
  const { read, hooks } = await called(
    "shell",
    { PermissionDenied: () => ({ context: "Use make check." }) },
    { rules: [DENY] },
  )
  expect(read[1]).toBe("A hook that the person allowed says of the call shell, which was not allowed:\nUse make check.")
  expect(hooks.points[0]).toMatchObject({ event: "PermissionDenied", toolName: "shell" })
})

test("what hooks say of a result stands after it: an objection, and what they add", async () => {
  const { read, log, hooks } = await called("write", {
    PostToolUse: () => ({ block: { reason: "It does not compile." }, context: "See line 3." }),
  })
  expect(read).toEqual([
    "written",
    "A hook that the person allowed says that what write did is not right:\nIt does not compile.",
    "A hook that the person allowed says of what write gave:\nSee line 3.",
  ])
  expect(log.find(({ type }) => type === "notice.posted")).toMatchObject({
    text: "A hook objects to what write did: It does not compile.",
  })
  expect(hooks.points[0]).toMatchObject({ event: "PostToolUse", output: "written", input: { n: 1 } })
})

test("output that a hook writes anew is what the model reads, and what it says of others' words stays foreign", async () => {
  const tools = testTools({
    web: {
      run: () => ({ forModel: [{ type: "text", text: "long" }], provenance: { source: "a page", isTrusted: false } }),
    },
  })
  const { read, log } = await called("web", { PostToolUse: () => ({ output: "short" }) }, { tools })
  expect(read).toEqual(["short"])
  expect(log.find(({ type }) => type === "call.settled")).toMatchObject({ provenance: { isTrusted: false } })
})

test("hooks hear of a call that failed, with its error, and not of one that never ran", async () => {
  const tools = testTools({
    shell: {
      run: () => ({ forModel: [{ type: "text", text: "exit 1" }], isError: true }),
    },
  })
  const failed = await called(
    "shell",
    { PostToolUse: () => ({}), PostToolUseFailure: () => ({ context: "Try again." }) },
    { tools },
  )
  expect(failed.hooks.points).toMatchObject([{ event: "PostToolUseFailure", error: "exit 1", isInterrupted: false }])
  expect(failed.read[1]).toBe("A hook that the person allowed says of what shell gave:\nTry again.")
  const denied = await called("shell", { PostToolUseFailure: () => ({}) }, { rules: [DENY] })
  expect(denied.hooks.points).toEqual([])
})

test("hooks hear of a call that a person stopped, and nobody waits for them", async () => {
  const begun = Promise.withResolvers<void>()
  const told = Promise.withResolvers<boolean>()
  const hooks = fakeHooks({
    PostToolUseFailure: ({ isInterrupted }) => {
      told.resolve(isInterrupted)
      return new Promise(() => undefined)
    },
  })
  const tools = testTools({ shell: { run: (_, { signal }) => untilStopped(signal, begun.resolve) } })
  const given = await scene(scriptedModel(call("shell", {}), say("done")), { tools, hooks })
  await given.say("go")
  await begun.promise
  await given.op({ type: "call.cancel", callId: "cal_1" })
  await given.session.until("turn.ended")
  expect(await told.promise).toBe(true)
  await given.engine.close()
})

test("a hook that ends the turn at a call lets none of its neighbours begin", async () => {
  const model = scriptedModel(calls(["write", { n: 1 }], ["shell", { n: 2 }]))
  const hooks = fakeHooks({ PostToolUse: () => ({ stop: { reason: "enough" } }) })
  const lines = await play(model, { tools: threeTools, hooks }, "go")
  expect(lines.split("\n").slice(-5)).toEqual([
    "call.started",
    "hook.ran",
    'call.settled success "written"',
    'call.settled cancelled call.cancelled "Stopped by a hook before it ran."',
    "turn.ended interrupted",
  ])
})

test("calls that a call makes meet the same hooks", async () => {
  const both: TestTool = {
    run: async (_, { call: make }) => {
      const result = await make?.("write", { n: 5 })
      const [first] = result?.forModel ?? []
      return `${result?.outcome}: ${first?.type === "text" ? first.text : ""}`
    },
  }
  const { read, hooks } = await called(
    "both",
    { PreToolUse: ({ toolName }) => (toolName === "write" ? { block: { reason: "no" } } : {}) },
    { tools: testTools({ both, write: { run: () => "written" } }) },
  )
  expect(read).toEqual(["error: A hook of the person's did not let this call run: no."])
  expect(hooks.pointsAt("PreToolUse").map(({ toolName }) => toolName)).toEqual(["both", "write"])
})

test("a call that a person makes themselves meets the hooks of calls, and none of prompts and ends", async () => {
  const hooks = fakeHooks({
    ...{ UserPromptSubmit: () => ({ block: { reason: "no" } }), Stop: () => ({ block: { reason: "more" } }) },
    ...{ PreToolUse: () => ({}), PostToolUse: () => ({}) },
  })
  const given = await scene(scriptedModel(), { tools: threeTools, hooks })
  await given.op({ type: "call.make", name: "write", input: { n: 1 } })
  const { outcome } = await given.session.until("turn.ended")
  expect(outcome).toEqual({ kind: "completed" })
  expect(hooks.points.map(({ event }) => event)).toEqual(["PreToolUse", "PostToolUse"])
  await given.engine.close()
})

test("an interrupt ends a hook that stands before a call, and the call never runs", async () => {
  const model = scriptedModel(call("write", { n: 1 }))
  const begun = Promise.withResolvers<void>()
  const hooks = fakeHooks({ PreToolUse: (_, signal) => untilStopped(signal, begun.resolve) })
  const logs = memoryLogs()
  const given = await scene(model, { tools: threeTools, hooks, logs })
  await given.say("go")
  await begun.promise
  await given.op({ type: "turn.interrupt" })
  await given.engine.close()
  const log = await logs.read(given.id)
  expect(transcript(log)).toContain("call.settled cancelled")
  expect(transcript(log)).not.toContain("call.started")
  expect(brokenRules(log)).toEqual([])
})

test("a kill while a hook runs leaves a log that can be opened, in which the call did not run", async () => {
  const logs = memoryLogs()
  const hooks = fakeHooks({ PreToolUse: () => new Promise(() => undefined) })
  const given = await scene(scriptedModel(call("write", { n: 1 })), { tools: threeTools, hooks, logs })
  await given.say("go")
  await given.session.until("step.ended")
  const again = reopened(cutAfter(await logs.read(given.id), "step.ended"))
  await again.engine.submit({ type: "goal.change", sessionId: again.id, goal: "x" })
  await again.engine.close()
  expect(transcript(await again.log())).toContain("call.settled cancelled call.cancelled")
  expect(brokenRules(await again.log())).toEqual([])
})

test("a hook that breaks or takes too long blocks nothing, and a person is told of it once in a turn", async () => {
  const model = scriptedModel(call("write", { n: 1 }), call("write", { n: 2 }), say("done"))
  const late = { hook: "slow.sh", file: "/home/me/hooks.json", outcome: "timed_out", durationMs: 60_000 } as const
  const hooks = fakeHooks({ PreToolUse: () => ({ ran: [late] }) })
  const defects: unknown[] = []
  const logs = memoryLogs()
  const given = await scene(model, { tools: threeTools, hooks, logs, onDefect: (error) => defects.push(error) })
  await given.say("go")
  await given.session.until("turn.ended")
  await given.engine.close()
  const notices = (await logs.read(given.id)).flatMap((event) => (event.type === "notice.posted" ? [event.text] : []))
  expect(notices).toEqual([
    "The hook slow.sh of /home/me/hooks.json took longer than it may (60000 ms) at PreToolUse. It counts as saying nothing.",
  ])

  const broken = fakeHooks({ PreToolUse: () => Promise.reject(new Error("oops")) })
  const played = await play(
    scriptedModel(call("write", { n: 1 }), say("done")),
    { tools: threeTools, hooks: broken, onDefect: (error) => defects.push(error) },
    "go",
  )
  expect(played).toContain('call.settled success "written"')
  expect(defects).toHaveLength(1)
})
