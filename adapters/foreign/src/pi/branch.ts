import { asNumber, asText } from "@skein/protocol/json"
import { type Link, pathTo } from "../files/path.ts"
import { recordsOf } from "../files/records.ts"
import { Ledger } from "../ledger.ts"

/** Which lines are the conversation as it stands, and where in it the summaries belong. */
export interface Branch {
  has(line: number): boolean
  /** Summaries of all that stands before a line. */
  summariesBefore(line: number): readonly Summary[]
}

export interface Summary {
  readonly summary: string
  readonly tokensBefore: number
}

interface Compaction extends Summary {
  readonly id: string
  readonly firstKept: string
}

/** The entries from the newest one back to the first. The first version named no parents: there, all lines are it. */
export async function branchOf(path: string, bytesMax: number): Promise<Branch> {
  const links = new Map<string, Link>()
  const compactions: Compaction[] = []
  let leaf: Link | undefined
  let last: string | undefined
  for await (const { line, json } of recordsOf(path, new Ledger(), { bytesMax })) {
    if (json.type === "session") continue
    const id = asText(json.id) ?? `line-${line}`
    const parent = json.parentId === undefined ? last : (asText(json.parentId) ?? undefined)
    leaf = { id, parent, line }
    if (!links.has(id)) links.set(id, leaf)
    last = id
    const summary = asText(json.summary)
    if (json.type !== "compaction" || summary === undefined) continue
    const firstKept = asText(json.firstKeptEntryId) ?? id
    compactions.push({ id, firstKept, summary, tokensBefore: asNumber(json.tokensBefore) ?? 0 })
  }
  const ids = leaf === undefined ? new Set<string>() : pathTo(leaf, links).ids
  const lines = new Set([...ids].map((id) => links.get(id)?.line))
  return { has: (line) => lines.has(line), summariesBefore: placed(compactions, ids, links) }
}

function placed(compactions: readonly Compaction[], ids: ReadonlySet<string>, links: ReadonlyMap<string, Link>) {
  const at = new Map<number, Summary[]>()
  for (const { id, firstKept, summary, tokensBefore } of compactions) {
    if (!ids.has(id)) continue
    const line = (ids.has(firstKept) ? links.get(firstKept) : links.get(id))?.line ?? 0
    at.set(line, [...(at.get(line) ?? []), { summary, tokensBefore }])
  }
  return (line: number): readonly Summary[] => at.get(line) ?? []
}
