import { resolve } from "node:path"
import type { AuditReading, AuditRecord } from "@skein/host"
import { jsonLine, jsonPage } from "@skein/protocol"
import { withHost } from "../session/host.ts"
import { duration } from "../tell/amounts.ts"
import { sinceOf } from "../tell/since.ts"
import { table } from "../tell/table.ts"
import { UsageError } from "../usage.ts"
import type { Run, VerbCall } from "../verb.ts"

/** `skein audit query`: what was done, oldest first. */
export const run: Run = (call) =>
  withRecord(call, async ({ file }, { queryAudit }) => {
    const { flags, io } = call
    const entries = queryAudit(file, {
      actor: flags.text("actor"),
      action: flags.text("action"),
      names: namesOf(call),
      decision: flags.text("decision"),
      sinceMs: sinceOf(flags.text("since"), "since", io.now()),
      untilMs: sinceOf(flags.text("until"), "until", io.now()),
      sessionId: sessionOf(flags.text("session")),
      limit: limitOf(flags.text("limit")),
    })
    if (flags.has("json")) for (const entry of entries) io.out(jsonLine(entry))
    else if (entries.length === 0) io.err("note    Nothing that fits was recorded.")
    else for (const line of table(COLUMNS, entries.map(row), await io.columns())) io.out(line)
    return 0
  })

/** `skein audit verify`: exit 1 when the chain does not hold, with the first place and what it means. */
export const verify: Run = (call) =>
  withRecord(call, async ({ file, headFile }, { verifyAudit }) => {
    const { flags, io } = call
    const report = verifyAudit({ file, headFile, mustHold: flags.text("head"), mustFollow: flags.text("after") })
    if (flags.has("json")) io.out(jsonPage({ file, ...report }))
    else {
      const { state, lines, first, last, breaks, notes } = report
      for (const note of notes) io.out(`note    ${note}`)
      for (const { file: broken, line, meaning } of breaks)
        io.out(`broken  ${broken}${line === undefined ? "" : `, line ${line}`}: ${meaning}.`)
      if (state === "empty") io.out(`empty   ${file}: nothing was recorded yet.`)
      if (state === "intact" && first !== undefined && last !== undefined)
        io.out(`intact  ${lines} lines, ${first.seq} to ${last.seq}, ${timeOf(first.at)} to ${timeOf(last.at)}`)
      if (last !== undefined) io.out(`head    ${last.sum}`)
    }
    return report.state === "broken" ? 1 : 0
  })

export const path: Run = (call) =>
  withRecord(call, async ({ file, headFile }) => {
    call.io.out(call.flags.has("json") ? jsonLine({ file, headFile }) : file)
    return 0
  })

function withRecord(
  call: VerbCall,
  use: (record: AuditRecord, reading: AuditReading) => Promise<number>,
): Promise<number> {
  if (call.words.length > 0)
    throw new UsageError(
      `skein audit takes flags, not ${JSON.stringify(call.words[0])}. There are query, verify and path.`,
    )
  return withHost(call, async ({ host }) => use(host.audit, await host.audit.reading()))
}

/** A file is recorded by its whole path, and asked about as it is written here. */
function namesOf({ flags, io }: VerbCall): readonly string[] | undefined {
  const names = flags.list("resource")
  return names.length === 0 ? undefined : names.flatMap((name) => [name, resolve(io.cwd, name)])
}

function sessionOf(id: string | undefined): string | undefined {
  return id === undefined || id.startsWith("ses_") ? id : `ses_${id}`
}

const LIMIT = 100

function limitOf(text: string | undefined): number {
  if (text === undefined) return LIMIT
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new UsageError(`--limit takes a whole number of at least 1, not ${JSON.stringify(text)}.`)
}

const COLUMNS = [
  { head: "time" },
  { head: "actor" },
  { head: "action" },
  { head: "decision" },
  { head: "outcome" },
  { head: "took", isRight: true },
  { head: "about", isFlexible: true },
] as const

type Entry = ReturnType<AuditReading["queryAudit"]>[number]

function row({ at, actor, action, decision, outcome, durationMs, resources, rule, callId, sessionId }: Entry) {
  const about = resources.map(({ kind, sha256 }) => `${kind} ${sha256.slice(0, 8)}`)
  const took = durationMs === undefined ? "" : duration(durationMs)
  return [
    timeOf(at),
    actor,
    action,
    decision,
    outcome,
    took,
    [...about, rule, callId ?? sessionId].filter(Boolean).join("  "),
  ]
}

function timeOf(at: number): string {
  return new Date(at).toISOString().replace("T", " ").slice(0, 19)
}
