import { SkeinError } from "@skein/protocol"
import type { OwnServer } from "./local.ts"
import { beginningOf } from "./wire/beginning.ts"
import { asObject, asText } from "./wire/json.ts"
import { lineDecoder } from "./wire/lines.ts"

/** How far a server is, and the way to stop it. */
export interface Pulling {
  readonly signal: AbortSignal
  readonly onProgress: (bytes: number, bytesTotal: number | undefined) => void
}

/**
 * Has an Ollama get a model (`POST /api/pull` of its API), and hears how far it is. Throws SkeinError
 * `provider.unavailable` with what it said. What came so far it keeps.
 */
export async function pullModel(modelId: string, server: OwnServer, { signal, onProgress }: Pulling): Promise<void> {
  const body = JSON.stringify({ model: modelId, stream: true })
  const init = { method: "POST", body, signal, redirect: "manual" } as const
  const response = await server.fetch(`${server.baseUrl}/api/pull`, init).catch((cause) => {
    signal.throwIfAborted()
    throw new SkeinError("provider.unavailable", `No Ollama answers at ${server.baseUrl}. Is it running?`, { cause })
  })
  if (!response.ok) throw refusal(response.status, await beginningOf(response, WORDS_CHARS_MAX))
  const lines = lineDecoder()
  let isThere = false
  for await (const bytes of response.body ?? []) {
    for (const { data } of lines.feed(bytes)) isThere = heard(data, onProgress) || isThere
  }
  for (const { data } of lines.end()) isThere = heard(data, onProgress) || isThere
  if (!isThere) throw failed("it ended before the model was there; the same command goes on")
}

/** True when the model is there. */
function heard(text: string, onProgress: Pulling["onProgress"]): boolean {
  const line = objectIn(text)
  if (line === undefined) throw failed(`it said ${shown(text)}`)
  if (line.error !== undefined) throw failed(shown(asText(line.error)))
  if (typeof line.completed === "number") {
    onProgress(line.completed, typeof line.total === "number" ? line.total : undefined)
  }
  return line.status === "success"
}

function objectIn(text: string) {
  try {
    return asObject(JSON.parse(text))
  } catch {
    // A page, or another program: it is told with what it said.
    return undefined
  }
}

/** Ollama says in a field why it will not; another server says anything. */
function refusal(status: number, body: string): SkeinError {
  const words = asText(objectIn(body)?.error) || `HTTP ${status} ${shown(body)}`
  return failed(shown(words))
}

const WORDS_CHARS_MAX = 300

/** What a person may see of a server's words. */
function shown(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .slice(0, WORDS_CHARS_MAX)
}

function failed(why: string): SkeinError {
  return new SkeinError("provider.unavailable", `Ollama could not get the model: ${why}.`)
}
