import type { ModelChunk, ModelRequest } from "@skein/core/ports"
import { type ModelInfo, SkeinError } from "@skein/protocol"
import type { Choice } from "./choose.ts"
import type { Credential } from "./logins.ts"
import { baseUrlOf, type Environment } from "./providers/address.ts"
import type { PackageRow, WireRow } from "./providers/row.ts"
import type { OwnRow } from "./providers/user.ts"
import type { Fetch } from "./tape/tape.ts"
import { targetOf } from "./target.ts"
import type { SendOptions } from "./wire/transport.ts"
import type { Dialect, Target, Wire, WireName } from "./wire/wire.ts"

/** A model, and all that one request to it takes. */
export interface Asked extends Choice {
  readonly key: string | undefined
  readonly credential?: Credential | undefined
  readonly info: ModelInfo
  readonly env: Environment
  /** What was learned of this model, over the dialect of its provider. */
  readonly quirk?: Dialect | undefined
  readonly sending: Sending
}

/** As the transport takes it, with a `fetch` that a package can use too. */
type Sending = Omit<SendOptions, "fetch"> & { readonly fetch: Fetch }

type Reply = AsyncIterable<readonly ModelChunk[]>

/** One request to one model. */
export type Ask = (asked: Asked, request: ModelRequest, signal: AbortSignal) => Reply

/** Asks once, through the row's wire or its package; whichever it is, is loaded here. */
export function ask(asked: Asked, request: ModelRequest, signal: AbortSignal): Reply {
  const { row } = asked
  return "package" in row ? askPackage(asked, row, request, signal) : askWire(asked, row, request, signal)
}

async function* askWire(asked: Asked, row: OwnRow & WireRow, request: ModelRequest, signal: AbortSignal): Reply {
  const target = targetOf(row, asked.modelId, asked)
  const [wire, { send }] = await Promise.all([WIRES[target.provider.wire](), import("./wire/transport.ts")])
  try {
    yield* send(wire, request, target, asked.sending, signal)
  } catch (error) {
    throw chatHint(error, target)
  }
}

/** Each wire is loaded when it is first spoken. */
const WIRES: Readonly<Record<WireName, () => Promise<Wire>>> = {
  "anthropic-messages": async () => (await import("./wire/anthropic-messages.ts")).anthropicMessages,
  "openai-responses": async () => (await import("./wire/openai-responses.ts")).openaiResponses,
  "openai-chat": async () => (await import("./wire/openai-chat.ts")).openaiChat,
  "google-gemini": async () => (await import("./wire/google-gemini.ts")).googleGemini,
}

async function* askPackage(asked: Asked, row: OwnRow & PackageRow, request: ModelRequest, signal: AbortSignal): Reply {
  const { modelId, info, key = "", credential, env, sending } = asked
  const moved = baseUrlOf(row, env, credential)
  const [{ bedrock, bedrockCacheMark }, { fromPackage }, { limitsOf }] = await Promise.all([
    import("./package/bedrock.ts"),
    import("./package/package.ts"),
    import("./wire/watchdog.ts"),
  ])
  const access = { env, key, login: credential?.aws, baseUrl: moved, through: sending.fetch }
  const { model, baseUrl } = await bedrock(modelId, access)
  yield* fromPackage(
    { row, modelId, info, baseUrl, key, model, cacheMark: bedrockCacheMark(modelId) },
    request,
    signal,
    {
      ...limitsOf(sending, undefined),
      clock: sending.clock,
    },
  )
}

/** A compatible server without the Responses API answers 404; only this can say what to do about it. */
function chatHint(error: unknown, { provider, modelId }: Target): unknown {
  const isLacking =
    error instanceof SkeinError &&
    error.httpStatus === 404 &&
    error.code !== "model.unknown" &&
    provider.wire === "openai-responses"
  if (!isLacking || provider.dialect?.isGateway !== true) return error
  const text = `${error.message} Many compatible servers speak only Chat: choose openai-chat/${modelId}, or set SKEIN_OPENAI_WIRE=chat.`
  return new SkeinError(error.code, text, {
    cause: error,
    httpStatus: 404,
    ...(error.requestId === undefined ? {} : { requestId: error.requestId }),
  })
}
