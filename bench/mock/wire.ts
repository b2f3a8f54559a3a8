import type { Json } from "./json.ts"

/** A tool as the agent offered it. */
export interface Tool {
  readonly name: string
  readonly schema: Json
}

/** One thing said so far, in order. A model message that only calls tools is no answer. */
export type Entry =
  | { readonly kind: "user"; readonly text: string }
  | { readonly kind: "answer" }
  | { readonly kind: "result"; readonly text: string }

export interface Conversation {
  readonly entries: readonly Entry[]
  readonly tools: readonly Tool[]
}

export interface Call {
  readonly id: string
  readonly name: string
  readonly input: Json
}

/** What the mock needs to know of one API: how a request reads and how an answer is written. */
export interface Wire {
  readonly name: "responses" | "chat" | "anthropic" | "gemini"
  matches(path: string): boolean
  isStreamed(path: string, body: Json): boolean
  read(body: Json): Conversation
  /** Frames of a streamed answer; `words` are one delta each. */
  say(model: string, words: readonly string[], body: Json): string[]
  /** Frames of a streamed tool call. */
  call(model: string, call: Call, body: Json): string[]
  /** A whole answer, for requests that are not streamed. */
  whole(model: string, text: string): Json
}

/** Tokens the mock claims to have read; the same for all, no agent has a reason to compact. */
export const INPUT_TOKENS = 100
/** Tokens the mock claims a tool call took. */
export const CALL_TOKENS = 20

export function sse(data: unknown, event?: string): string {
  return `${event === undefined ? "" : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`
}
