import { type ExecEvent, execThreadId, execUsage } from "@skein/codex"
import { compose, type Host } from "@skein/host"
import { jsonLine, NO_USAGE, SkeinError } from "@skein/protocol"
import { gitLook } from "../git/look.ts"
import { review } from "../review/review.ts"
import { assignmentOf, targetOf } from "../review/target.ts"
import { keepLastMessage } from "../session/finish.ts"
import { interruptible } from "../session/signals.ts"
import { UsageError } from "../usage.ts"
import type { VerbCall } from "../verb.ts"
import { instructionsOf, messageOf } from "../verbs/review.ts"
import { execRequest } from "./request.ts"

/** `skein exec review`: a review with exec's flags, events and exit codes: one message, and no usage of the thread's own. */
export async function execReview(call: VerbCall): Promise<number> {
  const { flags, io } = call
  const instructions = await instructionsOf({ ...call, words: call.words.slice(1) })
  const target = targetFor(call, instructions)
  const { request, notes } = execRequest(flags, io)
  const host = compose(request)
  try {
    for (const note of [...notes, ...host.warnings]) io.err(`warning: ${note}`)
    return await reviewed({ call, host, cwd: request.cwd, target })
  } finally {
    await host.close()
  }
}

function targetFor({ flags }: VerbCall, instructions: string): ReturnType<typeof targetOf> {
  try {
    return targetOf(flags, instructions)
  } catch (cause) {
    if (cause instanceof UsageError) throw new SkeinError("op.invalid", cause.message, { cause })
    throw cause
  }
}

interface Reviewing {
  readonly call: VerbCall
  readonly host: Host
  readonly cwd: string
  readonly target: ReturnType<typeof targetOf>
}

async function reviewed({ call, host, cwd, target }: Reviewing): Promise<number> {
  const { flags, io } = call
  const emit = (event: ExecEvent) => (flags.has("json") ? io.out(jsonLine(event)) : undefined)
  const { signal, done } = interruptible(io)
  try {
    const assignment = await assignmentOf(target, { git: gitLook(host, cwd, signal), io, cwd })
    if (assignment === undefined) throw new SkeinError("op.invalid", "Nothing has changed: there is nothing to review.")
    const result = await review(assignment, { host, cwd, flags, io, signal })
    emit({ type: "thread.started", thread_id: execThreadId(result.sessionId) })
    emit({ type: "turn.started" })
    const { outcome } = result
    if (outcome.kind === "interrupted") return 1
    if (outcome.kind !== "completed") {
      const { message } = outcome
      emit({ type: "error", message })
      emit({ type: "turn.failed", error: { message } })
      io.err(`ERROR: ${message}`)
      return 1
    }
    const text = messageOf(result)
    emit({ type: "item.completed", item: { id: "item_0", type: "agent_message", text } })
    emit({ type: "turn.completed", usage: execUsage(NO_USAGE) })
    keepLastMessage(flags, io, text)
    if (!flags.has("json")) io.out(text)
    return 0
  } finally {
    done()
  }
}
