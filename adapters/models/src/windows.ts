import type { ModelChunk, ModelRequest } from "@skein/core/ports"
import type { ModelInfo } from "@skein/protocol"
import type { ModelOverride } from "./catalog/catalog.ts"
import { asNumber, asObject, type JsonObject } from "./wire/json.ts"

/** A number that could be a window; whatever a server says beyond is something else. */
const WINDOW_MIN = 256
const WINDOW_MAX = 100_000_000

/** What servers call it, in a model's entry of their list: OpenRouter, vLLM, Groq, Mistral, LM Studio, llama.cpp, Gemini. */
const FIELDS = [
  "loaded_context_length",
  "max_model_len",
  "context_length",
  "context_window",
  "max_context_length",
  "n_ctx",
  "n_ctx_train",
  "inputTokenLimit",
  "context_size",
]

/** The window that a server's entry of a model names; undefined where it names none. What is loaded counts before what could be. */
export function windowOfEntry(entry: JsonObject): number | undefined {
  const places = [entry, ...["meta", "top_provider", "limits", "capabilities"].map((key) => asObject(entry[key]) ?? {})]
  const found = FIELDS.flatMap((field) => places.map((place) => asNumber(place[field])))
  return found.find(isWindow)
}

/** The window that a provider names when a conversation is too long for it. */
export function windowInWords(words: string): number | undefined {
  for (const pattern of SAID) {
    const number = Number(pattern.exec(words)?.[1]?.replace(/[,_]/g, "") ?? Number.NaN)
    if (isWindow(number)) return number
  }
  return undefined
}

const SAID = [
  /(?:maximum|max)(?: \w+)? (?:context|model|prompt) length (?:is|of|:)?\D{0,12}([\d,_]+)/i,
  /context (?:length|window|size)(?: of| is| \(|:)?\D{0,20}([\d,_]+)/i,
  /> ([\d,_]+) maximum/i,
  /"n_ctx":\s*([\d,_]+)/i,
  /token limit(?: of| is|:)?\D{0,12}([\d,_]+)/i,
  /maximum number of tokens\D{0,24}([\d,_]+)/i,
]

function isWindow(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value >= WINDOW_MIN && value <= WINDOW_MAX
}

const ANSWER_TOKENS = 32_000

/**
 * A request as the person's own words about the model have it: one window for the meter, for compaction and for what is
 * asked. Where they named a window, an answer gets a quarter of it at most, as the core reckons; `output_tokens` says more exactly.
 */
export function asOverridden(
  request: ModelRequest,
  info: ModelInfo,
  override: ModelOverride | undefined,
): ModelRequest {
  if (request.outputTokensMax !== undefined) return request
  const window = request.contextTokens ?? override?.contextTokens
  const most = override?.outputTokensMax ?? (window === undefined ? undefined : quarterOf(window, info))
  return most === undefined ? request : { ...request, outputTokensMax: most }
}

function quarterOf(window: number, { outputTokensMax = ANSWER_TOKENS }: ModelInfo): number {
  return Math.max(1, Math.min(outputTokensMax, ANSWER_TOKENS, Math.floor(window / 4)))
}

/** Tells the person, with the first of a reply. */
export async function* withNotice(
  text: string | undefined,
  reply: AsyncIterable<readonly ModelChunk[]>,
): AsyncGenerator<readonly ModelChunk[]> {
  let untold = text
  for await (const chunks of reply) {
    if (untold !== undefined) yield [{ type: "notice", code: "model.window_unknown", text: untold }]
    untold = undefined
    yield chunks
  }
}

/** What is said of a model whose window nobody knows. It is not guessed. */
export function unknownWindow(model: string): string {
  return `The window of ${model} is not known: how full it is cannot be shown, and older context is let go only when it is refused. Say it with /model ${model} --context N, or in config.toml under [models."${model}"]: context_tokens = N.`
}
