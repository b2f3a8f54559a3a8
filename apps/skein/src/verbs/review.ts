import { EXIT, exitCodeOf } from "@skein/headless"
import { jsonPage } from "@skein/protocol"
import { gitLook } from "../git/look.ts"
import { PRIORITIES, type Priority, type Report, reportText } from "../review/report.ts"
import { review } from "../review/review.ts"
import { type Assignment, assignmentOf, targetOf } from "../review/target.ts"
import { keepLastMessage } from "../session/finish.ts"
import { type Asking, withHost } from "../session/host.ts"
import { interruptible } from "../session/signals.ts"
import { UsageError } from "../usage.ts"
import type { Run, VerbCall } from "../verb.ts"

/**
 * `skein review`: what is wrong with changes, found by a session that can read and change nothing. 0 when it was reviewed; with
 * --fail-on 1 when something as bad as that was found.
 */
export const run: Run = async (call) => {
  const target = targetOf(call.flags, await instructionsOf(call))
  const bar = barOf(call)
  return withHost(call, async (at) => {
    const interrupt = interruptible(call.io)
    try {
      const git = gitLook(at.host, at.cwd, interrupt.signal)
      const assignment = await assignmentOf(target, { git, io: call.io, cwd: at.cwd })
      if (assignment === undefined) return nothingToReview(at)
      const code = await reviewed(assignment, at, interrupt.signal, bar)
      return interrupt.signal.aborted ? interrupt.exitCode : code
    } finally {
      interrupt.done()
    }
  })
}

/** Words, or stdin for `-`. */
export async function instructionsOf({ words, rest, io }: VerbCall): Promise<string> {
  const said = [...words, ...rest].join(" ").trim()
  if (said !== "-") return said
  const text = (await io.readInput()) ?? ""
  if (text.trim() === "") throw new UsageError("Nothing was piped in to be reviewed by.")
  return text
}

function barOf({ flags }: VerbCall): Priority | undefined {
  const said = flags.text("fail-on")
  return PRIORITIES.find((priority) => priority === said)
}

const CLEAN: Report = { findings: [], verdict: "correct", explanation: "Nothing has changed.", confidence: 1 }

function nothingToReview({ call: { flags, io } }: Asking): number {
  io.out(flags.has("json") ? jsonPage(CLEAN) : "Nothing has changed: there is nothing to review.")
  return EXIT.completed
}

async function reviewed(
  assignment: Assignment,
  { call, host, cwd }: Parameters<Parameters<typeof withHost>[1]>[0],
  signal: AbortSignal,
  bar: Priority | undefined,
): Promise<number> {
  const { flags, io } = call
  io.err(`reviewing ${assignment.name}`)
  const { sessionId, model, outcome, report, text, flaw } = await review(assignment, { host, cwd, flags, io, signal })
  if (report === undefined) {
    if (outcome.kind === "failed" || outcome.kind === "exhausted") io.err(`skein: ${outcome.message}`)
    if (flaw === undefined) return exitCodeOf(outcome, false)
    io.err(`skein: The reviewer did not answer in the form that was asked for, twice. ${flaw}`)
    if (text !== "") io.out(text)
    return EXIT.failed
  }
  const shown = flags.has("json")
    ? jsonPage({ ...report, target: assignment.name, model, sessionId })
    : reportText(report)
  keepLastMessage(flags, io, shown)
  io.out(shown)
  const isBad = bar !== undefined && report.findings.some(({ priority }) => priority <= bar)
  return isBad ? EXIT.failed : EXIT.completed
}

/** What `exec review` shows of it, whatever became of it. */
export function messageOf({ report, text }: Awaited<ReturnType<typeof review>>): string {
  if (report !== undefined) return reportText(report)
  return text.trim() === "" ? "Reviewer failed to output a response." : text
}
