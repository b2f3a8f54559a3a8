import { compose } from "@skein/host"
import type { Which } from "../session/open.ts"
import { promptOf } from "../session/prompt.ts"
import { hostRequest } from "../session/request.ts"
import { UsageError } from "../usage.ts"
import type { Run, VerbCall } from "../verb.ts"
import { printPrompt } from "./print.ts"

/** `skein resume --last [prompt]`, `skein resume <id> [prompt]`. */
export const run: Run = async (call) => {
  const { flags, words, rest, io } = call
  const isLast = flags.has("last")
  const [id, ...others] = words
  if (!isLast && id === undefined) throw new UsageError(await whichSession(call))
  const which: Which = isLast ? { kind: "last", isAnywhere: flags.has("all") } : { kind: "named", id: id ?? "" }
  const prompt = await promptOf([...(isLast ? words : others), ...rest], flags, io)
  if (prompt !== undefined) return printPrompt(call, prompt, which)
  if (!io.isInputTerminal) throw new UsageError("No prompt: give one as words, or pipe it in.")
  return (await import("./lines.ts")).resume(call, which)
}

const SHOWN_MAX = 10
const PREVIEW_CHARS_MAX = 60

/** The question, and what can be answered: the newest sessions of this folder, or with --all of every one. */
async function whichSession({ flags, io }: VerbCall): Promise<string> {
  const request = hostRequest(flags, io)
  const host = compose(request)
  try {
    const where = flags.has("all") ? {} : { cwd: request.cwd }
    const sessions = await host.engine.ask({ type: "sessions.list", ...where, limit: SHOWN_MAX })
    const question = "Which session? Give its id, or --last for the newest."
    if (sessions.length === 0) return `${question} There is none${where.cwd === undefined ? "" : ` for ${where.cwd}`}.`
    const rows = sessions.map(({ sessionId, updatedAt, title, preview }) => {
      const words = (title ?? preview).replace(/[\p{Cc}\s]+/gu, " ")
      const begun = words.length > PREVIEW_CHARS_MAX ? `${words.slice(0, PREVIEW_CHARS_MAX - 1)}…` : words
      return `\n  ${sessionId}  ${minuteOf(updatedAt)}  ${begun}`
    })
    return `${question}${rows.join("")}`
  } finally {
    await host.close()
  }
}

/** `2026-03-01 14:05`, where the machine is. */
function minuteOf(epochMs: number): string {
  const local = epochMs - new Date(epochMs).getTimezoneOffset() * 60_000
  return new Date(local).toISOString().slice(0, 16).replace("T", " ")
}
