import type { ModelOverride } from "./catalog/catalog.ts"
import type { Fetch } from "./tape/tape.ts"

/** The row whose server says itself what it has. */
export const LOCAL_ID = "ollama"

/** Where a local Ollama is, and the way there. */
export interface LocalServer {
  /** With or without the `/v1` of its Chat API. */
  readonly baseUrl: string
  readonly fetch: Fetch
  /** For each request; 800 when not given. A server on this machine answers at once or is not there. */
  readonly timeoutMs?: number | undefined
}

/** What a local Ollama says of one of its models, as an override for `models`. */
export interface LocalModel extends ModelOverride {
  /** How far the model could go; `contextTokens` is what the server gives it, and is absent when it does not say. */
  readonly contextTokensPossible?: number | undefined
}

/** The models a local Ollama has, newest first; undefined when none answers in time. On demand only. */
export async function localModels(server: LocalServer): Promise<readonly string[] | undefined> {
  const answer = record(await ask("/api/tags", server))
  if (!Array.isArray(answer.models)) return undefined
  return answer.models
    .map(record)
    .filter(({ name, details }) => typeof name === "string" && !embeds(name, String(record(details).family)))
    .map(({ name }) => `${LOCAL_ID}/${name}`)
}

/**
 * One model of a local Ollama; undefined when it does not answer or does not have it. The window is the one it was loaded
 * with, or the `num_ctx` of its Modelfile. Ollama cuts a longer conversation off without a word, and its `/v1` takes no
 * other window from a request: whoever has no number here should have OLLAMA_CONTEXT_LENGTH or `num_ctx` set.
 */
export async function localModel(modelId: string, server: LocalServer): Promise<LocalModel | undefined> {
  const [shown, running] = await Promise.all([ask("/api/show", server, { model: modelId }), ask("/api/ps", server)])
  if (shown === undefined) return undefined
  const { model_info: facts, parameters, capabilities } = record(shown)
  const can = Array.isArray(capabilities) ? capabilities : undefined
  const possible = Object.entries(record(facts)).find(([name]) => name.endsWith(".context_length"))?.[1]
  return {
    contextTokens: loadedWindow(modelId, running) ?? windowIn(parameters),
    contextTokensPossible: count(possible),
    images: can?.includes("vision"),
    tools: can?.includes("tools"),
    reasoning: can?.includes("thinking"),
  }
}

function loadedWindow(modelId: string, running: unknown): number | undefined {
  const { models } = record(running)
  const loaded = Array.isArray(models) ? models.map(record) : []
  return count(loaded.find(({ name }) => name === modelId || name === `${modelId}:latest`)?.context_length)
}

/** The Modelfile's parameters are lines: `num_ctx    8192`. */
function windowIn(parameters: unknown): number | undefined {
  return count(Number(/^num_ctx\s+(\d+)/m.exec(String(parameters))?.[1]))
}

function count(value: unknown): number | undefined {
  return typeof value === "number" && value > 0 ? value : undefined
}

function embeds(name: string, family: string): boolean {
  return /embed|minilm|bge-/.test(name) || family.includes("bert")
}

async function ask(path: string, server: LocalServer, body?: unknown): Promise<unknown> {
  const root = server.baseUrl.replace(/\/+$/, "").replace(/\/v1$/, "")
  const signal = AbortSignal.timeout(server.timeoutMs ?? 800)
  const init = body === undefined ? { signal } : { signal, method: "POST", body: JSON.stringify(body) }
  try {
    const response = await server.fetch(`${root}${path}`, init)
    return response.ok ? await response.json() : undefined
  } catch {
    // Nothing listens there, or it is something else: the answer is that there is no local Ollama.
    return undefined
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {}
}
