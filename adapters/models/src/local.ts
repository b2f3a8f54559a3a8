import { baseUrlOf, type Environment } from "./providers/address.ts"
import { ROWS } from "./providers/rows.ts"
import type { Fetch } from "./tape/tape.ts"

/** The models a local Ollama has, newest first; undefined when none answers in time. On demand only. */
export async function localModels(
  env: Environment,
  options: { readonly fetch?: Fetch | undefined; readonly timeoutMs?: number | undefined } = {},
): Promise<readonly string[] | undefined> {
  const row = ROWS.find(({ id }) => id === "ollama")
  if (row === undefined) return undefined
  const root = baseUrlOf(row, env).replace(/\/v1$/, "")
  const ask = options.fetch ?? ((url: string, init?: RequestInit) => fetch(url, init))
  try {
    const response = await ask(`${root}/api/tags`, { signal: AbortSignal.timeout(options.timeoutMs ?? 800) })
    if (!response.ok) return undefined
    return namesOf(await response.json())
  } catch {
    // Nothing listens there, or it is something else: the answer is that there is no local Ollama.
    return undefined
  }
}

/** Names in a `/api/tags` answer, without the models that only embed. */
function namesOf(answer: unknown): readonly string[] {
  const models = (answer as { models?: unknown } | null)?.models
  if (!Array.isArray(models)) return []
  const named = models.filter(
    (model): model is { name: string; details?: { family?: string } } => typeof model?.name === "string",
  )
  return named
    .filter(({ name, details }) => !/embed|minilm|bge-/.test(name) && !/bert/.test(details?.family ?? ""))
    .map(({ name }) => `ollama/${name}`)
}
