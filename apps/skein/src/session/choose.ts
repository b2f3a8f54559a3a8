import { jsonPage, type SessionFilter, type SessionId, type SessionSummary, TOPICS, type Topic } from "@skein/protocol"
import { given } from "@skein/protocol/json"
import type { Flags } from "../flags.ts"
import { UsageError } from "../usage.ts"
import { newestSession, sessionNamed } from "./find.ts"
import type { Asking } from "./host.ts"
import { foundBy, pickerLine, sessionTable } from "./row.ts"

/** What `--all`, `--include-non-interactive`, `--archived`, `--label` and `--limit` say of a list. */
export function filterOf(flags: Flags, cwd: string): SessionFilter {
  return {
    ...(flags.has("all") ? {} : { cwd }),
    ...(flags.has("include-non-interactive") ? { includesNonInteractive: true } : {}),
    ...(flags.has("archived") ? { includesArchived: true } : {}),
    ...given("label", flags.text("label")),
    ...given("topic", topicOf(flags)),
    ...given("limit", limitOf(flags)),
  }
}

function topicOf(flags: Flags): Topic | undefined {
  const said = flags.text("topic")
  const topic = TOPICS.find((name) => name === said)
  if (said !== undefined && topic === undefined) throw new UsageError(`--topic is one of ${TOPICS.join(", ")}.`)
  return topic
}

/**
 * The session a verb is about: the one that is named, with `--last` the newest, else the one a person picks. Undefined
 * when they left the picker without one. Throws UsageError where nobody can pick, and names what there is.
 */
export async function chooseSession(at: Asking, named: string | undefined): Promise<SessionId | undefined> {
  const { call, engine, cwd } = at
  if (named !== undefined) return sessionNamed(engine, named)
  const filter = filterOf(call.flags, cwd)
  if (call.flags.has("last")) return newestSession(engine, filter)
  const sessions = await engine.ask({ type: "sessions.list", ...filter })
  if (!canPick(at)) throw new UsageError(await which(at, sessions))
  return (await pickSession(at, sessions))?.sessionId
}

/** Whether a person sits there who can press keys. */
export function canPick({ call: { io } }: Pick<Asking, "call">): boolean {
  return io.isInputTerminal && io.isOutputTerminal
}

/** A list to search by typing, on the terminal. Undefined when the person left it. */
export async function pickSession(
  { call: { io, flags } }: Asking,
  sessions: readonly SessionSummary[],
): Promise<SessionSummary | undefined> {
  if (sessions.length === 0) {
    io.err(`There is no session ${flags.has("all") ? "yet" : "for this folder; --all looks in every folder"}.`)
    return undefined
  }
  const { pick } = await import("@skein/lines")
  const home = flags.has("all") ? (io.env.HOME ?? "") : undefined
  const now = io.now()
  const terminal = await io.openTerminal()
  try {
    const chosen = await pick({
      title: "Which session?",
      found: sessions.map(foundBy),
      line: (at, columns) => {
        const session = sessions[at]
        return session === undefined ? "" : pickerLine(session, now, columns, home)
      },
      terminal,
    })
    return chosen === undefined ? undefined : sessions[chosen]
  } finally {
    terminal.close()
  }
}

/** What is listed where nobody can pick: a person reads the first ones, a program asks for all with `--json`. */
export async function listed(at: Asking, sessions: readonly SessionSummary[]): Promise<readonly string[]> {
  if (at.call.flags.has("json")) return [jsonPage(sessions)]
  return sessionTable(sessions, at.call.io)
}

const SHOWN_MAX = 10

async function which({ call: { io, flags }, cwd }: Asking, sessions: readonly SessionSummary[]): Promise<string> {
  const question = "Which session? Give its id or title, or --last for the newest."
  if (sessions.length === 0) return `${question} There is none${flags.has("all") ? "" : ` for ${cwd}`}.`
  const rows = await sessionTable(sessions.slice(0, SHOWN_MAX), io)
  const more = sessions.length > SHOWN_MAX ? [`and ${sessions.length - SHOWN_MAX} more: skein session list`] : []
  return [question, ...rows, ...more].join("\n  ")
}

/** What `--limit` says. Throws UsageError. */
export function limitOf(flags: Flags): number | undefined {
  const text = flags.text("limit")
  if (text === undefined) return undefined
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text)
  throw new UsageError(`--limit takes a whole number of at least 1, not ${JSON.stringify(text)}.`)
}
