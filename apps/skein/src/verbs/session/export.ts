import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs"
import { homedir, hostname } from "node:os"
import { join } from "node:path"
import type { RedactionFacts } from "@skein/documents"
import type { Host } from "@skein/host"
import { type SessionId, SkeinError } from "@skein/protocol"
import { chooseSession } from "../../session/choose.ts"
import { type Asking, withHost } from "../../session/host.ts"
import { path } from "../../session/request.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"

type Format = "markdown" | "json" | "html" | "script" | "records"

/** `skein session export <id> -f <format>`: to stdout, or with `-o` to a file. */
export const run: Run = (call) => withHost(call, (at) => exportSession(at, formatOf(call.flags.text("format"))))
export const markdown: Run = (call) => withHost(call, (at) => exportSession(at, "markdown"))
export const share: Run = (call) => withHost(call, shareSession)

type Exporting = Asking & { readonly host: Pick<Host, "recordsDir" | "redact"> }

export async function exportSession(at: Exporting, format: Format): Promise<number> {
  const { call } = at
  const sessionId = await chooseSession(at, call.words[0])
  if (sessionId === undefined) return 0
  const { text: whole, note } = await document(at, sessionId, format)
  const text = at.host.redact(whole)
  const file = call.flags.text("output")
  if (file === undefined) call.io.text(text.endsWith("\n") ? text : `${text}\n`)
  else written(path(file, call.io.cwd), text, format === "script")
  if (file !== undefined) call.io.err(`note    Wrote ${file}.`)
  if (note !== "") call.io.err(`note    ${note}`)
  return 0
}

/** `skein session share <id>`: one redacted page for anybody, as a file. */
export async function shareSession(at: Exporting): Promise<number> {
  const { call, engine } = at
  const { flags, io, words } = call
  if (flags.has("link")) {
    throw new SkeinError(
      "op.unsupported",
      "A link cannot be made yet: there is no place to share to. Send the file that share writes.",
    )
  }
  const sessionId = await chooseSession(at, words[0])
  if (sessionId === undefined) return 0
  const { htmlOf, reportText } = await import("@skein/documents")
  const view = await engine.ask({ type: "session.read", sessionId })
  const { html, report } = htmlOf(view, { redaction: await facts(at) })
  const file = path(flags.text("output") ?? `${sessionId}.html`, io.cwd)
  written(file, at.host.redact(html), false)
  io.out(file)
  io.err(
    `note    ${reportText(report) || "Nothing was taken out."} Read it before you send it: not every secret looks like one.`,
  )
  return 0
}

async function document(at: Exporting, sessionId: SessionId, format: Format): Promise<{ text: string; note: string }> {
  if (format === "records") return { text: records(at, sessionId), note: "" }
  const { htmlOf, jsonOf, markdownOf, redacted, reportText, scriptOf } = await import("@skein/documents")
  const whole = await at.engine.ask({ type: "session.read", sessionId })
  if (format === "script")
    return { text: scriptOf(whole), note: "Read it before you run it: it does again what was done." }
  const isRedacted = at.call.flags.has("redact")
  if (format === "html") {
    const { html, report } = htmlOf(whole, { redaction: isRedacted ? await facts(at) : "off" })
    return { text: html, note: reportText(report) }
  }
  const { value, report } = isRedacted ? redacted(whole, await facts(at)) : { value: whole, report: undefined }
  const options = report === undefined ? {} : { report }
  const text = format === "json" ? jsonOf(value, options) : markdownOf(value, options)
  return { text, note: report === undefined ? "" : reportText(report) }
}

/** What of this machine and person must not be in what is shared. */
async function facts({ call: { io, flags } }: Exporting): Promise<RedactionFacts> {
  const { secretValues } = await import("@skein/documents")
  return {
    values: secretValues(io.env),
    home: io.env.HOME ?? homedir(),
    userName: io.env.USER ?? io.env.LOGNAME,
    hostName: hostname(),
    withEmails: flags.has("emails"),
  }
}

/** Ids, sizes, states and durations: nothing that was said. Throws SkeinError where none were kept. */
function records({ host: { recordsDir } }: Exporting, sessionId: SessionId): string {
  const file = join(recordsDir, `${sessionId}.jsonl`)
  if (!existsSync(file))
    throw new SkeinError("session.not_found", `There are no records of session ${sessionId} in ${recordsDir}.`)
  return readFileSync(file, "utf8")
}

const FORMATS: readonly Format[] = ["markdown", "json", "html", "script", "records"]

function formatOf(text: string | undefined): Format {
  const found = FORMATS.find((format) => format === (text === undefined || text === "md" ? "markdown" : text))
  if (found !== undefined) return found
  throw new UsageError(`--format is one of ${FORMATS.join(", ")}, not ${JSON.stringify(text)}.`)
}

function written(file: string, text: string, isScript: boolean): void {
  try {
    writeFileSync(file, text, { mode: 0o600 })
    if (isScript) chmodSync(file, 0o700)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new SkeinError("log.unwritable", `Cannot write ${file}: ${why}`, { cause })
  }
}
