import { listRequest } from "./check.ts"
import type { Fetch } from "./tape/tape.ts"
import { windowOfEntry } from "./windows.ts"
import { endpoint } from "./wire/endpoint.ts"
import { asArray, asObject, type JsonObject, present } from "./wire/json.ts"
import type { Target } from "./wire/wire.ts"

/** A person waits for the list, and sees it without what did not come. */
const TIMEOUT_MS = 1_500
const BYTES_MAX = 1_000_000
const MODELS_MAX = 500

/** The ids of the models that a server says it has; none of one that does not say so in time, or not as others do. */
export async function servedModels(target: Target, through: Fetch): Promise<readonly string[]> {
  if (target.provider.wire === "google-gemini" || target.provider.wire === "ollama-chat") return []
  const { path, headers } = listRequest(target)
  const init = { headers: { ...headers, accept: "application/json" }, redirect: "manual" } as const
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const response = await through(endpoint(target.baseUrl, path), { ...init, signal })
    return response.ok ? idsIn(JSON.parse(await beginningOf(response))) : []
  } catch {
    // It is not there, it is slow, or it is something else: the list goes without it, and asking it says why.
    return []
  }
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
    const answer = asObject(JSON.parse(await beginningOf(response)))
    return asArray(answer?.data ?? answer?.models).flatMap((one) => present(asObject(one)))
  } catch {
    // It is not there, it is slow, or it is something else: the window stays unknown, and that is said.
    return []
  }
}

/** A longer list is cut off, and is no list then. */
async function beginningOf({ body }: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ""
  for await (const piece of body ?? []) {
    text += decoder.decode(piece, { stream: true })
    if (text.length > BYTES_MAX) break
  }
  return text
}

function idsIn(answer: unknown): readonly string[] {
  const data = typeof answer === "object" && answer !== null && "data" in answer ? answer.data : undefined
  if (!Array.isArray(data)) return []
  const ids = data.map((one: unknown) =>
    typeof one === "object" && one !== null && "id" in one && typeof one.id === "string" ? one.id : "",
  )
  return ids.filter((id) => ID.test(id)).slice(0, MODELS_MAX)
}

/** What can be a model's name: nothing that moves a cursor or breaks a line. */
const ID = /^[\w./:@+~-]{1,200}$/
