import {
  CallDefect,
  type CallPlan,
  type Effect,
  type RunContext,
  type ShellLinesPort,
  ToolFailure,
  type ToolResult,
  type ToolsPort,
} from "@skein/core/ports"

/** One tool of a test: what it does to the world, and what it answers. */
export interface TestTool {
  readonly effects?: readonly Effect[]
  readonly isConcurrent?: boolean
  readonly timeoutMs?: number
  readonly run: (
    input: Record<string, unknown>,
    context: RunContext,
  ) => Promise<ToolResult | string> | ToolResult | string
}

/** A ToolsPort of plain functions. Input that holds `bad` does not fit any schema. */
export function testTools(tools: Readonly<Record<string, TestTool>>): ToolsPort {
  const specs = Object.keys(tools).map((name) => ({ name, description: `${name}.`, inputSchema: { type: "object" } }))
  const facts = specs.map((spec) => {
    const { isConcurrent = false, timeoutMs = 120_000 } = tools[spec.name] ?? {}
    return { ...spec, kind: "other", isConcurrent, timeoutMs } as const
  })
  return {
    list: () => facts,
    offered: ({ allows }) => specs.filter(({ name }) => allows(name)),
    describe: (name, input) => ({ title: `${name} ${JSON.stringify(input)}`, kind: "other", locations: [] }),
    async plan(name, input): Promise<CallPlan> {
      const tool = tools[name]
      if (tool === undefined) throw new CallDefect("call.unknown_tool", `There is no tool ${name}.`)
      if (isRecord(input) && "bad" in input) throw new CallDefect("call.invalid_input", "bad is not allowed.")
      return {
        name,
        input,
        effects: tool.effects ?? [{ kind: "none" }],
        actions: [{ verb: "run", target: name }],
        isConcurrent: tool.isConcurrent ?? false,
        digest: `${name} ${JSON.stringify(input)}`,
        timeoutMs: tool.timeoutMs ?? 120_000,
      }
    },
    async run(plan, context) {
      const tool = tools[plan.name]
      if (tool === undefined || !isRecord(plan.input)) throw new ToolFailure(`Cannot run ${plan.name}`)
      const result = await tool.run(plan.input, context)
      return typeof result === "string" ? { forModel: [{ type: "text", text: result }] } : result
    },
  }
}

/**
 * A ShellLinesPort of one function, which answers with what the command prints or the whole result. What `effects` say it
 * does is unconfined unless the session's settings hold it.
 */
export function testShell(
  run: (command: string, context: RunContext) => Promise<ToolResult | string> | ToolResult | string,
  effectOf: (command: string, isConfined: boolean) => Effect = (command, isConfined) => ({
    ...{ kind: "execute", command, isConfined },
  }),
): ShellLinesPort {
  return {
    async plan(command, { sandbox }) {
      if (command.includes("\0")) throw new ToolFailure("A command cannot hold a NUL character.")
      const isConfined = sandbox !== "full-access"
      return {
        ...{ name: "shell", input: { command }, actions: [{ verb: "run", target: command }] },
        ...{ effects: [effectOf(command, isConfined)], isConcurrent: false, digest: command, timeoutMs: 120_000 },
      }
    },
    async run(plan, context) {
      const command = isRecord(plan.input) ? String(plan.input.command) : ""
      const result = await run(command, context)
      return typeof result === "string" ? { forModel: [{ type: "text", text: result }], exitCode: 0 } : result
    },
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null
}
