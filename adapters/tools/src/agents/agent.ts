import { type AgentReport, type AgentsPort, type RunContext, ToolFailure, type ToolResult } from "@skein/core/ports"
import type { SessionId } from "@skein/protocol"
import * as z from "@skein/protocol/schema"
import { defineTool, type ToolWorld } from "../define.ts"
import { AGENTS_TIMEOUT_MS } from "./bounds.ts"

interface Input {
  readonly action: "kinds" | "list" | "say" | "stop" | "wait" | "result"
  readonly id?: string | undefined
  readonly text?: string | undefined
  readonly seconds: number
}

/** What became of the agents of this session, and what there are to call. */
export const agent = defineTool<Input>({
  name: "agent",
  description:
    "kinds: the agents there are to call. list: those of this session, running and ended. With the id of one: say text to " +
    "it while it works or after, stop it, wait for its end, or read its result.",
  summary: "list, ask, stop or wait for agents of this session; kinds of agents",
  input: () =>
    z.strictObject({
      action: z.enum(["kinds", "list", "say", "stop", "wait", "result"]),
      id: z.string().optional().describe("its session id, or the name of the only one"),
      text: z.string().min(1).max(200_000).optional(),
      seconds: z.number().min(0).max(3_600).default(300).describe("wait no longer"),
    }),
  kind: "other",
  needs: ["agents"],
  effects: ["delegate"],
  isConcurrent: true,
  timeoutMs: AGENTS_TIMEOUT_MS,
  title: ({ action, id }) => `agent ${action}${id === undefined ? "" : ` ${id}`}`,
  plan: async ({ action, id }) => ({
    effects: [{ kind: "none" }],
    actions: [{ verb: action, target: id ?? "agents" }],
    prepared: undefined,
  }),
  run: (input, world, context) => run(input, world, context),
})

async function run(input: Input, world: ToolWorld, context: RunContext): Promise<ToolResult> {
  if (input.action === "kinds") return await kinds(world, context)
  const { agents } = context
  if (agents === undefined) throw new ToolFailure("This session has no agents, and can begin none.")
  if (input.action === "list") return listed(agents.list())
  const child = childOf(agents.list(), input.id)
  switch (input.action) {
    case "say":
      await agents.say(child.sessionId, input.text ?? missing("text"))
      return said(`${child.agent} was told.`)
    case "stop":
      return await stopped(agents, child)
    case "wait":
      return await ended(agents, child, await waited(agents, child.sessionId, input.seconds, context.signal))
    default:
      return await ended(agents, child, "")
  }
}

async function kinds(world: ToolWorld, { cwd }: RunContext): Promise<ToolResult> {
  if (world.agents === undefined) throw new ToolFailure("There are no agents here.")
  const { tableText } = await import("./delegation.ts")
  const table = await world.agents.read(cwd)
  const warnings = table.warnings.length === 0 ? "" : `\n\nNot as written:\n${table.warnings.join("\n")}`
  return said(tableText(table) + warnings)
}

function listed(all: readonly AgentReport[]): ToolResult {
  const lines = all.map(({ sessionId, agent: name, status, description, result }) => {
    const how = result === undefined ? status : `${status}: ${result.outcome.kind}`
    return `${sessionId}  ${name}  ${how}  ${description}`
  })
  return said(lines.length === 0 ? "This session has no agents." : lines.join("\n"), `${all.length} agents`)
}

function childOf(all: readonly AgentReport[], id: string | undefined): AgentReport {
  const named = id ?? missing("id")
  const found = all.filter((one) => one.sessionId === named || one.sessionId === `ses_${named}` || one.agent === named)
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  const there = all
    .map(({ sessionId, agent: name, description }) => `${sessionId} (${name}: ${description})`)
    .join(", ")
  const some = there === "" ? "This session has none." : `There are ${there}.`
  throw new ToolFailure(
    `${found.length === 0 ? "No" : "More than one"} agent is called ${JSON.stringify(named)}. ${some}`,
  )
}

function missing(key: string): never {
  throw new ToolFailure(`This action needs "${key}".`)
}

async function stopped(agents: AgentsPort, { sessionId, agent: name }: AgentReport): Promise<ToolResult> {
  const spawned = agents.running(sessionId)
  if (spawned === undefined) return said(`${name} does not run: it has ended before.`)
  const { steps } = await spawned.stop("The agent that began it said so.")
  return said(`${name} was stopped after ${steps} steps.`)
}

/** Empty when it has ended; else a sentence on why it is not waited for any longer. */
async function waited(agents: AgentsPort, id: SessionId, seconds: number, signal: AbortSignal): Promise<string> {
  const spawned = agents.running(id)
  if (spawned === undefined) return ""
  const over = Promise.withResolvers<string>()
  const timer = setTimeout(() => over.resolve(`It has not ended after ${seconds} s, and goes on.`), seconds * 1_000)
  const stop = () => over.resolve("It goes on.")
  signal.addEventListener("abort", stop, { once: true })
  try {
    return await Promise.race([spawned.done.then(() => ""), over.promise])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener("abort", stop)
  }
}

async function ended(agents: AgentsPort, child: AgentReport, why: string): Promise<ToolResult> {
  const { agent: name, description, sessionId } = child
  const result = agents.list().find((one) => one.sessionId === sessionId)?.result
  if (result === undefined) return said(`${name} is ${child.status}. ${why}`.trim())
  const [{ answer }, { settled }] = await Promise.all([import("./report.ts"), import("./schedule/settled.ts")])
  return answer(settled({ agent: name, description, prompt: "" }, result, undefined))
}

function said(text: string, summary?: string): ToolResult {
  return {
    forModel: [{ type: "text", text }],
    forHuman: { kind: "text", body: text, ...(summary === undefined ? {} : { summary }) },
    provenance: { source: "agents", isTrusted: true },
  }
}
