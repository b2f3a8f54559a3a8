import { type ExecEvent, ExecText, execHeader, runExec } from "@skein/codex"
import { compose, gitRootOf, type Host } from "@skein/host"
import { jsonLine, type SessionId, SkeinError } from "@skein/protocol"
import { execCall, execInput, execPrompt } from "../exec/prompt.ts"
import { execRequest } from "../exec/request.ts"
import { execSchema } from "../exec/schema.ts"
import { openThread } from "../exec/thread.ts"
import { keepLastMessage, schemaViolation } from "../session/finish.ts"
import { interruptible } from "../session/signals.ts"
import { tellTrust } from "../session/trust.ts"
import { Blocked, UsageError } from "../usage.ts"
import type { Run, VerbCall } from "../verb.ts"
import { VERSION } from "../version.ts"
import { REVIEW_FLAGS } from "../work-flags.ts"

/** `skein exec`: one prompt as Codex's `exec` runs it, with its exit codes: 0 completed, 1 not, 2 not understood. */
export const run: Run = async (call) => {
  try {
    return await exec(call)
  } catch (error) {
    if (error instanceof UsageError) throw error
    const isExpected = error instanceof SkeinError || error instanceof Blocked
    const detail =
      error instanceof Error ? (isExpected ? error.message : (error.stack ?? error.message)) : String(error)
    call.io.err(`Error: ${isExpected ? "" : "a defect in skein: "}${detail}`)
    return 1
  }
}

async function exec(call: VerbCall): Promise<number> {
  const { flags, io } = call
  if (call.words[0] === "review") return (await import("../exec/review.ts")).execReview(call)
  const reviewing = REVIEW_FLAGS.find(({ name }) => flags.has(name))
  if (reviewing !== undefined)
    throw new UsageError(`--${reviewing.name} says what to review: skein exec review --${reviewing.name} …`)
  const { which, words } = execCall(call.words, call.rest, flags)
  const prompt = await execPrompt(words, io)
  const { request, notes } = execRequest(flags, io)
  requireRepository(request.cwd, call)
  const outputSchema = execSchema(flags, io)
  const input = execInput(prompt, flags, io)
  const host = compose(request)
  const telling = tellTrust(host, io, request.cwd)
  try {
    for (const note of [...notes, ...host.warnings]) io.err(`warning: ${note}`)
    const isKeyGiven = (io.env.CODEX_API_KEY ?? "").trim() !== ""
    const facts = { host, which, cwd: request.cwd, flags, outputSchema, io }
    const sessionId = await openThread({ ...facts, isKeyGiven })
    return await runOnce({ call, host, sessionId, prompt, input, schema: outputSchema?.schema })
  } finally {
    await telling
    await host.close()
  }
}

function requireRepository(cwd: string, { flags }: VerbCall): void {
  if (flags.has("skip-git-repo-check") || flags.has("dangerously-bypass-approvals-and-sandbox")) return
  if (gitRootOf(cwd) !== undefined) return
  throw new SkeinError("config.invalid", "Not inside a trusted directory and --skip-git-repo-check was not specified.")
}

interface Once {
  readonly call: VerbCall
  readonly host: Host
  readonly sessionId: SessionId
  readonly prompt: string
  readonly input: ReturnType<typeof execInput>
  readonly schema: unknown
}

async function runOnce({ call, host, sessionId, prompt, input, schema }: Once): Promise<number> {
  const { flags, io } = call
  const isApprovingAll = flags.has("yes")
  const { signal, done } = interruptible(io)
  try {
    const emit = flags.has("json") ? jsonLines(io) : await textLines({ call, host, sessionId, prompt, isApprovingAll })
    const engine = flags.has("answers")
      ? (await import("../session/answering.ts")).answeringFrom(host.engine, flags, io)
      : host.engine
    const { end, text } = await runExec({
      engine,
      sessionId,
      clientId: "cli_exec",
      input,
      isApprovingAll,
      emit,
      judge: async (text) => (schema === undefined ? undefined : schemaViolation(text, schema)),
      signal,
    })
    if (end === "completed") {
      keepLastMessage(flags, io, text)
      if (!flags.has("json") && text !== "") io.out(text)
      return 0
    }
    // A caller that ended us is told so by the status that a shell gives to one ended by that signal.
    return signal.reason === "SIGTERM" ? 143 : 1
  } finally {
    done()
  }
}

function jsonLines(io: VerbCall["io"]): (event: ExecEvent) => void {
  return (event) => io.out(jsonLine(event))
}

async function textLines({
  call,
  host,
  sessionId,
  prompt,
  isApprovingAll,
}: Omit<Once, "input" | "schema"> & { readonly isApprovingAll: boolean }) {
  const { flags, io } = call
  const view = await host.engine.ask({ type: "session.read", sessionId })
  for (const line of execHeader({ version: VERSION, view, prompt, isApprovingAll })) io.err(line)
  const text = new ExecText(view.cwd, () => performance.now(), flags.text("color") === "always")
  return (event: ExecEvent) => {
    for (const line of text.lines(event)) io.err(line)
  }
}
