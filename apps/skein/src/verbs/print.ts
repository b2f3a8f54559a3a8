import { EXIT, exitCodeOf, type HeadlessRun, runHeadless, runHeadlessCommand } from "@skein/headless"
import { compose, type Host, type HostRequest } from "@skein/host"
import { commandAsked, type InputPart } from "@skein/protocol"
import { CLAUDE_FLAGS } from "../claude-flags.ts"
import { keepLastMessage, schemaViolation } from "../session/finish.ts"
import { dropUnused, findSession, openSession, prefixed, type Which } from "../session/open.ts"
import { promptOf } from "../session/prompt.ts"
import { hostRequest } from "../session/request.ts"
import { interruptible } from "../session/signals.ts"
import { tellTrust } from "../session/trust.ts"
import { UsageError } from "../usage.ts"
import type { Run, VerbCall } from "../verb.ts"

/** What may run without asking when nobody is there to be asked: whatever the sandbox holds. */
export const UNATTENDED = { mode: "auto" } as const

/** `skein`, `skein -p`, `skein run`: one prompt, or the line UI when a person sits there and said nothing. */
export const run: Run = async (call) => {
  const { flags, words, rest, io } = call
  if (isHosted(flags)) return (await import("./claude-host.ts")).run(call)
  const prompt = await promptOf([...words, ...rest], flags, io)
  if (prompt === undefined) {
    const isAsked = flags.has("print") || flags.has("execute")
    if (!isAsked && io.isInputTerminal) return (await import("./lines.ts")).run(call)
    throw new UsageError("No prompt: give one as words, or pipe it in.")
  }
  return printPrompt(call, prompt, await forkedOf(call, whichOf(call)))
}

/** Whether messages come as JSON lines. Throws UsageError where their answers could not be told. */
function isHosted(flags: VerbCall["flags"]): boolean {
  if (flags.text("input-format") === "stream-json") return true
  if (!flags.has("stream-json-input")) return false
  if (formatOf(flags) === "stream-json") return true
  throw new UsageError("--stream-json-input needs --stream-json: what comes as lines is answered in lines.")
}

/** What was said of the output; undefined: text. */
function formatOf(flags: VerbCall["flags"]): string | undefined {
  const isLines = flags.has("stream-json") || flags.has("stream-json-thinking")
  return flags.text("output-format") ?? (isLines ? "stream-json" : flags.has("json") ? "events" : undefined)
}

function whichOf({ flags }: VerbCall): Which {
  const id = flags.text("resume")
  if (id !== undefined) return { kind: "named", id }
  if (flags.has("continue")) return { kind: "last", isAnywhere: false, includesNonInteractive: true }
  return { kind: "new", sessionId: flags.text("session-id") }
}

/** With `--fork-session`, a fork of what would be gone on with. */
async function forkedOf(call: VerbCall, which: Which): Promise<Which> {
  if (!call.flags.has("fork-session") || which.kind === "new") return which
  const { withHost } = await import("../session/host.ts")
  const sessionId = await withHost(call, ({ host, cwd }) => findSession(host, which, cwd))
  const newId = call.flags.text("session-id")
  return { kind: "fork", sessionId, ...(newId === undefined ? {} : { newSessionId: prefixed(newId) }) }
}

/** Runs one prompt in a session and prints as the flags say. */
export async function printPrompt(call: VerbCall, prompt: readonly InputPart[], which: Which): Promise<number> {
  const { flags, io } = call
  const request = hostRequest(flags, io, UNATTENDED)
  const hosted = await withForeignFlags(request, call)
  const instructions = { ...hosted.instructions }
  const host = compose({ ...hosted, instructions })
  const telling = tellTrust(host, io, request.cwd)
  try {
    for (const warning of host.warnings) io.err(`note    ${warning}`)
    const engine = flags.has("answers")
      ? (await import("../session/answering.ts")).answeringFrom(host.engine, flags, io)
      : host.engine
    const format = formatOf(flags) ?? "text"
    // Who the session is to be is told by that edge, whatever it prints.
    if (format === "json" || format === "stream-json" || (format === "text" && flags.has("agent"))) {
      const { print } = await import("./claude-print.ts")
      return await print({ ...{ call, host, engine, prompt, which, format, instructions, cwd: request.cwd } })
    }
    const sessionId = await openSession({ host, which, cwd: request.cwd, isInteractive: true, flags, io })
    // The events of a new session are all of its log, so that they can be folded.
    const from = which.kind === "new" ? 1 : undefined
    const asked = { sessionId, input: prompt, format: format === "events" ? "events" : "text", from } as const
    const answer = (line: string) => io.out(line)
    const progress = (line: string) => io.err(line)
    const command = await commandAsked(engine, sessionId, prompt)
    if (command === undefined || command.turn !== undefined)
      return await runOnce(call, host, { ...asked, engine, turn: command?.turn })
    const code = await runHeadlessCommand({ ...asked, engine, command, answer, progress })
    if (which.kind === "new") await dropUnused(engine, sessionId)
    return code
  } finally {
    await telling
    await host.close()
  }
}

/** Claude Code's flags are read by that edge, which is loaded only when one of them is given. */
async function withForeignFlags(request: HostRequest, { flags, argv, io }: VerbCall): Promise<HostRequest> {
  if (!CLAUDE_FLAGS.some(({ name }) => flags.has(name))) return request
  const [{ parseFlags }, { claudeFlags, withClaudeFlags }] = await Promise.all([
    import("@skein/claude"),
    import("../session/claude-request.ts"),
  ])
  return withClaudeFlags(request, claudeFlags(parseFlags(argv), request), io)
}

async function runOnce(
  { flags, io }: VerbCall,
  host: Host,
  asked: Pick<HeadlessRun, "engine" | "sessionId" | "input" | "turn" | "format" | "from">,
): Promise<number> {
  const { sessionId } = asked
  const interrupt = interruptible(io)
  try {
    const { outcome, text, refusals } = await runHeadless({
      ...asked,
      clientId: "cli_print",
      isApprovingAll: flags.has("yes"),
      answer: (line) => io.out(line),
      progress: (line) => io.err(line),
      signal: interrupt.signal,
    })
    keepLastMessage(flags, io, text)
    if (outcome.kind === "failed" || outcome.kind === "exhausted") io.err(`skein: ${outcome.message}`)
    if (outcome.kind === "interrupted") {
      io.err(`skein: interrupted; go on with: skein resume ${sessionId}`)
      return interrupt.exitCode
    }
    if (outcome.kind === "completed" && flags.has("output-schema")) {
      const { settings } = await host.engine.ask({ type: "session.read", sessionId })
      const violation = await schemaViolation(text, settings.outputSchema?.schema)
      if (violation !== undefined) {
        io.err(`skein: ${violation}`)
        return EXIT.failed
      }
    }
    return exitCodeOf(outcome, refusals > 0)
  } finally {
    interrupt.done()
  }
}
