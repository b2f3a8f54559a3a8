import type { ClockPort, ModelChunk, ModelPort, ModelRequest } from "@skein/core/ports"
import { type ModelInfo, SkeinError } from "@skein/protocol"
import { catalog, entryOf, infoOf, type ModelOverride } from "./catalog/catalog.ts"
import { type Choice, choose, defaultModel } from "./choose.ts"
import { isOwnMachine, type NetworkOptions, reaching } from "./network.ts"
import { baseUrlOf, type Environment } from "./providers/address.ts"
import type { PackageRow } from "./providers/rows.ts"
import { type OwnRow, rowsWith, type UserProvider } from "./providers/user.ts"
import type { Fetch } from "./tape/tape.ts"
import { targetOf } from "./target.ts"
import { withUsage } from "./usage.ts"
import type { SendOptions } from "./wire/transport.ts"
import type { Target, Wire, WireName } from "./wire/wire.ts"

export interface ModelsOptions {
  readonly env: Environment
  /** Looks for a provider's key when it is needed, never before. Undefined: there is none. */
  readonly key: (provider: KeyOwner) => string | undefined
  /** The user's own providers, and changes to the known ones. */
  readonly providers?: readonly UserProvider[] | undefined
  /** By `provider/model`: what the user knows better than the catalogue. */
  readonly overrides?: Readonly<Record<string, ModelOverride>> | undefined
  /** Stands in for the network: a recording, a replay, a test. Proxy and certificates are then its own business. */
  readonly fetch?: Fetch | undefined
  readonly network?: NetworkOptions | undefined
  readonly timeouts?: Pick<SendOptions, "headersTimeoutMs" | "idleTimeoutMs"> | undefined
  readonly clock: ClockPort
}

/** What finding a key needs of a provider. */
export interface KeyOwner {
  readonly id: string
  readonly name: string
  /** Variables that may hold the key, first wins. */
  readonly keyEnv: readonly string[]
}

/** The models of all providers behind one port, and the one to take when nobody has chosen. */
export interface Models extends ModelPort {
  /** `provider/model` of whatever a person wrote: an alias, a bare id. Throws SkeinError `model.unknown`. */
  resolve(name: string): string
  /** The default model of the first provider that has a key; undefined when none has. Asks no network. */
  defaultModel(): string | undefined
}

/** Builds the port. Loads no wire, reads no catalogue and looks for no key until a model is asked for. */
export function models(options: ModelsOptions): Models {
  const rows = rowsWith(options.providers ?? [])
  const reach = networks(options)

  function keyOf(row: OwnRow): string | undefined {
    const key = options.key(row)?.trim()
    return key === "" ? undefined : key
  }
  /** A broken key of one provider is told when that one is asked, and does not hide the models of the others. */
  function usableKeyOf(row: OwnRow): string | undefined {
    try {
      return keyOf(row)
    } catch (error) {
      if (error instanceof SkeinError) return undefined
      throw error
    }
  }
  /** A server on this very machine that the user pointed at is asked without a key too. */
  function isReady(row: OwnRow, key: string | undefined): boolean {
    return key !== undefined || row.keyEnv.length === 0 || isOwnServer(row)
  }
  function isOwnServer(row: OwnRow): boolean {
    const baseUrl = baseUrlOf(row, options.env)
    return (baseUrl !== row.baseUrl || row.isMoved === true) && isOwnMachine(baseUrl)
  }
  function describe({ row, modelId }: Choice, key: string | undefined): ModelInfo {
    const catalogued = ("catalogOf" in row ? row.catalogOf : undefined) ?? row.id
    const override = options.overrides?.[`${row.id}/${modelId}`]
    return infoOf(row.id, modelId, entryOf(catalogued, modelId), override, isReady(row, key))
  }
  function ready(name: string): { choice: Choice; key: string | undefined; info: ModelInfo } {
    const choice = choose(name, rows)
    const key = keyOf(choice.row)
    const info = describe(choice, key)
    if (!info.isReady) throw noKey(choice)
    return { choice, key, info }
  }

  return {
    describe: (model) => ready(model).info,
    resolve(name) {
      const { row, modelId } = choose(name, rows)
      return `${row.id}/${modelId}`
    },
    defaultModel: () => defaultModel(rows, (row) => isReady(row, keyOf(row))),
    list: () =>
      rows.flatMap((row) => {
        const key = usableKeyOf(row)
        return listed(row, options.overrides ?? {}).map((modelId) => describe({ row, modelId }, key))
      }),
    async *stream(request, signal) {
      const { choice, key, info } = ready(request.model)
      const ask = "package" in choice.row ? askPackage : askWire
      yield* withUsage(request, ask({ ...choice, key, info, options, fetch: reach(choice.row) }, request, signal))
    },
  }
}

interface Asked extends Choice {
  readonly key: string | undefined
  readonly info: ModelInfo
  readonly options: ModelsOptions
  readonly fetch: Fetch
}

type Reply = AsyncIterable<readonly ModelChunk[]>

async function* askWire(asked: Asked, request: ModelRequest, signal: AbortSignal): Reply {
  const { row, modelId, options } = asked
  if ("package" in row) throw new Error(`${row.id} has no wire`)
  const target = targetOf(row, modelId, { info: asked.info, key: asked.key, env: options.env })
  const [wire, { send }] = await Promise.all([WIRES[target.provider.wire](), import("./wire/transport.ts")])
  try {
    const sending = { fetch: asked.fetch, clock: options.clock, ...options.timeouts }
    yield* send(wire, request, target, sending, signal)
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

async function* askPackage(asked: Asked, request: ModelRequest, signal: AbortSignal): Reply {
  const { modelId, info, key = "", options, fetch } = asked
  const row = asked.row as OwnRow & PackageRow
  const baseUrl = baseUrlOf(row, options.env)
  const [{ bedrock, bedrockCacheMark }, { fromPackage }] = await Promise.all([
    import("./package/bedrock.ts"),
    import("./package/package.ts"),
  ])
  const model = await bedrock(modelId, options.env, key, baseUrl, fetch)
  yield* fromPackage({ row, modelId, info, baseUrl, key, model, cacheMark: bedrockCacheMark(modelId) }, request, signal)
}

/** One way out for each proxy. */
function networks(options: ModelsOptions): (row: OwnRow) => Fetch {
  const made = new Map<string | undefined, Fetch>()
  return (row) => {
    if (options.fetch !== undefined) return options.fetch
    const proxy = row.proxy ?? options.network?.proxy
    const fetch = made.get(proxy) ?? reaching({ ...options.network, proxy })
    made.set(proxy, fetch)
    return fetch
  }
}

function listed(row: OwnRow, overrides: Readonly<Record<string, ModelOverride>>): readonly string[] {
  const own = Object.keys(overrides).filter((name) => name.startsWith(`${row.id}/`))
  const ids = [...Object.keys(catalog().models[row.id] ?? {}), ...own.map((name) => name.slice(row.id.length + 1))]
  return [
    ...new Set([...ids, ...(row.defaultModel === undefined || row.catalogOf !== undefined ? [] : [row.defaultModel])]),
  ]
}

function noKey({ row, modelId }: Choice): SkeinError {
  const [first = "", ...others] = row.keyEnv
  const also = others.length === 0 ? "" : ` (or ${others.join(", ")})`
  return new SkeinError(
    "model.no_key",
    `No key for ${row.name}, which serves ${modelId}. Set ${first}${also}, or give a key file.`,
  )
}

/** A compatible server without the Responses API answers 404; only this can say what to do about it. */
function chatHint(error: unknown, { provider, modelId }: Target): unknown {
  const isLacking = error instanceof SkeinError && error.httpStatus === 404 && provider.wire === "openai-responses"
  if (!isLacking || provider.dialect?.isGateway !== true) return error
  const text = `${error.message} Many compatible servers speak only Chat: choose openai-chat/${modelId}, or set SKEIN_OPENAI_WIRE=chat.`
  return new SkeinError(error.code, text, {
    cause: error,
    httpStatus: 404,
    ...(error.requestId === undefined ? {} : { requestId: error.requestId }),
  })
}
