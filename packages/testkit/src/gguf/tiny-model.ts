import { type GgufFact, type GgufTensor, ggufBytes } from "./bytes.ts"

export interface TinyModel {
  /** The same number makes the same bytes. */
  readonly seed?: number | undefined
  /**
   * It begins every reply by calling a tool until it has seen what one gave, and then says some words and ends. Without
   * it, it says random text for as long as it may.
   */
  readonly isCallingTools?: boolean | undefined
  readonly contextTokens?: number | undefined
  /** A Jinja template for the conversation; none when not given. */
  readonly chatTemplate?: string | undefined
  readonly name?: string | undefined
}

const WIDTH = 64
const HIDDEN = 128
const LAYERS = 2
const CALL = "<tool_call>"
const RESPONSE = "<tool_response>"
const END = 2

/** Always the same in every token; and how much of what a tool gave has been seen. What a model leans to hangs on these. */
const CONSTANT = 0
const SEEN = 1

/**
 * A whole language model of some 500 KB in GGUF, of the llama architecture, that knows bytes and no words. Its weights
 * are random, but for the few that make it call a tool. It is slow-witted and quick, and needs no download.
 */
export function tinyModel({
  seed = 1,
  isCallingTools = false,
  contextTokens = 65_536,
  chatTemplate,
  name = "tiny",
}: TinyModel = {}): Uint8Array<ArrayBuffer> {
  const vocabulary = tokens()
  const facts: Record<string, GgufFact> = {
    "general.architecture": { type: "string", value: "llama" },
    "general.name": { type: "string", value: name },
    "llama.context_length": { type: "uint32", value: contextTokens },
    "llama.embedding_length": { type: "uint32", value: WIDTH },
    "llama.block_count": { type: "uint32", value: LAYERS },
    "llama.feed_forward_length": { type: "uint32", value: HIDDEN },
    "llama.attention.head_count": { type: "uint32", value: 2 },
    "llama.attention.head_count_kv": { type: "uint32", value: 2 },
    "llama.attention.layer_norm_rms_epsilon": { type: "float32", value: 1e-5 },
    "llama.rope.dimension_count": { type: "uint32", value: WIDTH / 2 },
    "llama.vocab_size": { type: "uint32", value: vocabulary.length },
    "tokenizer.ggml.model": { type: "string", value: "llama" },
    "tokenizer.ggml.tokens": { type: "strings", value: vocabulary.map(({ text }) => text) },
    "tokenizer.ggml.scores": { type: "float32s", value: vocabulary.map(() => 0) },
    "tokenizer.ggml.token_type": { type: "int32s", value: vocabulary.map(({ kind }) => KINDS[kind]) },
    "tokenizer.ggml.bos_token_id": { type: "uint32", value: 1 },
    "tokenizer.ggml.eos_token_id": { type: "uint32", value: END },
    "tokenizer.ggml.unknown_token_id": { type: "uint32", value: 0 },
    "tokenizer.ggml.add_bos_token": { type: "bool", value: true },
    "tokenizer.ggml.add_space_prefix": { type: "bool", value: false },
    ...(chatTemplate === undefined ? {} : { "tokenizer.chat_template": { type: "string", value: chatTemplate } }),
  }
  const weights = weightsOf(vocabulary, random(seed))
  if (isCallingTools) lean(weights, vocabulary)
  return ggufBytes(facts, weights)
}

interface Token {
  readonly text: string
  readonly kind: keyof typeof KINDS
}

const KINDS = { normal: 1, unknown: 2, control: 3, byte: 6 } as const

function tokens(): readonly Token[] {
  const bytes = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`)
  const letters = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at))
  return [
    { text: "<unk>", kind: "unknown" },
    { text: "<s>", kind: "control" },
    { text: "</s>", kind: "control" },
    ...bytes.map((text) => ({ text, kind: "byte" }) as const),
    // The tokenizer's sign for a blank.
    ...["\u2581", ...letters].map((text) => ({ text, kind: "normal" }) as const),
    ...[CALL, "</tool_call>", RESPONSE, "</tool_response>"].map((text) => ({ text, kind: "control" }) as const),
  ]
}

function weightsOf(vocabulary: readonly Token[], next: () => number): GgufTensor[] {
  const made = (name: string, columns: number, rows?: number, size = 0.5): GgufTensor => ({
    name: `${name}.weight`,
    dimensions: rows === undefined ? [columns] : [columns, rows],
    values: Float32Array.from({ length: columns * (rows ?? 1) }, () => (rows === undefined ? 1 : next() * size)),
  })
  const layers = Array.from({ length: LAYERS }, (_, at) => [
    made(`blk.${at}.attn_norm`, WIDTH),
    ...["attn_q", "attn_k", "attn_v", "attn_output"].map((name) => made(`blk.${at}.${name}`, WIDTH, WIDTH, 0.1)),
    made(`blk.${at}.ffn_norm`, WIDTH),
    made(`blk.${at}.ffn_gate`, WIDTH, HIDDEN, 0.1),
    made(`blk.${at}.ffn_up`, WIDTH, HIDDEN, 0.1),
    made(`blk.${at}.ffn_down`, HIDDEN, WIDTH, 0.1),
  ])
  return [
    made("token_embd", WIDTH, vocabulary.length),
    ...layers.flat(),
    made("output_norm", WIDTH),
    made("output", WIDTH, vocabulary.length, 0.2),
  ]
}

/**
 * The first layer attends to all tokens alike and carries into one place of the stream how many of them began what a tool
 * gave; nothing else writes to that place, nor to the constant one. The output reads them.
 */
function lean(weights: readonly GgufTensor[], vocabulary: readonly Token[]): void {
  const matrix = (name: string) => {
    const found = weights.find((tensor) => tensor.name === `${name}.weight`)
    if (found === undefined) throw new Error(`There is no ${name}`)
    const [columns = 0, rows = 0] = found.dimensions
    return {
      rows,
      set: (row: number, column: number, value: number) => found.values.set([value], row * columns + column),
      clear: (row: number) => void found.values.fill(0, row * columns, (row + 1) * columns),
      clearAll: () => void found.values.fill(0),
    }
  }
  const embedding = matrix("token_embd")
  vocabulary.forEach(({ text }, token) => {
    embedding.set(token, CONSTANT, 2)
    embedding.set(token, SEEN, text === RESPONSE ? 100 : 0)
  })
  for (const name of ["attn_q", "attn_k"]) matrix(`blk.0.${name}`).clearAll()
  const value = matrix("blk.0.attn_v")
  value.clear(SEEN)
  value.set(SEEN, SEEN, 1)
  for (let layer = 0; layer < LAYERS; layer += 1) {
    for (const name of ["attn_output", "ffn_down"]) {
      for (const place of [CONSTANT, SEEN]) matrix(`blk.${layer}.${name}`).clear(place)
    }
  }
  matrix("blk.0.attn_output").set(SEEN, SEEN, 1e6)
  const output = matrix("output")
  vocabulary.forEach(({ text, kind }, token) => {
    // It ends every string soon, where a grammar lets it begin one.
    output.set(token, CONSTANT, text === CALL ? 10 : text === '"' ? 6 : 0)
    output.set(token, SEEN, token === END ? 0.42 : kind === "normal" ? 0.2 : -10)
  })
}

/** Numbers from -1 to 1, the same ones for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2_147_483_648 - 1
  }
}
