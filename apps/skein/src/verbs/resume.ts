import { type InputPart, SkeinError } from "@skein/protocol"
import { isAttended } from "../session/attended.ts"
import { canPick, chooseSession, filterOf, listed } from "../session/choose.ts"
import { notFoundNear } from "../session/find.ts"
import { type Asking, withHost } from "../session/host.ts"
import type { Which } from "../session/open.ts"
import { promptOf } from "../session/prompt.ts"
import { UsageError } from "../usage.ts"
import type { Run, VerbCall } from "../verb.ts"

/** `skein resume [id | --last] [prompt]`; without either, a picker or a list. */
export const run: Run = async (call) => {
  const { id, prompt } = await named(call)
  if (isListed(call, id)) return withHost(call, (at) => listSessions(at, prompt))
  if (prompt === undefined && !call.io.isInputTerminal) {
    throw new UsageError("No prompt: give one as words, or pipe it in.")
  }
  const which = await whichSession(call, id)
  return which === undefined ? 0 : goOn(call, which, prompt)
}

/** Only a picker needs to see what there is before a session is opened. */
async function whichSession(call: VerbCall, id: string | undefined): Promise<Which | undefined> {
  const { flags } = call
  if (id !== undefined) return { kind: "named", id }
  if (flags.has("last")) {
    const includesNonInteractive = flags.has("include-non-interactive") ? true : undefined
    return { kind: "last", isAnywhere: flags.has("all"), includesNonInteractive }
  }
  const sessionId = await withHost(call, (at) => chooseSession(at, undefined))
  return sessionId === undefined ? undefined : { kind: "named", id: sessionId }
}

/** Which session the words name, if any, and the prompt that follows or is piped in. */
export async function named(
  call: VerbCall,
): Promise<{ id?: string | undefined; prompt?: readonly InputPart[] | undefined }> {
  const { flags, words, rest, io } = call
  const isLast = flags.has("last")
  const said = isLast ? words : words.slice(1)
  return { id: isLast ? undefined : words[0], prompt: await promptOf([...said, ...rest], flags, io) }
}

/** Whether there is no session to choose and nobody to pick one, so that the list is all there is to give. */
export function isListed(call: VerbCall, id: string | undefined): boolean {
  return id === undefined && !call.flags.has("last") && !canPick({ call })
}

/**
 * Goes on with a session: on the screen, or a line at a time where there is none, with the prompt sent. Where nobody sits, or
 * only what an answer gives is wanted, the answer is printed.
 */
export async function goOn(call: VerbCall, which: Which, prompt: readonly InputPart[] | undefined): Promise<number> {
  try {
    if (prompt !== undefined && !isForScreen(call))
      return await (await import("./print.ts")).printPrompt(call, prompt, which)
    return await (await import("./screen.ts")).attended(call, which, prompt)
  } catch (error) {
    if (!(error instanceof SkeinError) || error.code !== "session.not_found" || which.kind !== "named") throw error
    throw await withHost(call, ({ engine }) => notFoundNear(engine, which.id))
  }
}

/** These are about an answer that is printed. */
const PRINTED = ["yes", "output-schema", "output-last-message"]

function isForScreen(call: VerbCall): boolean {
  return isAttended(call) && !PRINTED.some((name) => call.flags.has(name))
}

/** What there is, for a person to read or a program to parse. Throws UsageError for a prompt that nobody gets. */
export async function listSessions(at: Asking, prompt: readonly InputPart[] | undefined): Promise<number> {
  const { call, engine, cwd } = at
  const sessions = await engine.ask({ type: "sessions.list", ...filterOf(call.flags, cwd) })
  for (const line of await listed(at, sessions)) call.io.out(line)
  if (sessions.length === 0) call.io.err(`There is no session ${call.flags.has("all") ? "yet" : `for ${cwd}`}.`)
  if (prompt === undefined) return 0
  throw new UsageError(
    "Which session? The prompt was not sent: give an id or title before it, or --last for the newest.",
  )
}
