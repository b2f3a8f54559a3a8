import type { InputPart, Usage } from "@skein/protocol"
import { asList, asNumber, asObject, asText, type Json } from "@skein/protocol/json"
import type { Beat } from "../beat.ts"
import { imageOfUrl } from "../files/content.ts"
import type { FoundSession } from "../format.ts"
import type { Ledger } from "../ledger.ts"
import { clockOf } from "../time.ts"
import type { SessionStore, StoredMessage } from "./store.ts"

/** A session of opencode as beats. Records are counted as lines, because no line has a number of its own. */
export async function* opencodeBeats(found: FoundSession, store: SessionStore, ledger: Ledger): AsyncGenerator<Beat> {
  const session = (await store.sessions()).find(({ id }) => id === found.id) ?? {}
  const title = asText(session.title)
  const clock = clockOf(found.at)
  // Titles of sessions nobody named say when they began, and no more.
  if (title !== undefined && !/^(New|Child) session - \d/.test(title)) yield { kind: "named", at: found.at, title }
  const undoneFrom = asText(asObject(session.revert)?.messageID)
  let record = 0
  for await (const stored of store.messages(found.id, () => ledger.broken("malformed", ++record))) {
    record += 1
    ledger.line(record, JSON.stringify(stored).length)
    // Ids sort by time: what was taken back begins with this message.
    if (undoneFrom !== undefined && String(stored.message.id) >= undoneFrom) ledger.lose("undone", record)
    else yield* beatsOf(stored, clock(asObject(stored.message.time)?.created), record, ledger)
  }
}

function* beatsOf({ message, parts }: StoredMessage, at: number, line: number, ledger: Ledger): Generator<Beat> {
  if (message.role === "user") {
    const input = parts.flatMap((part) => inputOf(part, line, ledger))
    if (input.length > 0) yield { kind: "said", at, input }
    return
  }
  if (message.role !== "assistant") return ledger.lose("unknown_type", line, `message of ${asText(message.role)}`)
  if (message.summary === true) {
    const summary = parts.flatMap((part) => (part.type === "text" ? (asText(part.text) ?? []) : [])).join("\n")
    return summary === "" ? undefined : yield { kind: "compacted", at, summary, tokensBefore: 0 }
  }
  yield* assistant({ message, parts }, at, line, ledger)
}

function inputOf(part: Json, line: number, ledger: Ledger): InputPart[] {
  const text = asText(part.text)
  switch (part.type) {
    case "text":
      return text === undefined || text === "" || part.ignored === true ? [] : [{ type: "text", text }]
    case "file": {
      const image = imageOfUrl(asText(part.url) ?? "", asText(part.filename))
      if (image !== undefined) return [image]
      // The words of a text file stand beside it, as a part of their own.
      if (!String(part.mime).startsWith("text/")) ledger.lose("unreadable_content", line, asText(part.mime))
      return []
    }
    case "agent":
    case "compaction":
    case "snapshot":
    case "patch":
      return []
    case "subtask": {
      const prompt = asText(part.prompt)
      return prompt === undefined ? [] : [{ type: "text", text: prompt }]
    }
    default:
      ledger.lose("unknown_type", line, asText(part.type) ?? "none")
      return []
  }
}

function* assistant({ message, parts }: StoredMessage, at: number, line: number, ledger: Ledger): Generator<Beat> {
  yield {
    kind: "modelled",
    at,
    model: `${asText(message.providerID) ?? "unknown"}/${asText(message.modelID) ?? "unknown"}`,
  }
  const clock = clockOf(at)
  // A message holds several steps in old versions, one in new ones; each ends by telling what it cost.
  let step = 0
  for (const part of parts) {
    const time = asObject(part.time) ?? asObject(asObject(part.state)?.time)
    const place = { at: clock(time?.start), line, reply: `${line}.${step}` }
    if (part.type === "step-finish") step += 1
    yield* answered(part, place, ledger)
  }
  const hasSteps = parts.some(({ type }) => type === "step-finish")
  if (!hasSteps) yield* spent(message, at)
  const error = asObject(message.error)
  if (error === undefined) return
  const why = asText(asObject(error.data)?.message) ?? asText(error.name) ?? "The provider failed."
  const isStopped = error.name === "MessageAbortedError"
  yield {
    kind: "ended",
    at: clock(undefined),
    end: isStopped ? { kind: "interrupted" } : { kind: "failed", message: why },
  }
}

interface Place {
  readonly at: number
  readonly line: number
  readonly reply: string
}

function* answered(part: Json, { at, line, reply }: Place, ledger: Ledger): Generator<Beat> {
  const text = asText(part.text) ?? ""
  switch (part.type) {
    case "text":
      if (text !== "") yield { kind: "answered", at, text, reply }
      return
    case "reasoning":
      if (text === "") return ledger.lose("opaque_reasoning", line)
      if (asObject(part.metadata) !== undefined) ledger.lose("signature", line)
      return yield { kind: "thought", at, text, reply }
    case "tool":
      return yield* called(part, { at, line, reply }, ledger)
    case "step-finish":
      return yield* spent(part, at)
    case "step-start":
    case "snapshot":
    case "patch":
    case "compaction":
      return
    case "retry":
      return yield {
        kind: "noted",
        at,
        level: "warning",
        text: `The provider refused a request; attempt ${part.attempt}.`,
      }
    default:
      ledger.lose("unknown_type", line, asText(part.type) ?? "none")
  }
}

function* called(part: Json, { at, line, reply }: Place, ledger: Ledger): Generator<Beat> {
  const state = asObject(part.state) ?? {}
  const id = asText(part.callID) ?? asText(part.id) ?? `record-${line}`
  yield { kind: "called", at, id, name: asText(part.tool) ?? "unknown", input: asObject(state.input) ?? {}, reply }
  if (state.status !== "completed" && state.status !== "error") return
  const end = asNumber(asObject(state.time)?.end) ?? at
  const isError = state.status === "error"
  const text = (isError ? asText(state.error) : asText(state.output)) ?? ""
  const images = asList(state.attachments).flatMap((file) => imageOfUrl(asText(asObject(file)?.url) ?? "") ?? [])
  for (const file of asList(state.attachments).slice(images.length)) {
    ledger.lose("unreadable_content", line, asText(asObject(file)?.mime))
  }
  const exitCode = asNumber(asObject(state.metadata)?.exit)
  const isStopped = isError && /abort/i.test(text)
  yield {
    kind: "settled",
    at: Math.max(end, at),
    id,
    outcome: isStopped ? "cancelled" : isError || (exitCode ?? 0) !== 0 ? "error" : "success",
    content: [{ type: "text", text }, ...images],
    exitCode,
    durationMs: Math.max(end - at, 0),
    line,
  }
}

function* spent(of: Json, at: number): Generator<Beat> {
  const tokens = asObject(of.tokens)
  const cost = asNumber(of.cost)
  if (tokens === undefined) return
  yield {
    kind: "spent",
    at,
    usage: usageOf(tokens),
    ...(cost === undefined ? {} : { microUsd: Math.round(cost * 1e6) }),
  }
}

function usageOf(tokens: Json): Usage {
  const cache = asObject(tokens.cache)
  const reasoning = asNumber(tokens.reasoning) ?? 0
  return {
    input: asNumber(tokens.input) ?? 0,
    cacheRead: asNumber(cache?.read) ?? 0,
    cacheWrite: asNumber(cache?.write) ?? 0,
    output: (asNumber(tokens.output) ?? 0) + reasoning,
    reasoning,
  }
}
