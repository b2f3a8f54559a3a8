import type { Message, ModelChunk, ModelRequest } from "@skein/core/ports"
import { type ModelInfo, SkeinError } from "@skein/protocol"
import type { Choice } from "./choose.ts"
import type { OwnServer } from "./local.ts"
import type { Credential } from "./logins.ts"
import { baseUrlOf, type Environment } from "./providers/address.ts"
import type { PackageRow, WireRow } from "./providers/row.ts"
import type { OwnRow } from "./providers/user.ts"
import { storedLost } from "./stored.ts"
import type { Fetch } from "./tape/tape.ts"
import { targetOf } from "./target.ts"
import type { Asking } from "./wire/loaded-window.ts"
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
  /** Of a server that says which window its model has, and cuts off in silence what is longer. */
  readonly server?: OwnServer | undefined
}

/** As the transport takes it, with a `fetch` that a package can use too. */
type Sending = Omit<SendOptions, "fetch"> & { readonly fetch: Fetch }

type Reply = AsyncIterable<readonly ModelChunk[]>

/** One request to one model. */
export type Ask = (asked: Asked, request: ModelRequest, signal: AbortSignal) => Reply

/** Asks once, through the row's wire or its package; whichever it is, is loaded here. */
export function ask(asked: Asked, request: ModelRequest, signal: AbortSignal): Reply {
  const { row } = asked
  return "package" in row ? PACKAGES[row.package](asked, row, request, signal) : askWire(asked, row, request, signal)
}

async function* askWire(asked: Asked, row: OwnRow & WireRow, request: ModelRequest, signal: AbortSignal): Reply {
  const target = targetOf(row, asked.modelId, { ...asked, isSearching: request.search !== undefined })
  const [wire, { send }] = await Promise.all([WIRES[target.provider.wire](), import("./wire/transport.ts")])
  const reply = send(wire, request, target, asked.sending, signal)
  try {
    yield* asked.server === undefined ? reply : watched(reply, { target, server: asked.server, request, signal })
  } catch (error) {
    throw chatHint(storedLost(error, request, target), target)
  }
}

async function* watched(
  reply: Reply,
  { request, ...asking }: { readonly request: ModelRequest } & Omit<Asking, "unitsSent">,
): Reply {
  const { withinWindow } = await import("./wire/loaded-window.ts")
  yield* withinWindow(reply, { ...asking, unitsSent: textUnits(request) })
}

/**
 * How long the texts of a request are together. What may stay home is not counted, as thoughts and what another provider
 * wants back; nor are pictures, which are counted by other means.
 */
function textUnits({ system, messages }: ModelRequest): number {
  const blocks: readonly Message["content"][number][] = messages.flatMap(({ content }) => [...content])
  return [...system.map((text) => text.length), ...blocks.map(blockUnits)].reduce((sum, units) => sum + units, 0)
}

function blockUnits(block: Message["content"][number]): number {
  if (block.type === "text") return block.text.length
  if (block.type === "call") return JSON.stringify(block.input)?.length ?? 0
  return block.type === "result" ? block.content.reduce((sum, part) => sum + blockUnits(part), 0) : 0
}

/** Each wire is loaded when it is first spoken. */
const WIRES: Readonly<Record<WireName, () => Promise<Wire>>> = {
  "anthropic-messages": async () => (await import("./wire/anthropic-messages.ts")).anthropicMessages,
  "openai-responses": async () => (await import("./wire/openai-responses.ts")).openaiResponses,
  "openai-chat": async () => (await import("./wire/openai-chat.ts")).openaiChat,
  "ollama-chat": async () => (await import("./wire/ollama-chat.ts")).ollamaChat,
  "google-gemini": async () => (await import("./wire/google-gemini.ts")).googleGemini,
}

/** What is served by a way of its own; each is loaded when it is first gone. */
const PACKAGES: Readonly<Record<PackageRow["package"], AskPackage>> = {
  "amazon-bedrock": askBedrock,
  "gemini-web": askGeminiWeb,
}

type AskPackage = (asked: Asked, row: OwnRow & PackageRow, request: ModelRequest, signal: AbortSignal) => Reply

async function* askGeminiWeb(
  asked: Asked,
  row: OwnRow & PackageRow,
  request: ModelRequest,
  signal: AbortSignal,
): Reply {
  const { modelId, info, key, credential, env, sending } = asked
  const { geminiWeb } = await import("./gemini-web/gemini-web.ts")
  // The wire is never read: messages go by name and address.
  const target = { provider: { ...row, wire: "openai-chat" as const }, modelId, info, key }
  yield* geminiWeb({ ...target, baseUrl: baseUrlOf(row, env, credential) }, request, sending, signal)
}

async function* askBedrock(asked: Asked, row: OwnRow & PackageRow, request: ModelRequest, signal: AbortSignal): Reply {
  const { modelId, info, key = "", credential, env, sending } = asked
  const moved = baseUrlOf(row, env, credential)
  const [{ bedrock, bedrockCacheMark }, { fromPackage }, { limitsOf }] = await Promise.all([
    import("./package/bedrock.ts"),
    import("./package/package.ts"),
    import("./wire/watchdog.ts"),
  ])
  const access = { env, key, login: credential?.aws, baseUrl: moved, through: sending.fetch }
  const asking = await bedrock(modelId, access)
  yield* fromPackage({ row, modelId, info, key, ...asking, cacheMark: bedrockCacheMark(modelId) }, request, signal, {
    ...limitsOf(sending, undefined),
    clock: sending.clock,
  })
}

/** A compatible server without the Responses API answers 404; only this can say what to do about it. */
function chatHint(error: unknown, { provider, modelId }: Target): unknown {
  const isLacking =
    error instanceof SkeinError &&
    error.httpStatus === 404 &&
    error.code !== "provider.stored_lost" &&
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
