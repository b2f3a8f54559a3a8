import { readFileSync } from "node:fs"
import type { Host } from "@skein/host"
import { accepted, type DurableEvent, jsonPage, type SessionId } from "@skein/protocol"
import { chooseSession } from "../../session/choose.ts"
import { type Asking, withHost } from "../../session/host.ts"
import { path } from "../../session/request.ts"
import { counted, size } from "../../tell/amounts.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"

/** What of the host these need. */
export type Compacting = Asking & {
  readonly host: Pick<Host, "workbench">
}

export const seed: Run = (call) => withHost(call, keepSeed)
export const summary: Run = (call) => withHost(call, keepSummary)
export const prune: Run = (call) => withHost(call, pruneCompactions)

/** `skein session compact-replay-seed`: keeps where the session stands, without a word of it, and prints the file. */
export async function keepSeed(at: Compacting): Promise<number> {
  const sessionId = await chooseSession(at, at.call.words[0])
  if (sessionId === undefined) return 0
  const { diagnostics, compactions } = await at.host.workbench()
  const events = await diagnostics.events(sessionId)
  const { file, artifact } = compactions.seed(events, artifactId(at, events))
  told(at, file, artifact)
  return 0
}

/** `skein session compact-summary`: keeps a text that sums the session up, and prints the file. */
export async function keepSummary(at: Compacting): Promise<number> {
  const { flags, io, words } = at.call
  const sources = ["summary-file", "from-model", "from-session"].filter((name) => flags.has(name))
  if (sources.length > 1) throw new UsageError(`--${sources.join(" and --")} exclude each other.`)
  const sessionId = await chooseSession(at, words[0])
  if (sessionId === undefined) return 0
  const given = flags.text("summary-file")
  const text = given === undefined ? undefined : read(path(given, io.cwd))
  if (flags.has("from-model")) await accepted(at.engine, { type: "context.compact", sessionId })
  const { diagnostics, compactions } = await at.host.workbench()
  const events = await diagnostics.events(sessionId)
  const source = given !== undefined ? "file" : flags.has("from-model") ? "model" : "session"
  const facts = {
    artifactId: artifactId(at, events),
    text: source === "model" ? newestSummary(events) : text,
    source,
  } as const
  const { file, artifact } = compactions.summary(events, facts)
  told(at, file, artifact)
  return 0
}

/** `skein session prune-compactions`: says which it would remove, and does with `--apply`. */
export async function pruneCompactions(at: Compacting): Promise<number> {
  const { flags, io, words } = at.call
  const kept = flags.text("keep-latest-per-kind") ?? "1"
  if (!/^\d{1,4}$/.test(kept))
    throw new UsageError(`--keep-latest-per-kind takes a whole number, not ${JSON.stringify(kept)}.`)
  const sessionId = await chooseSession(at, words[0])
  if (sessionId === undefined) return 0
  const isApplied = flags.has("apply")
  const old = (await at.host.workbench()).compactions.prune(sessionId, Number(kept), isApplied)
  if (flags.has("json")) io.out(jsonPage({ sessionId, isApplied, removed: old }))
  else for (const { file } of old) io.out(`${isApplied ? "removed" : "would remove"}  ${file}`)
  if (old.length === 0) io.err("There is nothing to remove.")
  else if (!isApplied) io.err(`note    ${counted(old.length, "file")} would go; --apply removes them.`)
  return 0
}

/** The name that was asked for, else where the log ends, so that the same state is not kept twice. */
function artifactId({ call: { flags } }: Compacting, events: readonly DurableEvent[]): string {
  return flags.text("artifact-id") ?? `at-${events.at(-1)?.seq ?? 0}`
}

/** Undefined when the compaction wrote none: then one is made by rule. */
function newestSummary(events: readonly DurableEvent[]): string | undefined {
  for (const event of events.toReversed())
    if (event.type === "context.compacted" && event.summary !== undefined) return event.summary
  return undefined
}

function told(
  { call: { flags, io } }: Compacting,
  file: string,
  artifact: { readonly sessionId: SessionId; readonly seq: number },
): void {
  if (flags.has("json")) io.out(jsonPage({ file, artifact }))
  else io.out(file)
  io.err(
    `note    It stands for session ${artifact.sessionId} up to event ${artifact.seq}: ${size(JSON.stringify(artifact).length)}.`,
  )
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8")
  } catch (cause) {
    throw new UsageError(`Cannot read the summary ${file}: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}
