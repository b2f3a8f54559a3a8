import { runHeadless } from "@skein/headless"
import type { Host } from "@skein/host"
import { accepted, ERROR_CODES, SkeinError } from "@skein/protocol"
import type { Flags } from "../flags.ts"
import type { Io } from "../io.ts"
import { askableModel } from "../session/open.ts"

interface Asked<T> {
  readonly host: Host
  readonly cwd: string
  readonly flags: Flags
  readonly io: Io
  readonly signal: AbortSignal
  /** What is wanted, and what it is about. */
  readonly text: string
  readonly schema: { readonly name: string; readonly schema: unknown }
  /** The answer, or what is wrong with it in words for the model. */
  readonly read: (json: unknown) => T | string
}

/**
 * One answer of a model that has no tools, in a form, asked for again once where it does not fit. Of the session nothing is
 * kept. Throws SkeinError where there is no such answer.
 */
export async function askOnce<T>(asked: Asked<T>): Promise<T> {
  const { host, cwd, flags, signal } = asked
  const model = await askableModel(host)
  const tasks = flags.has("model") ? [] : await host.engine.ask({ type: "tasks.list", model })
  const choice = tasks.find(({ task }) => task === "title")?.choice
  const by = choice?.kind === "model" ? choice.model : model
  const settings = { model: by, mode: "plan", tools: [], outputSchema: asked.schema } as const
  const { engine } = host
  const { sessionId } = await accepted(engine, { type: "session.create", cwd, settings, isInteractive: false })
  try {
    const first = await said(asked, sessionId, asked.text)
    if (typeof first !== "string") return first.answer
    const second = await said(asked, sessionId, `${first}\nAnswer again, with the JSON alone.`)
    if (typeof second !== "string") return second.answer
    throw new SkeinError("provider.protocol", `The model did not answer in the form that was asked for. ${second}`)
  } finally {
    await accepted(engine, { type: "session.close", sessionId })
    await accepted(engine, { type: "session.delete", sessionId })
    signal.throwIfAborted()
  }
}

async function said<T>(
  { host, io, signal, read }: Asked<T>,
  sessionId: `ses_${string}`,
  text: string,
): Promise<{ readonly answer: T } | string> {
  const { outcome, text: reply } = await runHeadless({
    ...{ engine: host.engine, sessionId, clientId: "cli_git", signal, isApprovingAll: false },
    input: [{ type: "text", text }],
    format: "text",
    answer: () => undefined,
    progress: (line) => io.err(line),
  })
  if (outcome.kind === "interrupted") throw new SkeinError("call.cancelled", "Interrupted. Nothing was done.")
  if (outcome.kind === "failed") {
    throw new SkeinError(ERROR_CODES.find((code) => code === outcome.code) ?? "call.failed", outcome.message)
  }
  if (outcome.kind === "exhausted") throw new SkeinError("provider.quota", outcome.message)
  const json = /\{[\s\S]*\}/.exec(reply)?.[0]
  try {
    const answer = read(JSON.parse(json ?? ""))
    return typeof answer === "string" ? answer : { answer }
  } catch (cause) {
    if (cause instanceof SyntaxError) return "That is not JSON."
    throw cause
  }
}
