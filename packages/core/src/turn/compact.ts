import { type CallId, type DurableDraft, SkeinError } from "@skein/protocol"
import { briefOf, standingSections } from "../context/brief.ts"
import { loadContext, touchedAgain } from "../context/load.ts"
import { hasWork, reliefAfterRefusal, reliefBefore, summaryOf } from "../context/relief.ts"
import { type Room, roomIn, roomNow, WINDOW_TOKENS_UNKNOWN } from "../context/room.ts"
import { contextSize, messageTokens } from "../context/size.ts"
import { charsOf, skillsKept } from "../context/skills.ts"
import { joinedSummary } from "../context/summary.ts"
import type { WindowPlan } from "../context/window.ts"
import type { SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "./ports.ts"
import { type Written, writeSummary } from "./write-summary.ts"

/** Makes room within a turn, by the gentlest means that does. One line tells the person; the log keeps all. */
export async function compact(
  state: SessionState,
  cause: "auto" | "reactive" | "images",
  ports: TurnPorts,
): Promise<void> {
  if (cause === "images") return leaveOutImages(state, ports)
  const size = contextSize(state, ports)
  const reliefOf = cause === "auto" ? reliefBefore : reliefAfterRefusal
  const relief = reliefOf(state, size, { tokens: ports.tokens, hasWindow: ports.limits.windowing })
  if (relief === undefined) throw new Error("A compaction is decided only where there is one to make")
  if (relief.kind === "window") return shortenTurns(state, relief, size.contextTokens, ports)
  if (relief.kind === "elide") return leaveOutResults(relief, size.contextTokens, ports)
  // Twice refused, neither a summary nor what was restored is worth another refusal.
  const isTight = cause === "reactive" && (state.turn?.compactions ?? 0) > 1
  await sumUp(state, { kind: cause, room: relief.room, isTight }, ports)
}

/**
 * Puts a summary in the place of the whole conversation now, whatever its size. False when it was stopped: then nothing
 * has changed. Throws SkeinError `context.nothing_to_compact`. No turn may run, or begin, meanwhile.
 */
export async function compactNow(
  state: SessionState,
  { keep }: { readonly keep?: string | undefined },
  ports: TurnPorts,
): Promise<boolean> {
  if (!hasWork(state)) throw nothingToCompact()
  const room = roomNow(contextSize(state, ports))
  return sumUp(state, { kind: "forced", room, isTight: false, keep }, ports)
}

function nothingToCompact(): SkeinError {
  const text =
    "There is nothing to sum up: nothing was done since the session, or its newest summary, began. Go on as it is."
  return new SkeinError("context.nothing_to_compact", text)
}

interface SummaryPlan {
  readonly kind: "auto" | "reactive" | "forced"
  readonly room: Room
  readonly isTight: boolean
  readonly keep?: string | undefined
}

async function sumUp(state: SessionState, plan: SummaryPlan, ports: TurnPorts): Promise<boolean> {
  const asked = await hooksBefore(state, plan, ports)
  if (asked === undefined) return false
  const { contextTokens: tokensBefore, density } = contextSize(state, ports)
  const heldBefore = messageTokens(state, ports.tokens)
  const what = hasWork(state) ? "Older context was summed up" : "A part of what you said was left out"
  const written = await writeSummary(state, { ...plan, ...asked }, ports)
  const skills = skillsKept(state, plan.room.touchedChars, ports.tokens)
  const touched = [...skills, ...(await touchedAgain(state, plan.room.touchedChars - charsOf(skills), ports))]
  if (ports.signal.aborted) {
    // What was spent is spent; of the rest nothing happened.
    await ports.emit(written.spent)
    return false
  }
  const { by, failure } = written
  const { room, isTight, kind } = plan
  const brief = briefOf(state, { room, isTight, touched, tokens: ports.tokens, hasNewest: by === "model" })
  const { sections, receipt } = brief
  const summary = joinedSummary(summaryOf(state), written.text, room.summaryBytes)
  const held = sections.reduce((sum, { tokens }) => sum + tokens, ports.tokens.estimate(summary))
  const tokensAfter = Math.round(Math.max(tokensBefore - heldBefore * density, 0) + held * density)
  await ports.emit([
    ...written.spent,
    {
      ...{ type: "context.compacted", kind, by, failure, elided: [], summary },
      ...{ sections: [...sections], receipt: { kept: [...receipt.kept], shortened: [...receipt.shortened] } },
      ...{ tokensBefore, tokensAfter },
    },
    notice(
      `${what} to make room (about ${tokensBefore} tokens before, ${tokensAfter} after).`,
      wordsKept(receipt.kept.length, receipt.shortened.length),
      ruleNote(written),
    ),
  ])
  // What stands before the conversation is read anew as well: the summary was made of what it was.
  await loadContext(state, ports)
  const { hooks } = ports
  if (hooks !== undefined)
    await (await import("../hooks/at-compact.ts")).afterCompaction(state, { kind, summary }, hooks, ports)
  return true
}

/** What is to be kept, with what hooks add; undefined where they keep it from being made. Throws SkeinError `hook.blocked`. */
async function hooksBefore(state: SessionState, plan: SummaryPlan, ports: TurnPorts) {
  const { hooks } = ports
  if (hooks?.has("PreCompact") !== true) return { keep: plan.keep }
  return (await import("../hooks/at-compact.ts")).beforeCompaction(state, plan, hooks, ports)
}

function wordsKept(kept: number, shortened: number): string {
  const all = kept + shortened
  if (all === 0) return ""
  const restore = shortened === 0 ? "" : " /restore brings the others back whole."
  return `Kept ${kept} of ${all} of your messages.${restore}`
}

function ruleNote({ failure, isBroken }: Written): string {
  if (isBroken) return "The summary was made by rule: the model had failed three times. /compact asks it again."
  return failure === undefined
    ? ""
    : `The summary was made by rule, because the model could not write it: ${failure.replace(/\.?$/, ".")}`
}

async function leaveOutResults(
  { elided, freedTokens }: { readonly elided: readonly CallId[]; readonly freedTokens: number },
  tokensBefore: number,
  ports: TurnPorts,
): Promise<void> {
  const tokensAfter = Math.max(tokensBefore - freedTokens, 0)
  await ports.emit([
    { type: "context.compacted", kind: "micro", elided: [...elided], tokensBefore, tokensAfter },
    notice(`Older results were left out to make room (about ${tokensBefore} tokens before, ${tokensAfter} after).`),
  ])
}

async function shortenTurns(
  state: SessionState,
  { gists, freedTokens }: WindowPlan,
  tokensBefore: number,
  ports: TurnPorts,
): Promise<void> {
  const { standingChars } = roomIn(WINDOW_TOKENS_UNKNOWN)
  const sections = standingSections(state, standingChars, ports.tokens)
  const tokensAfter = Math.max(tokensBefore - freedTokens, 0)
  const shortened = gists.map(({ turnIds, section }) => ({ turnIds: [...turnIds], section }))
  await ports.emit([
    { type: "context.compacted", kind: "micro", elided: [], gists: shortened, sections, tokensBefore, tokensAfter },
    notice(
      `Older turns were shortened to a line each to make room (about ${tokensBefore} tokens before, ${tokensAfter} after).`,
    ),
  ])
}

async function leaveOutImages(state: SessionState, ports: TurnPorts): Promise<void> {
  const { contextTokens: tokens } = contextSize(state, ports)
  const sizes = { tokensBefore: tokens, tokensAfter: tokens }
  await ports.emit([
    { type: "context.compacted", kind: "micro", elided: [], imagesElided: true, ...sizes },
    notice("The provider refused the request. It is tried again without its images."),
  ])
}

function notice(...sentences: readonly string[]): DurableDraft {
  const text = [...sentences, "The log keeps all."].filter((sentence) => sentence !== "").join(" ")
  return { type: "notice.posted", level: "info", text, code: "context.compacted" }
}
