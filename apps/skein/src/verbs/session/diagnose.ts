import { existsSync } from "node:fs"
import type { Diagnostics, Host } from "@skein/host"
import { jsonPage, type SessionId, SkeinError } from "@skein/protocol"
import { chooseSession } from "../../session/choose.ts"
import { type Asking, withHost } from "../../session/host.ts"
import { path } from "../../session/request.ts"
import { duration, size } from "../../tell/amounts.ts"
import { visible } from "../../tell/visible.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"

type At = Asking & { readonly host: Host }

/** A log by the id of its session, or by its file. */
type Log =
  | { readonly kind: "session"; readonly sessionId: SessionId }
  | { readonly kind: "file"; readonly file: string }

export const verify: Run = (call) => withHost(call, verifyLog)
export const plan: Run = (call) => withHost(call, resumePlan)
export const index: Run = (call) => withHost(call, rebuildIndex)
export const replayState: Run = (call) => withHost(call, showState)
export const resumeReplay: Run = (call) => withHost(call, replayAsResumed)
export const benchmark: Run = (call) => withHost(call, measure)

/** `skein session verify`: reads every byte. Exit code 1 when the log cannot be opened with all its events. */
async function verifyLog(at: At): Promise<number> {
  const log = await logOf(at)
  if (log === undefined) return 0
  const { store } = await at.host.workbench()
  const found = await store.verifyLog(await fileOf(at, log))
  const { bytes, lines, events, versions, gaps, damaged, bytesTorn, isIntact } = found
  const first = <T>(all: readonly T[], one: (entry: T) => string) =>
    all.slice(0, SHOWN_MAX).map((entry) => `  ${one(entry)}`)
  tell(at, found, [
    `${isIntact ? "intact" : "NOT INTACT"}: ${events} events in ${lines} lines, ${size(bytes)}`,
    `versions ${versions.map(({ version, events: count }) => `${version} (${count})`).join(", ") || "none"}`,
    `index    ${found.index}`,
    `point    ${found.point}`,
    ...(bytesTorn === 0 ? [] : [`torn     ${bytesTorn} bytes at the end, which the next writer moves aside`]),
    ...(damaged.length === 0 ? [] : [`damaged  ${damaged.length} lines`]),
    ...first(damaged, ({ line, reason }) => `line ${line}: ${reason}`),
    ...(gaps.length === 0 ? [] : [`gaps     ${gaps.length}`]),
    ...first(gaps, ({ line, expected, found: seq }) => `line ${line}: event ${seq} where ${expected} belongs`),
  ])
  return isIntact ? 0 : 1
}

/** `skein session resume-plan`: what opening would read and find open, by index and replay point alone. */
async function resumePlan(at: At): Promise<number> {
  const log = await logOf(at)
  if (log === undefined) return 0
  const { store } = await at.host.workbench()
  const found = store.resumePlan(await fileOf(at, log))
  const { fromSeq, bytesToRead, bytes, pointSeq, index: indexed } = found
  const unsettled = indexed?.unsettled
  tell(at, found, [
    `reads    from event ${fromSeq}: ${size(bytesToRead)} of ${size(bytes)}`,
    `point    ${pointSeq === undefined ? "none that can be used" : `after event ${pointSeq}`}`,
    `index    ${indexed === undefined ? "none that can be used" : `up to event ${indexed.seq}, ${size(indexed.bytesAfter)} after it`}`,
    ...(unsettled === undefined
      ? []
      : [
          `open     ${unsettled.turnId ?? "no turn"}, ${unsettled.calls.length} calls, ${unsettled.approvals.length} approvals, ${unsettled.queued.length} inputs`,
          ...unsettled.calls.map(({ callId, name, state }) => `  ${callId}  ${name}  ${state}`),
        ]),
    ...(indexed?.compactionSeq === undefined ? [] : [`compacted at event ${indexed.compactionSeq}`]),
  ])
  return 0
}

/** `skein session index`: makes index and replay point anew, and says what they hold. */
async function rebuildIndex(at: At): Promise<number> {
  const log = await logOf(at)
  if (log === undefined) return 0
  if (log.kind === "file")
    throw new UsageError("An index is kept beside a session's own log: name the session by its id.")
  await (await at.host.workbench()).diagnostics.rebuild(log.sessionId)
  return resumePlan({ ...at, call: { ...at.call, words: [log.sessionId] } })
}

/** `skein session replay-state`: what the log folds to, in counts, ids and hashes. */
async function showState(at: At): Promise<number> {
  return diagnosed(at, async (diagnostics, sessionId) => {
    const { artifactId: _, kind: __, ...state } = await diagnostics.state(sessionId)
    tell(at, state, [
      `session  ${state.sessionId} after event ${state.seq}`,
      `open     ${state.openTurn ?? "no turn"}, ${state.openCalls.length} calls, ${state.openApprovals.length} approvals, ${state.queued} inputs`,
      ...Object.entries(state.counts).map(([type, count]) => `${String(count).padStart(8)} ${type}`),
      ...Object.entries(state.stateHashes).map(([part, sha256]) => `${sha256.slice(0, 16)} ${part}`),
    ])
    return 0
  })
}

/** `skein session resume-replay`: exit code 1 when resuming would give another state than the whole log. */
async function replayAsResumed(at: At): Promise<number> {
  return diagnosed(at, async (diagnostics, sessionId) => {
    const found = await diagnostics.resumeReplay(sessionId)
    const { events, pointSeq, eventsFolded, resumedMs, wholeMs, differing } = found
    tell(at, found, [
      differing.length === 0 ? "the same state, resumed and whole" : `NOT THE SAME: ${differing.join(", ")}`,
      `resumed  ${eventsFolded} of ${events} events${pointSeq === undefined ? "" : ` after the point at event ${pointSeq}`}, ${duration(resumedMs)}`,
      `whole    ${events} events, ${duration(wholeMs)}`,
    ])
    return differing.length === 0 ? 0 : 1
  })
}

/** `skein session benchmark`: medians of several rounds. */
async function measure(at: At): Promise<number> {
  const rounds = roundsOf(at.call.flags.text("rounds"))
  return diagnosed(at, async (diagnostics, sessionId) => {
    const found = await diagnostics.benchmark(sessionId, rounds)
    const { events, bytes, readMs, foldMs, openWholeMs, openFromPointMs } = found
    tell(at, found, [
      `log      ${events} events, ${size(bytes)}; medians of ${rounds} rounds`,
      `read     ${duration(readMs)}`,
      `fold     ${duration(foldMs)}`,
      `open     ${duration(openWholeMs)} from the start, ${duration(openFromPointMs)} from the replay point`,
    ])
    return 0
  })
}

const SHOWN_MAX = 20

function tell({ call: { flags, io } }: At, found: object, lines: readonly string[]): void {
  if (flags.has("json")) io.out(jsonPage(found))
  else for (const line of lines) io.out(visible(line.replaceAll("\n", " ")))
}

async function logOf(at: At): Promise<Log | undefined> {
  const [word] = at.call.words
  const file = word === undefined ? undefined : path(word, at.call.io.cwd)
  if (file !== undefined && existsSync(file)) return { kind: "file", file }
  const sessionId = await chooseSession(at, word)
  return sessionId === undefined ? undefined : { kind: "session", sessionId }
}

async function fileOf({ host }: At, log: Log): Promise<string> {
  if (log.kind === "file") return log.file
  const file = (await host.workbench()).fileOf(log.sessionId)
  if (existsSync(file)) return file
  throw new SkeinError("session.not_found", `Cannot find session ${log.sessionId}: there is no ${file}.`)
}

async function diagnosed(
  at: At,
  use: (diagnostics: Diagnostics, sessionId: SessionId) => Promise<number>,
): Promise<number> {
  const log = await logOf(at)
  if (log === undefined) return 0
  const { diagnosed, diagnostics } = await at.host.workbench()
  return log.kind === "file" ? diagnosed(log.file, use) : use(diagnostics, log.sessionId)
}

function roundsOf(text = "5"): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
  throw new UsageError(`--rounds takes a whole number of at least 1, not ${JSON.stringify(text)}.`)
}
