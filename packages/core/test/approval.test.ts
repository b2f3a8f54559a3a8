import { expect, test } from "bun:test"
import { call, calls, say, scriptedModel, testTools, transcript } from "@skein/testkit"
import type { ShellReading, SimpleCommand } from "../src/ports/index.ts"
import { type Scene, scene, threeTools, untilStopped } from "./scene.ts"

const shell = call("shell", { n: 1 })

async function asked(given: Scene) {
  await given.attach()
  await given.say("go")
  return given.session.until("approval.requested")
}

test("what is not clearly allowed is asked, and runs when it is allowed once", async () => {
  const given = await scene(scriptedModel(shell, say("done")), { tools: threeTools })
  const { approvalId, reasons, options, always } = await asked(given)
  expect({ reasons, options, always }).toEqual({
    reasons: ["it runs a command without a sandbox"],
    options: ["allow_once", "allow_always", "reject_once", "reject_always"],
    always: { tool: "shell", command: "make", decision: "allow", scope: "session" },
  })

  await given.op({ type: "approval.answer", approvalId, answer: "allow_once" })
  await given.session.until("turn.ended")

  expect(transcript(given.session.events)).toBe(`turn.started user
step.started 1.1
call.requested shell
step.ended 1 calls
approval.requested
approval.resolved allow_once by person
call.started
call.settled success "ran 1"
step.started 2.1
item.completed agent_message complete "done"
step.ended 2 end
turn.ended completed`)
})

test("a refusal's feedback is what the model reads", async () => {
  const model = scriptedModel(shell, say("I see"))
  const given = await scene(model, { tools: threeTools })
  const { approvalId } = await asked(given)

  await given.op({ type: "approval.answer", approvalId, answer: "reject_once", feedback: "use ninja" })
  await given.session.until("turn.ended")

  expect(model.requests[1]?.messages.at(-1)).toEqual({
    role: "user",
    content: [
      {
        ...{ type: "result", callId: "cal_1", name: "shell", isError: true },
        content: [{ type: "text", text: "The person refused this call. They say: use ninja" }],
      },
    ],
  })
})

test("a refusal that interrupts ends the turn: nothing beside or after it runs, and the model is not asked", async () => {
  let written = 0
  const tools = testTools({
    read: { isConcurrent: true, run: (_, { signal }) => untilStopped(signal) },
    shell: { isConcurrent: true, effects: [{ kind: "network", hosts: ["a"] }], run: () => "ran" },
    write: { run: () => `written ${++written}` },
  })
  const model = scriptedModel(calls(["read", {}], ["shell", {}], ["write", {}]))
  const given = await scene(model, { tools })
  const { approvalId } = await asked(given)

  const answer = { type: "approval.answer", approvalId, answer: "reject_once", interrupt: true } as const
  await given.op({ ...answer, feedback: "stop" })
  await given.session.until("turn.ended")

  const settled = given.session.events.flatMap((event) => (event.type === "call.settled" ? [event.code] : []))
  expect(settled.toSorted()).toEqual(["call.cancelled", "call.cancelled", "call.denied"])
  expect(transcript(given.session.events)).toEndWith("turn.ended interrupted")
  expect({ written, requests: model.requests.length }).toEqual({ written: 0, requests: 1 })
})

test("always adds one rule for the session, and answers whatever else it now allows", async () => {
  const tools = testTools({
    shell: {
      isConcurrent: true,
      effects: [{ kind: "execute", command: "make", isConfined: false }],
      run: () => "ran",
    },
  })
  const given = await scene(scriptedModel(calls(["shell", { a: 1 }], ["shell", { a: 2 }]), shell, say("done")), {
    tools,
  })
  const { approvalId } = await asked(given)
  await given.session.until("approval.requested")

  await given.op({ type: "approval.answer", approvalId, answer: "allow_always" })
  await given.session.until("turn.ended")

  const lines = transcript(given.session.events)
  expect(lines.match(/approval.resolved .*/g)).toEqual([
    "approval.resolved allow_always by person",
    "approval.resolved allow_once by policy",
  ])
  expect(lines.match(/rule.added/g)).toHaveLength(1)
  expect(lines.match(/call.settled success/g)).toHaveLength(3)
})

test("never again is remembered too", async () => {
  const given = await scene(scriptedModel(shell, call("shell", { n: 2 }), say("done")), { tools: threeTools })
  const { approvalId } = await asked(given)

  await given.op({ type: "approval.answer", approvalId, answer: "reject_always" })
  await given.session.until("turn.ended")

  const lines = transcript(given.session.events)
  expect(lines.match(/approval.requested/g)).toHaveLength(1)
  expect(lines.match(/call.settled error call.denied/g)).toHaveLength(2)
})

test("changed arguments are planned and run, and the model still sees its own", async () => {
  const model = scriptedModel(shell, say("done"))
  const given = await scene(model, { tools: threeTools })
  const { approvalId } = await asked(given)

  await given.op({ type: "approval.answer", approvalId, answer: "allow_once", updatedInput: { n: 7 } })
  await given.session.until("turn.ended")

  expect(transcript(given.session.events)).toContain('call.settled success "ran 7"')
  expect(JSON.stringify(model.requests[1]?.messages)).toContain('"input":{"n":1}')
})

test("changed arguments are judged again: what is forbidden stays forbidden, what does not fit does not run", async () => {
  for (const [updatedInput, code] of [
    [{ n: "rm" }, "call.denied"],
    [{ bad: 1 }, "call.invalid_input"],
  ] as const) {
    const plain = threeTools
    const tools = {
      ...plain,
      plan: async (...[name, input, context]: Parameters<typeof plain.plan>) => ({
        ...(await plain.plan(name, input, context)),
        effects: [{ kind: "execute" as const, command: JSON.stringify(input), isConfined: false }],
      }),
    }
    const rules = [{ tool: "shell", command: '{"n":"rm"}', decision: "deny", scope: "user" } as const]
    const given = await scene(scriptedModel(shell, say("done")), { tools, rules })
    const { approvalId } = await asked(given)

    await given.op({ type: "approval.answer", approvalId, answer: "allow_once", updatedInput })
    await given.session.until("turn.ended")

    const lines = transcript(given.session.events)
    expect(lines).toContain("call.amended")
    expect(lines).toContain(`call.settled error ${code}`)
    expect(lines).not.toContain("call.started")
  }
})

test("with nobody to answer, a call is refused at once", async () => {
  const given = await scene(scriptedModel(shell, say("done")), { tools: threeTools })

  await given.say("go")
  await given.session.until("turn.ended")

  const lines = transcript(given.session.events)
  expect(lines).toContain(
    "approval.requested\napproval.resolved withdrawn by nobody\ncall.settled error call.unattended",
  )
  expect(lines).toEndWith("turn.ended completed")
})

test("when the last one who could answer goes away, what waits is withdrawn and refused", async () => {
  for (const leave of [
    { type: "client.detach", clientId: "cli_a" },
    { type: "client.attach", clientId: "cli_a", answers: ["question"] },
  ] as const) {
    const given = await scene(scriptedModel(shell, say("done")), { tools: threeTools })
    await asked(given)

    await given.op(leave)
    await given.session.until("turn.ended")

    expect(transcript(given.session.events)).toContain(
      "approval.resolved withdrawn by nobody\ncall.settled error call.unattended",
    )
  }
})

test("the first answer wins, and the second is told so", async () => {
  const given = await scene(scriptedModel(shell, say("done")), { tools: threeTools })
  const { approvalId } = await asked(given)
  const { engine, id: sessionId } = given

  const answers = await Promise.all(
    (["allow_once", "reject_once"] as const).map((answer) =>
      engine.submit({ type: "approval.answer", sessionId, approvalId, answer }),
    ),
  )
  await given.session.until("turn.ended")

  expect(answers.map((receipt) => receipt.status === "rejected" && receipt.code)).toEqual([false, "approval.not_found"])
  expect(transcript(given.session.events).match(/approval.resolved/g)).toHaveLength(1)
})

test("an answer that comes with the very question is heard", async () => {
  const given = await scene(scriptedModel(shell, say("done")), { tools: threeTools })
  await given.attach()
  const answering = (async () => {
    for await (const event of given.engine.events({ sessionId: given.id })) {
      if (event.type !== "approval.requested") continue
      return given.op({ type: "approval.answer", approvalId: event.approvalId, answer: "allow_once" })
    }
  })()

  await given.say("go")

  expect((await answering)?.status).toBe("accepted")
  await given.session.until("turn.ended")
})

test("a session closed while it asks settles everything and lets go", async () => {
  const given = await scene(scriptedModel(shell), { tools: threeTools })
  await asked(given)

  await given.op({ type: "session.close" })

  expect(transcript(given.session.events)).toEndWith(
    `approval.resolved withdrawn by policy
call.settled cancelled call.cancelled "Cut off: skein was left before it ran."
turn.ended interrupted`,
  )
})

test("a call that is asked about is judged anew in the mode that was chosen meanwhile, and runs in that one's sandbox", async () => {
  const sandboxes: string[] = []
  const tools = testTools({
    shell: {
      effects: [{ kind: "execute", command: "make", isConfined: false }],
      run: (_, { sandbox }) => {
        sandboxes.push(sandbox)
        return "ran"
      },
    },
  })
  const given = await scene(scriptedModel(shell, call("shell", { n: 2 }), say("done")), { tools })
  const { approvalId } = await asked(given)

  await given.op({ type: "settings.change", changes: { mode: "full", sandbox: "full-access" } })
  await given.op({ type: "approval.answer", approvalId, answer: "allow_once" })
  await given.session.until("turn.ended")

  expect(sandboxes).toEqual(["full-access", "full-access"])
})

test("an answer holds for the sandbox that it was given in: in another one it is asked again", async () => {
  const given = await scene(scriptedModel(shell, say("done")), { tools: threeTools })
  const { approvalId } = await asked(given)

  await given.op({ type: "settings.change", changes: { sandbox: "full-access" } })
  await given.op({ type: "approval.answer", approvalId, answer: "allow_once" })
  const again = await given.session.until("approval.requested")
  await given.op({ type: "approval.answer", approvalId: again.approvalId, answer: "reject_once" })
  await given.session.until("turn.ended")

  expect(again.approvalId).not.toBe(approvalId)
})

test("a mode that is tightened while one call of a step runs holds for the others of it", async () => {
  for (const isConcurrent of [true, false]) {
    const ran: unknown[] = []
    const together = isConcurrent ? 10 : 1
    const begun = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    const tools = testTools({
      write: {
        effects: [{ kind: "write", paths: ["/repo/a"], isInside: true }],
        isConcurrent,
        run: async ({ n }) => {
          ran.push(n)
          if (ran.length === together) begun.resolve()
          await goOn.promise
          return "written"
        },
      },
    })
    const count = together + 2
    const step = calls(...Array.from({ length: count }, (_, n) => ["write", { n }] as const))
    const given = await scene(scriptedModel(step, say("done")), { tools }, { mode: "full" })
    await given.say("go")
    await begun.promise
    await given.op({ type: "settings.change", changes: { mode: "plan" } })
    goOn.resolve()
    await given.session.until("turn.ended")

    const codes = given.session.events.flatMap((event) => (event.type === "call.settled" ? [event.code] : []))
    expect(codes.filter((code) => code === "call.denied")).toHaveLength(2)
    expect(ran).toHaveLength(together)
  }
})

test("a question tells the files that a line names to change, and whether it can change no others", async () => {
  const command = (text: string, more: Partial<SimpleCommand> = {}): SimpleCommand => ({
    ...{ argv: text.split(" "), text, risks: ["write"], reason: "", cwd: "/repo" },
    ...{ writes: [], reads: [], hosts: [], assigns: [], powerful: [], ...more },
  })
  const printf = command("printf x", { writes: ["/repo/src/zz.ts"] })
  const echo = command("echo hi", { writes: ["/repo/README.md", "/repo/src/zz.ts"] })
  const told = async (reading: ShellReading | undefined) => {
    const effect = { kind: "execute", command: "x", isConfined: false, roots: ["/repo"], reading } as const
    const tools = testTools({ shell: { effects: [effect], run: () => "ran" } })
    return (await asked(await scene(scriptedModel(shell, say("done")), { tools }))).writes
  }
  const paths = ["/repo/src/zz.ts", "/repo/README.md"]
  const looks = command("false", { risks: ["read"] })
  expect(await told({ commands: [printf, echo, looks] })).toEqual({ paths, isAll: true })
  const others = [
    command("make", { risks: ["execute"] }),
    command("git commit"),
    command("touch x", { argv: ["touch", undefined], writes: paths }),
  ]
  for (const other of others) expect(await told({ commands: [printf, echo, other] })).toEqual({ paths, isAll: false })
  expect(await told({ commands: [printf, echo], unclear: "eval" })).toEqual({ paths, isAll: false })
  expect(await told({ commands: [looks] })).toBeUndefined()
  expect(await told(undefined)).toBeUndefined()
})

test("a call that is for asking first is asked about in every mode, and no answer makes it otherwise", async () => {
  for (const mode of ["full", "auto", "accept-edits"] as const) {
    const tools = testTools({ confirm: { isAlwaysAsked: true, run: () => "done" } })
    const given = await scene(scriptedModel(call("confirm", {}), say("done")), { tools }, { mode })
    const { approvalId, reasons, always, options } = await asked(given)
    expect({ reasons, always, options }).toEqual({
      reasons: ["this tool is for asking you first"],
      always: undefined,
      options: ["allow_once", "reject_once"],
    })
    await given.op({ type: "approval.answer", approvalId, answer: "allow_once" })
    await given.session.until("turn.ended")
    expect(transcript(given.session.events)).toContain('call.settled success "done"')
  }
})

test("where nobody is there to be asked, such a call is refused, in every mode", async () => {
  const tools = testTools({ confirm: { isAlwaysAsked: true, run: () => "done" } })
  const given = await scene(scriptedModel(call("confirm", {}), say("I see")), { tools }, { mode: "full" })
  await given.say("go")
  await given.session.until("turn.ended")
  expect(transcript(given.session.events)).toContain("nobody is there to ask")
})

test("an answer that names hunks keeps the call's arguments and runs it with these alone", async () => {
  const ran: unknown[] = []
  const run = (input: unknown) => {
    ran.push(input)
    return "done"
  }
  const tools = testTools({ confirm: { isAlwaysAsked: true, hunksCount: 3, run }, plain: { isAlwaysAsked: true, run } })
  const model = scriptedModel(call("confirm", { a: 1 }), call("plain", { a: 1 }), say("done"))
  const given = await scene(model, { tools })
  const { approvalId, hunksCount } = await asked(given)
  expect(hunksCount).toBe(3)
  await given.op({ type: "approval.answer", approvalId, answer: "allow_once", hunks: [1, 3] })
  const other = await given.session.until("approval.requested")
  expect(other.hunksCount).toBeUndefined()
  await given.op({ type: "approval.answer", approvalId: other.approvalId, answer: "allow_once", hunks: [1] })
  await given.session.until("turn.ended")
  expect(ran).toEqual([{ a: 1, hunks: [1, 3] }, { a: 1 }])
  expect(transcript(given.session.events)).toContain("call.amended")
})
