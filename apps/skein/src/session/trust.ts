import { type Decision, type FolderTrust, type Host, type Item, kindsOf } from "@skein/host"
import { accepted, type SessionId, SkeinError } from "@skein/protocol"
import type { Io } from "../io.ts"
import { oneLine } from "../tell/visible.ts"
import { decidedYes } from "./confirm.ts"

/** How a person is asked about a folder. */
export interface TrustAsker {
  /** False where nobody sits. */
  readonly canAsk: boolean
  /** Undefined when the question was left without an answer. */
  ask(lines: readonly string[], question: string): Promise<boolean | undefined>
  /** What follows from the answer. */
  say(line: string): void
  /** What holds, where nobody is asked. */
  note(sentence: string): void
}

/** On the lines of the process. */
export function ioAsker(io: Io): TrustAsker {
  return {
    canAsk: io.isInputTerminal && io.isOutputTerminal,
    async ask(lines, question) {
      for (const line of lines) io.out(line)
      const isYes = await decidedYes(io, question, READING_MS)
      if (isYes === undefined) io.out("")
      return isYes
    },
    say: (line) => io.out(line),
    note: (sentence) => io.err(`note    ${sentence}`),
  }
}

/** What a person has just decided about a folder, for the log of the session it was asked for. */
export interface Decided {
  readonly folder: string
  readonly items: readonly Item[]
  readonly decision: Decision
}

/**
 * Asks the person, once for what is in the folder now: what could make something run is listed with its hash and what it
 * would do. Where there is nothing to ask, or nobody, nothing is asked, and who ends the input without an answer decided
 * nothing. Says what follows from the answer.
 */
export async function askTrust({ trust, leftOut }: Host, asker: TrustAsker, cwd: string): Promise<Decided | undefined> {
  const found = await trust.trustOf(cwd)
  const { folder, items, changed, decision, state } = found
  if (decision === undefined && items.length === 0) return keepUnasked(trust, asker, folder)
  // Trusted with something new in it: for this run alone.
  if (changed.length === 0 || state === "trusted" || !asker.canAsk) return note(asker, await leftOut.news(cwd))
  const question = `Trust exactly ${changed.length === 1 ? "this" : `these ${changed.length}`}?`
  const isYes = await asker.ask(asked(found), question)
  if (isYes === undefined) return note(asker, await leftOut.news(cwd))
  const made = isYes ? "trusted" : "refused"
  await trust.decide(folder, items, made)
  // Who said it knows what follows.
  await leftOut.news(cwd)
  asker.say(isYes ? "Trusted. What changes is asked about again." : REFUSED)
  return { folder, items, decision: made }
}

/** That there was nothing to ask is kept, so that what comes later is known to be new. Nobody has to be able to write it. */
async function keepUnasked(trust: Host["trust"], asker: TrustAsker, folder: string): Promise<undefined> {
  try {
    await trust.passUnasked(folder)
  } catch (error) {
    if (!(error instanceof SkeinError)) throw error
    note(asker, error.message)
  }
}

/** One line for where nobody is asked. Never rejects: a run does not fail because of what it may not use. */
export async function tellTrust({ leftOut }: Host, io: Io, cwd: string): Promise<void> {
  try {
    note(ioAsker(io), await leftOut.news(cwd))
  } catch (error) {
    if (!(error instanceof SkeinError)) throw error
    io.err(`note    ${error.message}`)
  }
}

/** Puts the answer into the session's log. */
export async function recordTrust({ engine }: Host, sessionId: SessionId, decided: Decided | undefined): Promise<void> {
  if (decided === undefined) return
  const { folder, decision } = decided
  const items = decided.items.map(({ kind, name, sha256 }) => ({ kind, name, sha256 }))
  await accepted(engine, { type: "trust.decide", sessionId, folder, items, decision })
}

/** One item on two lines: what it is with its hash, and what it would do. */
export function itemLines({ kind, name, sha256, does, isBound }: Item): string[] {
  return [
    `  ${kind.padEnd(10)} ${oneLine(name)}  ${isBound ? `sha256 ${sha256.slice(0, 12)}` : "never used"}`,
    `  ${" ".repeat(10)} ${oneLine(does)}`,
  ]
}

const REFUSED =
  "Refused: nothing of this folder is gone by, its instruction files neither. skein trust accept says otherwise."

const SHOWN_MAX = 30
/** A yes that comes sooner was typed for something else. */
const READING_MS = 400

function asked({ folder, changed, decision, decidedAt = 0 }: FolderTrust): string[] {
  const since = new Date(decidedAt).toISOString().slice(0, 10)
  const head =
    decision === undefined
      ? `New folder: ${oneLine(folder)} holds what could make programs run:`
      : `Changed: ${oneLine(folder)} holds what you have not decided about (on ${since} you ${decision === "trusted" ? "trusted" : "refused"} the rest):`
  const more = changed.length - SHOWN_MAX
  const rest =
    more > 0 ? [`  and ${more} more (${kindsOf(changed.slice(SHOWN_MAX))}): skein trust items lists all`] : []
  return [head, ...changed.slice(0, SHOWN_MAX).flatMap(itemLines), ...rest]
}

function note(asker: TrustAsker, sentence: string | undefined): undefined {
  if (sentence !== undefined) asker.note(sentence)
}
