import { expect, test } from "bun:test"
import type { CommandReply } from "@skein/protocol"
import { call, type Scripted, say, scriptedModel } from "@skein/testkit"
import type { ExpandedPrompt, PromptInfo, PromptsPort } from "../src/ports/index.ts"
import { scene, threeTools } from "./scene.ts"

const row = (name: string, more: Partial<PromptInfo> = {}): PromptInfo => ({
  ...{ name, summary: `Does ${name}.`, usage: "", kind: "command", scope: "user" },
  ...more,
})

/** Prompts that say their own name and arguments. */
function prompts(rows: readonly PromptInfo[], more: Partial<ExpandedPrompt> = {}): PromptsPort {
  return {
    list: async () => rows,
    expand: async (name, args) => ({ input: [{ type: "text", text: `${name}(${args})` }], ...more }),
  }
}

async function begun(port: PromptsPort, ...replies: readonly Scripted[]) {
  const model = scriptedModel(...replies)
  const given = await scene(model, { tools: threeTools, prompts: port })
  await given.attach()
  const reply = await given.engine.ask({ type: "command.resolve", sessionId: given.id, name: "fix", args: "a b" })
  return { given, model, reply }
}

function submitOf(reply: CommandReply) {
  const [op] = reply.kind === "ops" ? reply.ops : []
  if (op?.type !== "turn.submit") throw new Error(`No turn: ${JSON.stringify(reply)}`)
  return op
}

test("a prompt of the folder is a command, and begins a turn with what its file says", async () => {
  const { given, model, reply } = await begun(prompts([row("fix")]), say("fixed"))
  await given.op(submitOf(reply))
  await given.session.until("turn.ended")
  expect(model.requests[0]?.messages[0]?.content[0]).toMatchObject({ text: "fix(a b)" })
  const listed = await given.engine.ask({ type: "commands.list", sessionId: given.id })
  expect(listed.find(({ name }) => name === "fix")).toEqual({
    ...{ name: "fix", aliases: ["user:fix"], summary: "Does fix.", usage: "", whileBusy: true },
    origin: { kind: "command", scope: "user" },
  })
})

test("skein's own command keeps its name: the prompt is listed with whose it is, and what hides it", async () => {
  const { given } = await begun(prompts([row("fix"), row("undo", { scope: "project" })]))
  const ask = (name: string) => given.engine.ask({ type: "command.resolve", sessionId: given.id, name, args: "" })
  const listed = await given.engine.ask({ type: "commands.list", sessionId: given.id })
  expect(listed.find(({ name }) => name === "project:undo")).toMatchObject({ hiddenBy: "undo", aliases: [] })
  expect((await ask("undo")).kind).toBe("usage")
  expect(submitOf(await ask("project:undo")).input).toEqual([{ type: "text", text: "undo()" }])
})

test("its effort, its model and its tools hold for its turn alone", async () => {
  const terms = { effort: "high", model: "test/other", toolsAllowed: ["shell"] } as const
  const { given, model, reply } = await begun(
    prompts([row("fix")], terms),
    call("shell", {}),
    say("fixed"),
    call("shell", {}),
    say("again"),
  )
  await given.op(submitOf(reply))
  await given.session.until("turn.ended")
  expect(given.session.events.map(({ type }) => type)).not.toContain("approval.requested")
  await given.say("again")
  await given.session.until("approval.requested")
  expect(model.requests.map(({ model, effort }) => [model, effort])).toEqual([
    ["test/other", "high"],
    ["test/other", "high"],
    ["test/scripted", undefined],
  ])
})

test("a prompt that others wrote taints its turn, and no other", async () => {
  const taint = "what the MCP server x said"
  const { given, reply } = await begun(
    prompts([row("fix")], { taint }),
    call("shell", {}),
    say("no"),
    call("shell", {}),
  )
  await given.op(submitOf(reply))
  const { approvalId, taint: told } = await given.session.until("approval.requested")
  expect(told).toEqual([`this turn has read ${taint}, which others may have written`])
  await given.op({ type: "approval.answer", approvalId, answer: "reject_once" })
  await given.session.until("turn.ended")
  await given.say("again")
  expect((await given.session.until("approval.requested")).taint).toBeUndefined()
})

test("what would be refused, or allow everything, is not allowed by a prompt that says so", async () => {
  const all = await begun(prompts([row("fix")], { toolsAllowed: ["*"] }))
  expect(submitOf(all.reply).terms).toBeUndefined()
  expect(all.reply).toMatchObject({ done: "the command /fix names all tools at once, which allows none." })

  const { given, reply } = await begun(prompts([row("fix")], { toolsAllowed: ["shell"] }), call("shell", {}), say("no"))
  await given.op({ type: "rule.add", rule: { tool: "shell", decision: "deny", scope: "session" } })
  await given.op(submitOf(reply))
  await given.session.until("turn.ended")
  expect(given.session.events.find((event) => event.type === "call.settled")).toMatchObject({ code: "call.denied" })
})

test("a rule that denies, or outlives the turn, cannot be brought with an input", async () => {
  const { given } = await begun(prompts([row("fix")]), call("shell", {}), say("done"))
  const rules = [
    { tool: "*", decision: "allow", scope: "user" },
    { tool: "write", decision: "deny", scope: "managed" },
    { tool: "shell", decision: "allow", scope: "managed" },
  ] as const
  const input = [{ type: "text", text: "go" }] as const
  await given.op({ type: "turn.submit", input, delivery: "start", terms: { rules } })
  await given.session.until("turn.started")
  const shown = await given.engine.ask({ type: "rules.list", sessionId: given.id })
  expect(shown).toEqual([{ tool: "shell", decision: "allow", scope: "once" }])
  await given.session.until("turn.ended")
  expect(await given.engine.ask({ type: "rules.list", sessionId: given.id })).toEqual([])
})

test("a project's prompt asks no model of another provider", async () => {
  const port = prompts([row("fix", { scope: "project" })], { model: "other/one" })
  const { reply } = await begun(port)
  expect(submitOf(reply).terms).toBeUndefined()
  expect(reply).toMatchObject({
    done: "/fix asks for other/one, of another provider than this session's. test/scripted is asked.",
  })
})

test("a prompt that says so is handed to an agent", async () => {
  const { reply } = await begun(prompts([row("fix")], { agent: "explore" }))
  expect(reply).toMatchObject({ ops: [{ type: "agent.spawn", agent: "explore", prompt: "fix(a b)" }] })
})

test("while a turn runs a prompt waits for a turn of its own, with what holds for it", async () => {
  const { given } = await begun(prompts([row("fix")], { effort: "low" }), call("shell", {}), say("one"), say("two"))
  await given.say("go")
  const { approvalId } = await given.session.until("approval.requested")
  const busy = await given.engine.ask({ type: "command.resolve", sessionId: given.id, name: "fix", args: "" })
  expect(submitOf(busy)).toMatchObject({ delivery: "queue", terms: { effort: "low" } })
  await given.op(submitOf(busy))
  await given.op({ type: "approval.answer", approvalId, answer: "allow_once" })
  await given.session.until("turn.ended")
  expect(given.session.events.find((event) => event.type === "input.queued")).toMatchObject({
    terms: { effort: "low" },
  })
})
