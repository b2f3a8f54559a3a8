import { readFileSync } from "node:fs"
import { capturedLines, readCaptured } from "@skein/host/captured"
import { jsonLine, jsonPage } from "@skein/protocol"
import { withHost } from "../../session/host.ts"
import { path } from "../../session/request.ts"
import { UsageError } from "../../usage.ts"
import type { Run, VerbCall } from "../../verb.ts"

/** `skein model stream-summary <file.sse>`: read through the same decoder as a live reply. */
export const summary: Run = (call) =>
  withHost(call, async ({ host, call: { flags, io } }) => {
    const found = await readCaptured(host, streamOf(call), howOf(call))
    if (flags.has("json")) io.out(jsonPage(found))
    else for (const line of capturedLines(found)) io.out(line)
    return 0
  })

/** `skein model stream-to-event-log <file.sse>`: one event a line, as a session's log has them. */
export const toEventLog: Run = (call) =>
  withHost(call, async ({ host, call: { io } }) => {
    const { events } = await readCaptured(host, streamOf(call), howOf(call))
    for (const event of events) io.out(jsonLine(event))
    return 0
  })

function streamOf({ words, io }: VerbCall): Uint8Array {
  const [word, ...more] = words
  if (word === undefined || more.length > 0) throw new UsageError("Name one file with a captured stream of events.")
  const file = path(word, io.cwd)
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new UsageError(`Cannot read ${file}: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

function howOf({ flags }: VerbCall) {
  const split = flags.text("split")
  if (split !== undefined && !/^[1-9]\d{0,8}$/.test(split)) {
    throw new UsageError(`--split takes a number of bytes, not ${JSON.stringify(split)}.`)
  }
  return { wire: flags.text("wire"), bytesMax: split === undefined ? undefined : Number(split) }
}
