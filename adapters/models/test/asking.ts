import type { AssistantBlock, ClockPort, ModelChunk, ModelRequest } from "@skein/core/ports"
import type { ProviderData, Usage } from "@skein/protocol"
import { readReply } from "../src/wire/reply.ts"
import type { Dialect, Target, WireName } from "../src/wire/wire.ts"
import { WIRES } from "./wires.ts"

export const WIRE_NAMES = Object.keys(WIRES) as readonly WireName[]

export interface TargetFacts {
  readonly modelId?: string
  readonly dialect?: Dialect
  readonly reasoning?: boolean
  readonly outputTokensMax?: number
  readonly contextTokens?: number
  readonly baseUrl?: string
  readonly key?: string
}

/** Someone to ask. */
export function targetOf(wire: WireName, facts: TargetFacts = {}): Target {
  const baseUrl = facts.baseUrl ?? "https://api.example.test"
  const modelId = facts.modelId ?? "model-1"
  return {
    provider: {
      id: "example",
      name: "Example",
      wire,
      baseUrl,
      keyEnv: ["EXAMPLE_KEY"],
      baseUrlEnv: [],
      dialect: facts.dialect,
    },
    modelId,
    info: {
      provider: "example",
      id: modelId,
      images: true,
      tools: true,
      reasoning: facts.reasoning ?? true,
      isReady: true,
      outputTokensMax: facts.outputTokensMax,
      contextTokens: facts.contextTokens,
    },
    baseUrl,
    key: facts.key ?? "sk-secret-0123456789",
  }
}

export function requestOf(facts: Partial<ModelRequest> = {}): ModelRequest {
  return {
    model: "example/model-1",
    system: ["Be brief."],
    messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }],
    tools: [],
    cacheKey: "ses_1",
    ...facts,
  }
}

export const READ_TOOL = {
  name: "read",
  description: "Reads a file.",
  inputSchema: { type: "object", properties: { path: { type: "string" } }, required: ["path"] },
}

/** The whole reply, folded: what is said, in order, and how it ended. */
export interface Folded {
  readonly items: readonly FoldedItem[]
  readonly usage: Partial<Usage>
  readonly stop: string | undefined
}
export interface FoldedItem {
  readonly type: "text" | "reasoning" | "call"
  text: string
  name?: string
  providerCallId?: string
  isWhole: boolean
  providerData?: ProviderData
}

export function fold(chunks: Iterable<ModelChunk>): Folded {
  const items = new Map<number, FoldedItem>()
  let usage: Partial<Usage> = {}
  let stop: string | undefined
  for (const chunk of chunks) {
    if (chunk.type === "usage") usage = { ...usage, ...chunk.usage }
    else if (chunk.type === "notice") continue
    else if (chunk.type === "stop") stop = stop === undefined ? chunk.reason : "twice"
    else take(items, chunk)
  }
  return { items: [...items].toSorted(([a], [b]) => a - b).map(([, item]) => item), usage, stop }
}

function take(items: Map<number, FoldedItem>, chunk: Exclude<ModelChunk, { type: "usage" | "stop" | "notice" }>): void {
  const item = items.get(chunk.index)
  if (chunk.type === "call") {
    if (item !== undefined) throw new Error(`two items at ${chunk.index}`)
    const id = chunk.providerCallId === undefined ? {} : { providerCallId: chunk.providerCallId }
    items.set(chunk.index, { type: "call", text: "", name: chunk.name, ...id, isWhole: false })
  } else if (chunk.type === "item_end") {
    if (item === undefined || item.isWhole) throw new Error(`an end without an item at ${chunk.index}`)
    item.isWhole = true
    if (chunk.argumentsText !== undefined) item.text = chunk.argumentsText
    if (chunk.providerData !== undefined) item.providerData = chunk.providerData
  } else if (item === undefined) {
    if (chunk.type === "arguments") throw new Error(`arguments without a call at ${chunk.index}`)
    items.set(chunk.index, { type: chunk.type, text: chunk.text, isWhole: false })
  } else {
    if (item.isWhole) throw new Error(`more after the end at ${chunk.index}`)
    item.text += chunk.text
  }
}

/** Reads a captured reply, in pieces of `size` bytes. Throws what the wire throws. */
export function readAll(target: Target, stream: string | Uint8Array, size = Number.MAX_SAFE_INTEGER): Folded {
  return fold(chunksOf(target, stream, size))
}

export function chunksOf(target: Target, stream: string | Uint8Array, size = Number.MAX_SAFE_INTEGER): ModelChunk[] {
  const bytes = typeof stream === "string" ? new TextEncoder().encode(stream) : stream
  const reply = readReply(WIRES[target.provider.wire].decoder(target), target)
  const chunks: ModelChunk[] = []
  for (let at = 0; at < bytes.length; at += size)
    chunks.push(...reply.feed(bytes.subarray(at, Math.min(bytes.length, at + size))))
  chunks.push(...reply.end())
  return chunks
}

/** What the core makes of a reply: the blocks that go back with the next request. */
export function blocksOf(folded: Folded, callId: (position: number) => string): readonly AssistantBlock[] {
  return folded.items.map((item, position): AssistantBlock => {
    const data = item.providerData === undefined ? {} : { providerData: item.providerData }
    if (item.type !== "call") return { type: item.type, text: item.text, ...data }
    return { type: "call", callId: callId(position), name: item.name ?? "", input: JSON.parse(item.text), ...data }
  })
}

/** Real time; every wait ends with its signal. */
export const realClock: ClockPort = {
  now: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms)
      signal?.addEventListener("abort", () => {
        clearTimeout(timer)
        reject(signal.reason)
      })
    }),
}
