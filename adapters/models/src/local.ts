import type { ModelOverride } from "./catalog/catalog.ts"
import type { Fetch } from "./tape/tape.ts"
import { beginningOf } from "./wire/beginning.ts"

/** A server that speaks Ollama's words, and the way there. */
export interface OwnServer {
  /** Empty for a process of our own. */
  readonly baseUrl: string
  readonly fetch: Fetch
  /** For each request; 800 when not given. A server on this machine answers at once or is not there. */
  readonly timeoutMs?: number | undefined
}

/** What such a server says of one of its models, as an override for `models`. */
export interface LocalModel extends ModelOverride {
  /** How far the model could go; `contextTokens` is what it is to be given. */
  readonly contextTokensPossible?: number | undefined
}

/** What can be a model's name: nothing that moves a cursor or breaks a line. */
const MODEL_NAME = /^[^\p{C}\p{Zl}\p{Zp}]{1,200}$/u
const MODELS_MAX = 500
const ANSWER_CHARS_MAX = 16_000_000

/** The models a server has, newest first; undefined when none answers in time. On demand only. */
export async function localModels(provider: string, server: OwnServer): Promise<readonly string[] | undefined> {
  const answer = record(await ask("/api/tags", server))
  if (!Array.isArray(answer.models)) return undefined
  return answer.models
    .map(record)
    .filter(
      ({ name, details }) => MODEL_NAME.test(String(name)) && !embeds(String(name), String(record(details).family)),
    )
    .slice(0, MODELS_MAX)
    .map(({ name }) => `${provider}/${name}`)
}

/**
 * One model of a server; undefined when it does not answer or does not have it. The window is the one that is asked for
 * with every request: what the person's Modelfile says (`num_ctx`), else as much of what the model can as its memory
 * allows and a session needs, and no less than what it is loaded with, as another window means loading it again.
 * @param memoryBytes of this machine; unbounded when not known
 */
export async function localModel(
  modelId: string,
  server: OwnServer,
  memoryBytes?: number,
): Promise<LocalModel | undefined> {
  const [shown, loaded] = await Promise.all([
    ask("/api/show", server, { model: modelId }),
    loadedWindow(modelId, server),
  ])
  if (shown === undefined) return undefined
  const { model_info: facts, parameters, capabilities } = record(shown)
  const can = Array.isArray(capabilities) ? capabilities : undefined
  const known = record(facts)
  const possible = count(fact(known, "context_length"))
  return {
    contextTokens: windowIn(parameters) ?? windowFor({ possible, loaded, memoryBytes, tokenBytes: tokenBytes(known) }),
    contextTokensPossible: possible,
    images: can?.includes("vision"),
    tools: can?.includes("tools"),
    reasoning: can?.includes("thinking"),
  }
}

/** The window that a model is loaded with now; undefined when it is not loaded, or the server does not say. */
export async function loadedWindow(modelId: string, server: OwnServer): Promise<number | undefined> {
  const { models } = record(await ask("/api/ps", server))
  const loaded = Array.isArray(models) ? models.map(record) : []
  return count(loaded.find(({ name }) => name === modelId || name === `${modelId}:latest`)?.context_length)
}

/** What a session needs to do some work before it is compacted; each token more takes memory, and time to read. */
const WINDOW_WANTED = 32_768
const WINDOW_MIN = 4_096
/** Of the machine's memory, for the window; the weights need more. */
const MEMORY_SHARE = 0.25

interface Room {
  readonly possible: number | undefined
  readonly loaded: number | undefined
  readonly memoryBytes: number | undefined
  readonly tokenBytes: number | undefined
}

function windowFor({ possible = WINDOW_MIN, loaded = 0, memoryBytes, tokenBytes: each }: Room): number {
  const isBounded = memoryBytes !== undefined && each !== undefined
  const fits = isBounded ? Math.floor((memoryBytes * MEMORY_SHARE) / each / 1024) * 1024 : WINDOW_WANTED
  const wanted = Math.max(loaded, Math.min(WINDOW_WANTED, Math.max(WINDOW_MIN, fits)))
  return Math.min(possible, wanted)
}

/** Keys and values of 16 bits, for every layer. Undefined where the model does not say how it is built. */
function tokenBytes(facts: Readonly<Record<string, unknown>>): number | undefined {
  const said = count(fact(facts, "bytes_per_token"))
  const heads = count(fact(facts, "attention.head_count"))
  const width =
    count(fact(facts, "attention.key_length")) ?? (count(fact(facts, "embedding_length")) ?? 0) / (heads ?? 1)
  const bytes =
    4 * (count(fact(facts, "block_count")) ?? 0) * (count(fact(facts, "attention.head_count_kv")) ?? heads ?? 0) * width
  return said ?? count(bytes)
}

/** Facts stand under the name of the model's architecture: `qwen3.context_length`. */
function fact(facts: Readonly<Record<string, unknown>>, name: string): unknown {
  return (
    facts[`${String(facts["general.architecture"])}.${name}`] ??
    Object.entries(facts).find(([key]) => key.endsWith(`.${name}`))?.[1]
  )
}

/** The Modelfile's parameters are lines: `num_ctx    8192`. */
function windowIn(parameters: unknown): number | undefined {
  return count(Number(/^num_ctx\s+(\d+)/m.exec(String(parameters))?.[1]))
}

function count(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? Math.floor(value) : undefined
}

function embeds(name: string, family: string): boolean {
  return /embed|minilm|bge-/.test(name) || family.includes("bert")
}

async function ask(path: string, server: OwnServer, body?: unknown): Promise<unknown> {
  const root = server.baseUrl.replace(/\/+$/, "").replace(/\/v1$/, "")
  const signal = AbortSignal.timeout(server.timeoutMs ?? 800)
  const sent = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }
  // A redirect would lead elsewhere than the person said.
  const init = { ...sent, signal, redirect: "manual" } as const
  try {
    const response = await server.fetch(`${root}${path}`, init)
    return response.ok ? JSON.parse(await beginningOf(response, ANSWER_CHARS_MAX)) : undefined
  } catch {
    // Nothing listens there, or it is something else: the answer is that there is no local Ollama.
    return undefined
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {}
}
