import { listRequest } from "./check.ts"
import type { Fetch } from "./tape/tape.ts"
import { windowOfEntry } from "./windows.ts"
import { beginningOf } from "./wire/beginning.ts"
import { endpoint } from "./wire/endpoint.ts"
import { asArray, asObject, asText, type JsonObject, present } from "./wire/json.ts"
import type { Target } from "./wire/wire.ts"

/** A person waits for the list, and sees it without what did not come. */
const TIMEOUT_MS = 1_500
/** A longer list is cut off, and is no list then. */
const CHARS_MAX = 4_000_000
const MODELS_MAX = 500
/** What can be a model's name: nothing that moves a cursor or breaks a line. */
const ID = /^[\w./:@+~-]{1,200}$/

/** The ids of the models that a server says it has; none of one that does not say so in time, or not as others do. */
export async function servedModels(target: Target, through: Fetch): Promise<readonly string[]> {
  if (target.provider.wire === "google-gemini" || target.provider.wire === "ollama-chat") return []
  const ids = (await listOf(target, through)).map(({ id }) => asText(id))
  return ids.filter((id) => ID.test(id)).slice(0, MODELS_MAX)
}

/** The window that a server's list gives one model, asked only for that; undefined when it does not say in time. */
export async function servedWindow(target: Target, through: Fetch): Promise<number | undefined> {
  const entries = await listOf(target, through)
  const entry = entries.find(({ id, name }) =>
    [id, name].some((text) => text === target.modelId || text === `models/${target.modelId}`),
  )
  return entry === undefined ? undefined : windowOfEntry(entry)
}

async function listOf(target: Target, through: Fetch): Promise<readonly JsonObject[]> {
  const { path, headers } = listRequest(target)
  const init = { headers: { ...headers, accept: "application/json" }, redirect: "manual" } as const
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const response = await through(endpoint(target.baseUrl, path), { ...init, signal })
    if (!response.ok) return []
    const answer = asObject(JSON.parse(await beginningOf(response, CHARS_MAX)))
    return asArray(answer?.data ?? answer?.models).flatMap((one) => present(asObject(one)))
  } catch {
    // It is not there, it is slow, or it is something else: asking it says why, and a window stays unknown, which is said.
    return []
  }
}
