import { asList, asObject, asText, type Json } from "@skein/protocol/json"
import { type Link, pathTo } from "../files/path.ts"
import { recordsOf } from "../files/records.ts"
import { Ledger } from "../ledger.ts"

/** Which lines of a log are the conversation as it stands, by their number. */
export interface Chain {
  has(line: number): boolean
  /** The conversation is that of a subagent: the whole file is. */
  readonly isSidechain: boolean
}

interface Entry extends Link {
  readonly isSidechain: boolean
  readonly reply: string | undefined
  readonly calls: readonly string[]
  readonly results: readonly string[]
}

/**
 * The chain from the newest entry back to the first. A reply is written as one line for each of its blocks, and the
 * results of calls that ran together hang on the lines of their calls, beside the chain: they belong to it too.
 */
export async function chainOf(path: string, bytesMax: number): Promise<Chain> {
  const entries = await entriesOf(path, bytesMax)
  const main = [...entries.values()].filter((entry) => !entry.isSidechain)
  const isSidechain = main.length === 0
  const leaf = (isSidechain ? [...entries.values()] : main).reduce<Entry | undefined>(
    (newest, entry) => (newest === undefined || entry.line > newest.line ? entry : newest),
    undefined,
  )
  if (leaf === undefined) return { has: () => false, isSidechain }
  const { ids } = pathTo(leaf, entries)
  const onPath = [...entries.values()].filter(({ id }) => ids.has(id))
  const replies = new Set(onPath.flatMap(({ reply }) => reply ?? []))
  const sameReply = [...entries.values()].filter(({ reply }) => reply !== undefined && replies.has(reply))
  const kept = new Set([...onPath, ...sameReply].map(({ line }) => line))
  const calls = new Set([...onPath, ...sameReply].flatMap((entry) => entry.calls))
  const answered = new Set(onPath.flatMap((entry) => entry.results))
  for (const { line, results } of entries.values()) {
    if (!results.some((id) => calls.has(id) && !answered.has(id))) continue
    kept.add(line)
    for (const id of results) answered.add(id)
  }
  return { has: (line) => kept.has(line), isSidechain }
}

async function entriesOf(path: string, bytesMax: number): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>()
  for await (const { line, json } of recordsOf(path, new Ledger(), { bytesMax })) {
    const id = asText(json.uuid)
    // A resumed log may repeat what it goes on from; the first stands.
    if (id === undefined || entries.has(id)) continue
    const message = asObject(json.message)
    const blocks = asList(message?.content).map((block) => asObject(block) ?? {})
    entries.set(id, {
      id,
      line,
      parent: asText(json.parentUuid) ?? asText(json.logicalParentUuid),
      isSidechain: json.isSidechain === true,
      reply: json.type === "assistant" ? asText(message?.id) : undefined,
      calls: idsIn(blocks, "tool_use", "id"),
      results: idsIn(blocks, "tool_result", "tool_use_id"),
    })
  }
  return entries
}

function idsIn(blocks: readonly Json[], type: string, key: string): string[] {
  return blocks.flatMap((block) => (block.type === type ? (asText(block[key]) ?? []) : []))
}
