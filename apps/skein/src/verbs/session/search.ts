import type { SearchHit } from "@skein/protocol"
import { jsonPage } from "@skein/protocol"
import { given } from "@skein/protocol/json"
import { limitOf } from "../../session/choose.ts"
import { type Asking, withHost } from "../../session/host.ts"
import { nameOf } from "../../session/row.ts"
import { age } from "../../tell/amounts.ts"
import { clipped, oneLine } from "../../tell/visible.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"

/** `skein session search <words>`: sessions in which the words were said, best first, with where. */
export const run: Run = (call) => withHost(call, search)

export async function search({ call, engine, cwd }: Asking): Promise<number> {
  const { flags, io, words, rest } = call
  const text = [...words, ...rest].join(" ").trim()
  if (text === "") throw new UsageError("Search for what? Give the words: skein session search …")
  const where = flags.has("here") ? { cwd } : {}
  const hits = await engine.ask({ type: "sessions.search", text, ...where, ...given("limit", limitOf(flags)) })
  if (flags.has("json")) {
    io.out(jsonPage(hits.map(marked)))
  } else {
    const width = await io.columns()
    for (const hit of hits) for (const line of told(hit, io.now(), width)) io.out(line)
  }
  if (hits.length === 0) io.err(`In no session ${flags.has("here") ? "of this folder " : ""}was said: ${text}`)
  return hits.length === 0 ? 1 : 0
}

/** Around what matched, as the engine marks it. */
const [BEGIN, END] = ["\ue000", "\ue001"]

function told({ session, snippet }: SearchHit, nowMs: number, width: number): string[] {
  const archived = session.isArchived ? "  (archived)" : ""
  return [
    clipped(`${session.sessionId}  ${age(session.updatedAt, nowMs)}  ${oneLine(nameOf(session))}${archived}`, width),
    `    ${clipped(oneLine(bracketed(snippet)), width - 4)}`,
  ]
}

/** Without colour, what matched stands in brackets of its own. */
function bracketed(snippet: string): string {
  return snippet.replaceAll(BEGIN, "«").replaceAll(END, "»")
}

function marked(hit: SearchHit): SearchHit {
  return { ...hit, snippet: bracketed(hit.snippet) }
}
