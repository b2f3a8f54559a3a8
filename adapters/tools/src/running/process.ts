import {
  type Effect,
  type PlanContext,
  type ProcessFacts,
  RUNS_ITS_INPUT,
  type RunContext,
  type SessionProcesses,
  type ShellReading,
  type SimpleCommand,
  ToolFailure,
  type ToolResult,
} from "@skein/core/ports"
import { PROCESS_SIGNALS, type ProcessSignalName, SANDBOXES, type Sandbox } from "@skein/protocol"
import * as z from "@skein/protocol/schema"
import { defineTool, type Planned, type ToolWorld } from "../define.ts"
import { portsNote } from "./in-background.ts"
import { provenanceOf, READ_BYTES_MAX, shownOutput, stateOf } from "./output.ts"
import { planCommand } from "./plan.ts"
import { firstLine } from "./words.ts"

const ACTIONS = ["start", "read", "wait", "write", "resize", "signal", "close", "end", "list"] as const
const WAIT_DEFAULT_MS = 30_000
const WAIT_MAX_MS = 600_000
const MARGIN_MS = 5_000
const SIZE_DEFAULT = { columns: 100, rows: 30 } as const
/** What answers a key is seen with it. */
const ANSWER_IDLE_MS = 150
const ANSWER_MS = 2_000

interface Input {
  readonly action: (typeof ACTIONS)[number]
  readonly process?: string | undefined
  readonly command?: string | undefined
  readonly terminal?: boolean | undefined
  readonly columns?: number | undefined
  readonly rows?: number | undefined
  readonly text?: string | undefined
  readonly pattern?: string | undefined
  readonly idleMs?: number | undefined
  readonly timeoutMs?: number | undefined
  readonly signal?: ProcessSignalName | undefined
  readonly asText?: boolean | undefined
}

interface Prepared {
  readonly sandbox?: Sandbox | undefined
}

/** Processes that go on beside the turns: servers, watchers, anything that needs a terminal or answers. */
export const process = defineTool<Input, Prepared>({
  name: "process",
  description:
    "Long-running and interactive programs, which go on between your calls: start (with a terminal if asked), then read, wait, write, resize, signal, close (its input) or end them by name; list shows all. You are told when one ends.",
  summary: "start, read, write to, wait for and end programs that go on beside calls",
  input: () =>
    z.strictObject({
      action: z.enum(ACTIONS),
      process: z.string().min(1).max(64).optional().describe("Its name; for start, one of your choice"),
      command: z.string().min(1).max(100_000).optional().describe("For start: a bash line"),
      terminal: z.boolean().optional().describe("For start: run it in a terminal; read then shows the screen"),
      columns: z.int().min(1).max(500).optional(),
      rows: z.int().min(1).max(200).optional(),
      text: z.string().min(1).max(100_000).optional().describe("For write: as typed, \\n is Enter, \\u0003 is Ctrl+C"),
      pattern: z.string().min(1).max(200).optional().describe("For wait: text in a line, * for anything"),
      idleMs: z.int().min(1).max(WAIT_MAX_MS).optional().describe("For wait: until it is silent so long"),
      timeoutMs: z.int().min(1).max(WAIT_MAX_MS).optional().describe("For wait; 30000 if left out"),
      signal: z.enum(PROCESS_SIGNALS).optional(),
      asText: z.boolean().optional().describe("For read: new output instead of the screen"),
    }),
  kind: "execute",
  effects: ["execute"],
  timeoutMs: WAIT_MAX_MS + MARGIN_MS,
  title: titleOf,
  plan: (input, world, context) => planned(input, world, context),
  async run(input, world, context, prepared) {
    const processes = await context.processes?.()
    if (processes === undefined) throw new ToolFailure("No process can go on beside the turn here.")
    return act({ input, world, context, processes, prepared })
  },
})

function titleOf({ action, process: name, command, text }: Input): string {
  if (action === "start") return `start ${firstLine(command ?? "")}`
  if (action === "write") return `write to ${name}: ${firstLine(JSON.stringify(text ?? ""))}`
  return name === undefined ? `${action} processes` : `${action} ${name}`
}

/** Starting is judged as a command, and so is what is written: to a shell it is one. */
async function planned(input: Input, world: ToolWorld, context: PlanContext): Promise<Planned<Prepared>> {
  const { action } = input
  if (action === "start") {
    const plan = await planCommand(needed(input, "command"), world, context)
    return { ...plan, rulesOf: "bash", prepared: { sandbox: plan.prepared.sandbox } }
  }
  if (action === "list") return HARMLESS
  const facts = (await context.processesSeen?.())?.find(needed(input, "process"))
  if (facts === undefined) throw new ToolFailure("No process can go on beside the turn here.")
  if (action === "signal") needed(input, "signal")
  if (action !== "write") return HARMLESS
  mustBeHeldAsNow(facts, context.sandbox)
  const effects = await writing(needed(input, "text"), facts, world, context)
  return {
    effects,
    actions: [{ verb: "run", target: `${JSON.stringify(input.text)}, typed into ${facts.name} (${facts.command})` }],
    rulesOf: "bash",
    // A yes is for this one, and for none that takes its name while somebody thinks.
    fingerprint: `${facts.processId} ${facts.confinement}`,
    prepared: {},
  }
}

const HARMLESS: Planned<Prepared> = { effects: [{ kind: "none" }], actions: [], prepared: {} }

/** One that was begun while more was allowed still may do it, and what it is told would do it: in mode plan, write files. */
function mustBeHeldAsNow({ name, sandbox }: ProcessFacts, now: Sandbox): void {
  if (SANDBOXES.indexOf(sandbox) <= SANDBOXES.indexOf(now)) return
  throw new ToolFailure(
    `${name} was begun with the sandbox ${sandbox}, and now it is ${now}, so nothing is written to it. Read it, signal or end it, or start another.`,
  )
}

/** What a program that runs its input is told is judged as a command, and so is what an unknown one is; else it is judged as running it. */
async function writing(
  text: string,
  { confinement, command: program }: ProcessFacts,
  world: ToolWorld,
  { cwd, roots }: PlanContext,
): Promise<readonly Effect[]> {
  const place = { cwd, roots, home: world.home }
  const whole = await world.shell.understand(program, place)
  const isCode = runsItsInput(whole)
  const command = isCode ? text.replace(/[\r\n]+$/, "") : program
  const read = isCode ? await world.shell.understand(command, place) : whole
  const reading = isCode && command === text ? { ...read, unclear: read.unclear ?? UNENDED } : read
  return [{ kind: "execute", command, isConfined: confinement !== "none", reading, roots }]
}

/** Half a line is harmless and so is its other half, and what they are together nobody was shown. */
const UNENDED = "Its last line does not end, so what is written next belongs to it"

function runsItsInput({ commands, unclear }: ShellReading): boolean {
  const isOpen = ({ risks, powerful }: SimpleCommand) => risks.includes("unknown") || powerful.includes(RUNS_ITS_INPUT)
  return unclear !== undefined || commands.length === 0 || commands.some(isOpen)
}

interface Acting {
  readonly input: Input
  readonly world: ToolWorld
  readonly context: RunContext
  readonly processes: SessionProcesses
  readonly prepared: Prepared
}

async function act(acting: Acting): Promise<ToolResult> {
  const { input, processes, context, prepared } = acting
  const { action, columns, rows } = input
  if (action === "list") return listed(processes.list())
  if (action === "start") {
    const size = { columns: columns ?? SIZE_DEFAULT.columns, rows: rows ?? SIZE_DEFAULT.rows }
    const pty = input.terminal === true ? { pty: size } : {}
    const facts = await processes.start({ command: needed(input, "command"), name: input.process, ...prepared, ...pty })
    return await answered(acting, facts.name, `Started.${portsNote(context)} `)
  }
  const whom = needed(input, "process")
  switch (action) {
    case "write":
      await processes.write(whom, new TextEncoder().encode(needed(input, "text")))
      return await answered(acting, whom)
    case "wait": {
      const { pattern, idleMs, timeoutMs = WAIT_DEFAULT_MS } = input
      const end = await processes.wait(whom, { pattern, idleMs, timeoutMs }, context.signal)
      return await shown(acting, whom, WAITED[end])
    }
    case "resize":
      await processes.resize(whom, columns ?? SIZE_DEFAULT.columns, rows ?? SIZE_DEFAULT.rows)
      return await answered(acting, whom)
    case "signal":
      await processes.signal(whom, needed(input, "signal"))
      return await answered(acting, whom)
    case "close":
      await processes.closeInput(whom)
      return await answered(acting, whom)
    case "end":
      await processes.end(whom)
      return await shown(acting, whom)
    default:
      return await shown(acting, whom)
  }
}

const WAITED = {
  matched: "The pattern was said. ",
  exited: "",
  idle: "Silent. ",
  timeout: "The time was over, and what was waited for has not come. ",
} as const

/** With what comes of it at once. */
async function answered(acting: Acting, whom: string, intro = ""): Promise<ToolResult> {
  await acting.processes.wait(whom, { idleMs: ANSWER_IDLE_MS, timeoutMs: ANSWER_MS }, acting.context.signal)
  return shown(acting, whom, intro)
}

async function shown({ input, world, processes }: Acting, whom: string, intro = ""): Promise<ToolResult> {
  const fresh = processes.read(whom, { bytesMax: READ_BYTES_MAX })
  const all = () => processes.read(whom, { from: 0, bytesMax: Number.MAX_SAFE_INTEGER }).bytes
  const facts = processes.find(whom)
  const body = await shownOutput(facts, { all, fresh }, world, input.asText === true)
  const state = `${intro}${stateOf(facts)}`
  return {
    forModel: [{ type: "text", text: `${body}\n(${state})` }],
    forHuman: { kind: "command", body, summary: stateOf(facts) },
    bytes: fresh.bytes.length,
    confinement: facts.confinement,
    ...(facts.artifact === undefined || facts.bytes <= READ_BYTES_MAX ? {} : { artifacts: [facts.artifact] }),
    provenance: provenanceOf(facts),
  }
}

function listed(all: readonly ProcessFacts[]): ToolResult {
  const lines = all.map((facts) => `${stateOf(facts)}: ${firstLine(facts.command)}`)
  const body = lines.length === 0 ? "No process was started." : lines.join("\n")
  return {
    forModel: [{ type: "text", text: body }],
    forHuman: { kind: "listing", body },
    provenance: { source: "processes", isTrusted: true },
  }
}

function needed<K extends "process" | "command" | "text" | "signal">(input: Input, key: K): NonNullable<Input[K]> {
  const value = input[key]
  if (value === undefined) throw new ToolFailure(`${input.action} needs ${key}.`)
  return value
}
