import { type ModelInfo, SkeinError } from "@skein/protocol"
import type { Environment } from "./providers/address.ts"
import type { OwnRow } from "./providers/user.ts"
import type { Fetch } from "./tape/tape.ts"
import { targetOf } from "./target.ts"
import { beginningOf } from "./wire/beginning.ts"
import { endpoint, headersFor, versioned } from "./wire/endpoint.ts"
import { httpError } from "./wire/http-errors.ts"
import type { Target } from "./wire/wire.ts"
import { whoIs } from "./wire/wording.ts"

interface Checking {
  readonly row: OwnRow
  readonly key: string
  readonly env: Environment
  readonly fetch: Fetch
  readonly info: ModelInfo
  /** Milliseconds since 1970. */
  readonly now: number
}

const ANSWER_CHARS_MAX = 10_000

/** Asks for the list of models, which costs nothing. Throws SkeinError `provider.*`, as a refused request would. */
export async function check(
  { row, key, env, fetch: through, info, now }: Checking,
  signal: AbortSignal,
): Promise<void> {
  if ("package" in row || row.lacksModelList === true)
    throw new SkeinError(
      "op.unsupported",
      `A key of ${row.name} cannot be checked without asking a model. Leave out --check.`,
    )
  const target = targetOf(row, "", { info, key, env })
  const { path, headers } = listRequest(target, 1)
  const response = await through(endpoint(target.baseUrl, path), { headers, redirect: "manual", signal }).catch(
    (cause) => {
      throw new SkeinError("provider.unavailable", `${whoIs(target)} could not be asked whether it takes the key.`, {
        cause,
      })
    },
  )
  const body = await beginningOf(response, ANSWER_CHARS_MAX)
  if (!response.ok) throw httpError({ status: response.status, headers: response.headers, body, now }, target)
}

/** The request for the models that a server has, below its base URL; `entriesMax` holds where a server takes one. */
export function listRequest(target: Target, entriesMax = 1000): { path: string; headers: Record<string, string> } {
  switch (target.provider.wire) {
    case "anthropic-messages":
      return {
        path: versioned(target.baseUrl, "/v1", "/models"),
        headers: headersFor(target, "x-api-key", { "anthropic-version": "2023-06-01" }),
      }
    case "google-gemini":
      return {
        path: versioned(target.baseUrl, "/v1beta", `/models?pageSize=${entriesMax}`),
        headers: headersFor(target, "x-goog-api-key"),
      }
    case "ollama-chat":
      return { path: "/api/tags", headers: headersFor(target, "authorization") }
    case "openai-responses":
    case "openai-chat":
      return { path: "/models", headers: headersFor(target, "authorization") }
  }
}
