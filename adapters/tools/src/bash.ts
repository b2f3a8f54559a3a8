import type { ExecResult, ProcessFacts, RunContext } from "@skein/core/ports"
import { ToolFailure } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import * as z from "@skein/protocol/schema"
import { defineTool, type ToolWorld } from "./define.ts"
import { emptiedFiles } from "./files/emptied.ts"
import { begunResult, earlyOutput, intoBackground } from "./running/in-background.ts"
import { type CommandPlan, planCommand } from "./running/plan.ts"
import { endingOf, firstLine, sizeOf } from "./running/words.ts"

const TIMEOUT_DEFAULT_MS = 120_000
const TIMEOUT_MAX_MS = 600_000
const OUTPUT_BYTES_MAX = 30_000
/** For the child's end, its last output and the look around afterwards, on top of its own time. */
const MARGIN_MS = 5_000

interface BashInput {
  readonly command: string
  readonly timeoutMs: number
  readonly background?: boolean | undefined
  readonly onTimeout?: "kill" | "background" | undefined
}

export const bash = defineTool<BashInput, CommandPlan>({
  name: "bash",
  description:
    "Run a bash command in the session's folder. No terminal, empty stdin; state does not carry over; processes it leaves end with it, unless background is true. In the sandbox: network only through the proxy in the environment, where each host may be asked about; only the workspace and /tmp are writable, and other tools do not see that /tmp.",
  input: () =>
    z.strictObject({
      command: z.string().min(1).max(100_000),
      timeoutMs: z.int().min(1).max(TIMEOUT_MAX_MS).default(TIMEOUT_DEFAULT_MS),
      background: z.boolean().optional().describe("Return at once; it goes on as a process"),
      onTimeout: z.enum(["kill", "background"]).optional(),
    }),
  kind: "execute",
  effects: ["execute"],
  canBeLayered: true,
  timeoutMs: TIMEOUT_MAX_MS + MARGIN_MS,
  // Never what the model says that it does: a person reads this to know what runs.
  title: ({ command }) => firstLine(command),
  plan: ({ command }, world, context) => planCommand(command, world, context),
  async run(input, world, context, plan) {
    const { isConfined, sandbox, reading } = plan
    if (input.background === true) return begunResult(await begun(input, context, plan), { why: "It runs as", context })
    const emptied = isConfined ? await emptiedFiles(reading, world, context.cwd) : []
    const done = await execute(input, world, { ...context, sandbox })
    if ("processId" in done) return begunResult(done, { why: "It goes on in the background as", context })
    const result = done
    const summary = result.isTimedOut
      ? `stopped after ${input.timeoutMs / 1000} s: timeoutMs was over`
      : endingOf(result)
    const text = `${closed(result.output)}${[summary, ...notesOf(result), ...emptied.map(emptiedNote)].map((line) => `(${line})`).join("\n")}`
    return {
      forModel: [{ type: "text", text }],
      forHuman: {
        kind: "command",
        body: result.output,
        summary: [summary, sizeOf(result.bytes), ...emptied.map(emptiedFact)].join(", "),
      },
      ...(result.artifact === undefined ? {} : { artifacts: [result.artifact] }),
      ...(result.exitCode === null ? {} : { exitCode: result.exitCode }),
      bytes: result.bytes,
      ...(result.network === undefined ? {} : { network: result.network }),
      ...(result.confinement === undefined ? {} : { confinement: result.confinement }),
      isError: result.exitCode !== 0,
      provenance: { source: "command", isTrusted: isConfined && isFromHere(result) },
    }
  },
})

/** What was held, and reached nobody, brought nothing in from elsewhere. */
function isFromHere({ confinement, network = [] }: ExecResult): boolean {
  return confinement !== "none" && network.every(({ decision }) => decision === "refused")
}

async function begun({ command }: BashInput, context: RunContext, { sandbox }: CommandPlan): Promise<ProcessFacts> {
  const processes = await context.processes?.()
  if (processes === undefined) {
    throw new ToolFailure("Nothing can go on in the background here: run it without background.")
  }
  return processes.start({ command, sandbox })
}

/** Its result; or the process that it became before there was one. */
async function execute(input: BashInput, { exec }: ToolWorld, context: RunContext): Promise<ExecResult | ProcessFacts> {
  const { sessionId, callId, cwd, roots, sandbox, network, layer } = context
  const stop = new AbortController()
  const untimed = new AbortController()
  const follow = () => stop.abort(context.signal.reason)
  if (context.signal.aborted) follow()
  context.signal.addEventListener("abort", follow, { once: true })
  const moved = Promise.withResolvers<ProcessFacts>()
  const early = earlyOutput()
  const given = await exec.confinement(sandbox)
  const isMoving = context.processes !== undefined && input.onTimeout === "background"
  const result = exec.run({
    ...{ sessionId, callId, network, layer, command: input.command, cwd, roots, sandbox },
    ...{ timeoutMs: isMoving ? TIMEOUT_MAX_MS : input.timeoutMs, bytesMax: OUTPUT_BYTES_MAX },
    ...{ signal: stop.signal, untimed: untimed.signal, onBytes: early.take },
    onOutput: (bytes, preview) => context.progress(bytes, preview),
  })
  const movable = {
    ...{ command: input.command, confinement: given.kind === "confined" ? given.by : "none", result },
    ...{ onOutput: early.onOutput, stop: () => stop.abort() },
  }
  const move = async () => {
    const process = await intoBackground(movable, context)
    context.signal.removeEventListener("abort", follow)
    untimed.abort()
    moved.resolve(process)
  }
  // Where it cannot be moved it goes on as it was.
  if (context.processes !== undefined) context.offerBackground?.(() => void move().catch(() => undefined))
  const timer = isMoving ? setTimeout(() => void move().catch(() => stop.abort()), input.timeoutMs) : undefined
  return await Promise.race([result.catch(unavailable), moved.promise]).finally(() => clearTimeout(timer))
}

function unavailable(cause: unknown): never {
  if (cause instanceof SkeinError && cause.code === "sandbox.unavailable") {
    throw new ToolFailure(`The command did not run. ${cause.message}`, { cause })
  }
  throw cause
}
function notesOf({ artifact, isGroupLeftBehind }: ExecResult): readonly string[] {
  return [
    ...(artifact === undefined
      ? []
      : [`the whole output, ${sizeOf(artifact.bytes)}, is in ${artifact.path}: use read or grep`]),
    ...(isGroupLeftBehind ? ["it left processes running; they were ended"] : []),
  ]
}

/** A program that finds nothing in its settings otherwise sends everybody looking for the fault elsewhere. */
function emptiedNote(name: string): string {
  return `${firstLine(name)} is a file of secrets and was empty for the command; secrets.show in the person's config.toml opens it`
}

const emptiedFact = (name: string) => `${firstLine(name)} was empty for it: secrets.show opens it`

function closed(output: string): string {
  return output === "" || output.endsWith("\n") ? output : `${output}\n`
}
