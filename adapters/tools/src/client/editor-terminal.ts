import { type PlanContext, ToolFailure } from "@skein/core/ports"
import { TerminalAnswer, type TerminalRequest } from "@skein/protocol"
import * as z from "@skein/protocol/schema"
import { defineTool } from "../define.ts"
import { endingOf, firstLine, sizeOf } from "../running/words.ts"

const TIMEOUT_DEFAULT_MS = 120_000
const TIMEOUT_MAX_MS = 600_000
const OUTPUT_BYTES_MAX = 30_000
/** For the client to end what ran too long, and to say so. */
const MARGIN_MS = 10_000

interface Input {
  readonly command: string
  readonly timeoutMs: number
}

/**
 * A command outside of the sandbox, where the person works: in the terminal of their editor. They decide about each one, in
 * every mode, as nothing holds it.
 */
export const editorTerminal = defineTool<Input>({
  name: "editor_terminal",
  summary: "a command in the person's editor, outside the sandbox",
  description:
    "Run a command in a terminal of the editor that skein is used in, outside the sandbox, as if the person had typed it. They are asked each time. Only for what the sandbox of bash does not let through, or what they want to see run; else use bash.",
  input: () =>
    z.strictObject({
      command: z.string().min(1).max(100_000),
      timeoutMs: z.int().min(1).max(TIMEOUT_MAX_MS).default(TIMEOUT_DEFAULT_MS),
    }),
  kind: "execute",
  effects: ["execute"],
  needs: ["person"],
  isAlwaysAsked: true,
  timeoutMs: TIMEOUT_MAX_MS + 2 * MARGIN_MS,
  // Never what the model says that it does: a person reads this to know what runs.
  title: ({ command }) => `in the editor's terminal: ${firstLine(command)}`,
  async plan({ command }, world, context) {
    if (command.includes("\0")) throw new ToolFailure("A command cannot hold a NUL character.")
    refuseWithout(context)
    // Whoever holds every command to the sandbox means this one too.
    const free = await world.exec.confinement("full-access")
    if (free.kind !== "none") throw new ToolFailure("Every command is held to the sandbox here: use bash.")
    const { cwd, roots, checks } = context
    const reading = await world.shell.understand(command, { cwd, roots, home: world.home, checks })
    return {
      rulesOf: "bash",
      effects: [{ kind: "execute", command, isConfined: false, reading, roots }],
      actions: [{ verb: "run in the editor's terminal, outside the sandbox", target: command }],
      fingerprint: cwd,
      prepared: undefined,
    }
  },
  async run({ command, timeoutMs }, _, context) {
    refuseWithout(context)
    const { callId, cwd } = context
    const request: TerminalRequest = { callId, command, cwd, timeoutMs, outputBytesMax: OUTPUT_BYTES_MAX }
    const said = await context.askClient("terminal", request, timeoutMs + MARGIN_MS)
    const checked = TerminalAnswer().safeParse(said)
    if (!checked.success) throw new ToolFailure("The editor did not say how the command ended. It may have run.")
    const { output, isTruncated, exitCode, signal, isTimedOut } = checked.data
    const ending =
      isTimedOut === true ? `stopped after ${timeoutMs / 1000} s: timeoutMs was over` : endOf(exitCode, signal)
    const notes = [ending, ...(isTruncated ? ["only the end of its output is here"] : [])]
    const bytes = Buffer.byteLength(output)
    return {
      forModel: [{ type: "text", text: `${closed(output)}${notes.map((note) => `(${note})`).join("\n")}` }],
      forHuman: { kind: "command", body: output, summary: `${ending}, ${sizeOf(bytes)}` },
      ...(exitCode === undefined ? {} : { exitCode }),
      bytes,
      confinement: "none",
      isError: exitCode !== 0,
      provenance: { source: "a command in the editor's terminal", isTrusted: false },
    }
  },
})

function refuseWithout({ hasClient, sandbox }: PlanContext): void {
  if (hasClient?.("terminal") !== true) throw new ToolFailure("No editor offers a terminal here: use bash.")
  if (sandbox === "read-only") {
    throw new ToolFailure(
      "The sandbox is read-only, and the editor's terminal is not held to it: nothing may run there.",
    )
  }
}

const endOf = (exitCode: number | undefined, signal: string | undefined) =>
  endingOf({ exitCode: exitCode ?? null, signal: signal ?? null })

const closed = (output: string) => (output === "" || output.endsWith("\n") ? output : `${output}\n`)
