import { SkeinError } from "@skein/protocol"
import type { OwnServer } from "./local.ts"
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
  const response = await server.fetch(`${server.baseUrl}/api/pull`, { method: "POST", body, signal }).catch((cause) => {
    signal.throwIfAborted()
    throw new SkeinError("provider.unavailable", `No Ollama answers at ${server.baseUrl}. Is it running?`, { cause })
  })
  const lines = lineDecoder()
  let isThere = false
  for await (const bytes of response.body ?? []) {
    for (const { data } of lines.feed(bytes)) isThere = heard(data, onProgress) || isThere
  }
  for (const { data } of lines.end()) isThere = heard(data, onProgress) || isThere
  if (!isThere) throw failed("it ended before the model was there; the same command goes on")
}

interface PullLine {
  readonly status?: unknown
  readonly error?: unknown
  readonly completed?: unknown
  readonly total?: unknown
}

/** True when the model is there. */
function heard(text: string, onProgress: Pulling["onProgress"]): boolean {
  const line = JSON.parse(text) as PullLine
  if (line.error !== undefined) throw failed(String(line.error).slice(0, 300))
  if (typeof line.completed === "number") {
    onProgress(line.completed, typeof line.total === "number" ? line.total : undefined)
  }
  return line.status === "success"
}

function failed(why: string): SkeinError {
  return new SkeinError("provider.unavailable", `Ollama could not get the model: ${why}.`)
}
