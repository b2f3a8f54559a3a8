import type { ModelChunk } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import { anthropicMessages } from "./wire/anthropic-messages.ts"
import { googleGemini } from "./wire/google-gemini.ts"
import { ollamaChat } from "./wire/ollama-chat.ts"
import { openaiChat } from "./wire/openai-chat.ts"
import { openaiResponses } from "./wire/openai-responses.ts"
import { readReply } from "./wire/reply.ts"
import type { Target, Wire, WireName } from "./wire/wire.ts"

export interface CapturedHow {
  /** As `openai-responses`. Absent: what the stream looks like. */
  readonly wire?: string | undefined
  /** Bytes that are fed to the decoder at once; all of them when not given. */
  readonly bytesMax?: number | undefined
}

/** A reply that was read from a file. */
export interface Captured {
  readonly wire: WireName
  /** One for each piece that said anything. */
  readonly bursts: readonly (readonly ModelChunk[])[]
}

/** Reads a captured stream through the decoder of its wire, offline (FEATURES PROV-20). */
export function captured(stream: Uint8Array, { wire: name, bytesMax = stream.length }: CapturedHow = {}): Captured {
  const wire = wireOf(name, stream)
  const target = targetFor(wire.name)
  const reply = readReply(wire.decoder(target), target)
  const bursts: (readonly ModelChunk[])[] = []
  const size = Math.max(1, bytesMax)
  for (let at = 0; at < stream.length; at += size) bursts.push(reply.feed(stream.subarray(at, at + size)))
  bursts.push(reply.end())
  return { wire: wire.name, bursts: bursts.filter((burst) => burst.length > 0) }
}

const WIRES: readonly (Wire & { readonly looks: RegExp })[] = [
  { ...openaiResponses, looks: /"type"\s*:\s*"response\.|^event:\s*response\./m },
  { ...anthropicMessages, looks: /"type"\s*:\s*"(?:message_start|content_block_)/ },
  { ...googleGemini, looks: /"candidates"\s*:|"usageMetadata"\s*:/ },
  { ...openaiChat, looks: /"choices"\s*:/ },
  { ...ollamaChat, looks: /^\s*\{.*"done"\s*:/ },
]
/** Its first events say it. */
const HEAD_BYTES = 65_536

function wireOf(name: string | undefined, stream: Uint8Array): Wire {
  const head = new TextDecoder().decode(stream.subarray(0, HEAD_BYTES))
  const found = WIRES.find((wire) => (name === undefined ? wire.looks.test(head) : wire.name === name))
  if (found !== undefined) return found
  const known = WIRES.map((wire) => wire.name).join(", ")
  const why = name === undefined ? "It looks like no stream that is known" : `There is no wire ${JSON.stringify(name)}`
  throw new SkeinError("op.unsupported", `${why}. Name one with --wire: ${known}.`)
}

/** Nobody is asked, so nothing about the provider is known but how it speaks. */
function targetFor(wire: WireName): Target {
  const provider = { id: "captured", name: "the captured stream", wire, baseUrl: "", keyEnv: [], baseUrlEnv: [] }
  const info = { provider: "captured", id: "captured", images: true, tools: true, reasoning: true, isReady: true }
  return { provider, modelId: "captured", info, baseUrl: "", key: undefined }
}
