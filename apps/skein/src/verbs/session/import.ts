import { existsSync } from "node:fs"
import type { Foreign, Format, FoundSession, Imported, LossReport } from "@skein/host"
import { jsonPage, SkeinError } from "@skein/protocol"
import { withHost } from "../../session/host.ts"
import { path } from "../../session/request.ts"
import { counted } from "../../tell/amounts.ts"
import { oneLine } from "../../tell/visible.ts"
import { UsageError } from "../../usage.ts"
import type { Run, VerbCall } from "../../verb.ts"

/** `skein session import [file …]`: makes sessions of other programs' sessions, and says what could not be taken along. */
export const run: Run = (call) =>
  withHost(call, async ({ host, cwd }) => importSessions({ call, foreign: await host.foreign(), cwd }))

interface Importing {
  readonly call: VerbCall
  readonly foreign: Foreign
  readonly cwd: string
}

type Outcome =
  | { readonly found: FoundSession; readonly done: Imported }
  | { readonly found: FoundSession; readonly error: string }

/** One that cannot be read does not keep the others out; the exit code says that there was one. */
export async function importSessions(at: Importing): Promise<number> {
  const { flags, io } = at.call
  const sessions = await wanted(at)
  if (flags.has("dry-run")) {
    if (flags.has("json")) io.out(jsonPage(sessions))
    else for (const found of sessions) io.out(nameOf(found))
    return 0
  }
  const outcomes: Outcome[] = []
  for (const found of sessions) {
    const outcome = await imported(found, at.foreign)
    outcomes.push(outcome)
    if (!flags.has("json")) for (const line of told(outcome)) io.out(line)
  }
  if (flags.has("json")) io.out(jsonPage(outcomes))
  else io.err(summed(outcomes))
  return outcomes.some((outcome) => "error" in outcome) ? 1 : 0
}

/** The files' sessions, or those of this machine: of this folder, or with `--all` of every one. Throws UsageError, SkeinError. */
async function wanted({ call: { flags, words, io }, foreign, cwd }: Importing): Promise<readonly FoundSession[]> {
  const format = flags.text("from") as Format | undefined
  if (words.length === 0) {
    const all = await foreign.list(format)
    const here = flags.has("all") ? all : all.filter((found) => found.cwd === cwd)
    if (here.length > 0) return here
    const elsewhere = all.length === 0 ? "" : ` There are ${all.length} of other folders: --all takes them.`
    throw new SkeinError(
      "import.unreadable",
      `There is no session of ${format ?? "another program"} for ${cwd}.${elsewhere}`,
    )
  }
  const sessions: FoundSession[] = []
  for (const word of words) {
    const file = path(word, io.cwd)
    if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`)
    const found = (await foreign.detect(file)).filter((one) => format === undefined || one.format === format)
    if (found.length === 0) {
      throw new SkeinError(
        "import.unreadable",
        `Cannot import ${file}: it is no session of ${format ?? "Codex, Claude Code, opencode or pi"}.`,
      )
    }
    sessions.push(...found)
  }
  return sessions
}

async function imported(found: FoundSession, foreign: Foreign): Promise<Outcome> {
  try {
    return { found, done: await foreign.import(found) }
  } catch (error) {
    if (!(error instanceof SkeinError)) throw error
    return { found, error: error.message }
  }
}

function told(outcome: Outcome): string[] {
  const { found } = outcome
  if ("error" in outcome) return [`failed     ${nameOf(found)}`, `  ${oneLine(outcome.error)}`]
  const { done } = outcome
  if (done.kind === "unchanged") return [`unchanged  ${done.sessionId}  ${nameOf(found)}`]
  const earlier = done.earlier === undefined ? [] : [`  what was made of it earlier stays: ${done.earlier}`]
  return [`imported   ${done.sessionId}  ${nameOf(found)}`, ...earlier, ...losses(done.report)]
}

/** What is in the session, and what is not and why. */
export function losses({ kept, lost, malformed, tooLong, isTorn }: LossReport): string[] {
  const lines = (count: number, what: string, first: readonly number[]) =>
    count === 0 ? [] : [`  lost  ${counted(count, "line")} ${what}, first ${first.slice(0, 5).join(", ")}`]
  return [
    `  kept  ${
      Object.entries(kept)
        .map(([what, count]) => `${count} ${count === 1 ? what.replace(/s$/, "") : what}`)
        .join(", ") || "nothing"
    }`,
    ...lost.map(({ why, count, names }) => {
      const which = names === undefined ? "" : `: ${Object.keys(names).slice(0, 5).join(", ")}`
      return `  lost  ${count} × ${oneLine(why + which)}`
    }),
    ...lines(malformed.count, "that could not be read", malformed.lines),
    ...lines(tooLong.count, "that were too long", tooLong.lines),
    ...(isTorn ? ["  lost  the last line, which has no end"] : []),
  ]
}

function nameOf({ format, preview, path: file }: FoundSession): string {
  return oneLine(`${format}: ${preview === "" ? file : preview}`).slice(0, 100)
}

function summed(outcomes: readonly Outcome[]): string {
  const failed = outcomes.filter((outcome) => "error" in outcome).length
  const fresh = outcomes.filter((outcome) => "done" in outcome && outcome.done.kind === "new").length
  const rest = outcomes.length - failed - fresh
  return `${counted(fresh, "session")} imported, ${rest} unchanged${failed === 0 ? "" : `, ${failed} failed`}.`
}
