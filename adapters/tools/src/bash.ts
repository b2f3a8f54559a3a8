import type { ExecResult, RunContext, ShellReading, SimpleCommand } from "@skein/core/ports"
import { ToolFailure } from "@skein/core/ports"
import { type Sandbox, SkeinError } from "@skein/protocol"
import * as z from "@skein/protocol/schema"
import { defineTool, type ToolWorld } from "./define.ts"
import { emptiedFiles } from "./files/emptied.ts"
import { linksFollowed } from "./links-followed.ts"

const TIMEOUT_DEFAULT_MS = 120_000
const TIMEOUT_MAX_MS = 600_000
const OUTPUT_BYTES_MAX = 30_000
/** For the child's end, its last output and the look around afterwards, on top of its own time. */
const MARGIN_MS = 5_000

interface BashInput {
  readonly command: string
  readonly timeoutMs: number
}

interface BashPlan {
  readonly isConfined: boolean
  /** What holds it: a line that is known only to look is held to that, whatever was not known of it. */
  readonly sandbox: Sandbox
  readonly reading: ShellReading
}

export const bash = defineTool<BashInput, BashPlan>({
  name: "bash",
  description:
    "Run a bash command in the session's folder. No terminal, empty stdin; state does not carry over; background processes end with the command. In the sandbox: network only through the proxy in the environment, where each host may be asked about; only the workspace and /tmp are writable, and other tools do not see that /tmp.",
  input: () =>
    z.strictObject({
      command: z.string().min(1).max(100_000),
      timeoutMs: z.int().min(1).max(TIMEOUT_MAX_MS).default(TIMEOUT_DEFAULT_MS),
    }),
  kind: "execute",
  canBeLayered: true,
  timeoutMs: TIMEOUT_MAX_MS + MARGIN_MS,
  // Never what the model says that it does: a person reads this to know what runs.
  title: ({ command }) => firstLine(command),
  async plan({ command }, world, context) {
    if (command.includes("\0")) throw new ToolFailure("A command cannot hold a NUL character.")
    const { cwd, roots, checks } = context
    const [given, understood] = await Promise.all([
      world.exec.confinement(context.sandbox),
      world.shell.understand(command, { cwd, roots, home: world.home, checks }),
    ])
    if (given.kind === "unavailable") throw new ToolFailure(`Commands cannot run here. ${given.reason} ${given.cure}`)
    const reading = await linksFollowed(understood, roots, world.files)
    // A layer holds a command whatever the person lets others do.
    const isInLayer = context.layer !== undefined
    const isConfined = given.kind === "confined" || isInLayer
    const sandbox = isConfined && !isInLayer && isOnlyLooking(reading) ? "read-only" : context.sandbox
    const isReadOnly = isConfined && sandbox === "read-only"
    return {
      effects: [{ kind: "execute", command, isConfined, isReadOnly, reading, roots }],
      actions: [{ verb: "run", target: command }],
      // An approval for a confined command is not one for an unconfined command.
      fingerprint: given.kind,
      prepared: { isConfined, sandbox, reading },
    }
  },
  async run(input, world, context, { isConfined, sandbox, reading }) {
    const emptied = isConfined ? await emptiedFiles(reading, world, context.cwd) : []
    const result = await execute(input, world, { ...context, sandbox })
    const summary = summaryOf(result, input.timeoutMs)
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

function isOnlyLooking({ commands, unclear }: ShellReading): boolean {
  return unclear === undefined && commands.length > 0 && commands.every(looks)
}

function looks({ risks, powerful }: SimpleCommand): boolean {
  return powerful.length === 0 && risks.every((risk) => risk === "read")
}

/** What was held, and reached nobody, brought nothing in from elsewhere. */
function isFromHere({ confinement, network = [] }: ExecResult): boolean {
  return confinement !== "none" && network.every(({ decision }) => decision === "refused")
}

async function execute(input: BashInput, { exec }: ToolWorld, context: RunContext): Promise<ExecResult> {
  const { sessionId, callId, cwd, roots, sandbox, signal, network, layer } = context
  return exec
    .run({
      sessionId,
      callId,
      network,
      layer,
      command: input.command,
      cwd,
      roots,
      sandbox,
      timeoutMs: input.timeoutMs,
      signal,
      bytesMax: OUTPUT_BYTES_MAX,
      onOutput: (bytes, preview) => context.progress(bytes, preview),
    })
    .catch((cause: unknown) => {
      if (cause instanceof SkeinError && cause.code === "sandbox.unavailable") {
        throw new ToolFailure(`The command did not run. ${cause.message}`, { cause })
      }
      throw cause
    })
}

function summaryOf({ exitCode, signal, isTimedOut }: ExecResult, timeoutMs: number): string {
  if (isTimedOut) return `stopped after ${timeoutMs / 1000} s: timeoutMs was over`
  if (exitCode !== null) return `exit ${exitCode}`
  return signal === null ? "stopped" : `ended by ${signal}`
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

/** `7 B`, `3.1 kB`, `200 MB`. */
function sizeOf(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1_000, "kB"] : [bytes / 1_000_000, "MB"]
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`
}

function firstLine(command: string): string {
  const [line = "", ...more] = command.trim().split("\n")
  const rest = more.length === 0 ? "" : ` (+${more.length} line${more.length === 1 ? "" : "s"})`
  return (line.length > 100 ? `${line.slice(0, 99)}…` : line) + rest
}
