import type { Transport, VersionNegotiationMode } from "@modelcontextprotocol/client"
import { ToolFailure } from "@skein/core/ports"
import type { McpServerSpec } from "@skein/protocol"
import { serverGate } from "../process/gate.ts"
import { prepared, type StdioTransportSpec } from "../process/launch.ts"
import { stdioTransport } from "../process/stdio-transport.ts"
import { clientTransport } from "../wire/client-transport.ts"
import { type Address, addressOf, httpTransport, isInTheClear, sseTransport } from "../wire/http.ts"
import type { Sdk } from "../wire/sdk.ts"
import type { KeptOptions } from "./options.ts"
import { type Say, saying } from "./said.ts"
import type { Users } from "./users.ts"

/** One way to a server: a transport, and how the era is found out. */
export interface Way {
  readonly negotiation: VersionNegotiationMode
  /** The same without a probe, for a server that is known to speak the older protocol. */
  readonly unprobed?: Way
  /** The settings do not say that there is this way. */
  readonly isGuess?: true
  /** Whether it is to be tried when the way before it failed like this. */
  isWorthTrying(error: unknown, sdk: Sdk): boolean
  /** Throws ToolFailure where the settings do not say enough. */
  open(sdk: Sdk, spec: McpServerSpec, options: KeptOptions, users: Users): Opened
}

export interface Opened {
  readonly transport: Transport
  readonly say: Say
  /** Why it is over, where more is known than that. */
  end(): string | undefined
  complaint(): string
  notes(): readonly string[]
  /** Whether nothing comes any more after this error. */
  isOverAfter?(error: Error, sdk: Sdk): boolean
  close(): Promise<void>
}

/** The ways there are, in the order in which they are tried: the one that led there before is the first. */
export function waysTo({ transport }: McpServerSpec, { era }: KeptOptions, known: Way | undefined): readonly Way[] {
  const ways = {
    stdio: era === "stateless" ? [STDIO_PROBED, STDIO] : [STDIO],
    http: era === "stateful" ? [HTTP, SSE_GUESSED] : [HTTP_PROBED, HTTP, SSE_GUESSED],
    sse: [SSE],
    client: era === "stateless" ? [CLIENT_PROBED] : [CLIENT],
  }[transport.kind]
  return known === undefined ? ways : [known, ...ways.filter((way) => way !== known)]
}

const always = () => true
const never = () => false

const STDIO: Way = {
  negotiation: "legacy",
  // A process that does not know the probe may have ended of it.
  isWorthTrying: always,
  open(sdk, spec, options, users) {
    const { launch, secrets } = prepared(spec, stdioOf(spec), options)
    const say = saying(secrets)
    const transport = stdioTransport({
      ...{ launch, processes: options.processes, network: serverGate(spec.name, options.hosts, users) },
      parse: (line) => sdk.deserializeMessage(line),
      onGarbage: (line) => options.log("debug", `A line of its stdout is no message: ${say(line, LINE_CHARS_MAX)}`),
    })
    return {
      ...{ transport, say },
      end: () => transport.end,
      complaint: () => transport.complaint,
      notes: () => garbageNote(transport.garbageCount),
      close: () => transport.close(),
    }
  },
}
const LINE_CHARS_MAX = 200

const STDIO_PROBED: Way = { ...STDIO, negotiation: "auto", unprobed: STDIO, isWorthTrying: never }

function garbageNote(count: number): readonly string[] {
  if (count === 0) return []
  return [count === 1 ? "One line of its stdout was no message." : `${count} lines of its stdout were no messages.`]
}

const HTTP: Way = {
  negotiation: "legacy",
  // It was asked whether it speaks the newer protocol, and said nothing.
  isWorthTrying: (error, sdk) => sdk.SdkError.isInstance(error) && error.code === sdk.SdkErrorCode.RequestTimeout,
  open(sdk, spec, options) {
    const address = whereIs(spec, options)
    const transport = httpTransport(sdk, address, options)
    return { ...spoken(transport, address), close: () => transport.leave() }
  },
}

const HTTP_PROBED: Way = { ...HTTP, negotiation: "auto", unprobed: HTTP, isWorthTrying: never }

const SSE: Way = {
  negotiation: "legacy",
  isWorthTrying(error, sdk) {
    if (!sdk.SdkHttpError.isInstance(error)) return false
    const status = error.status ?? 0
    return status >= 400 && status < 500 && status !== 401 && status !== 403
  },
  open(sdk, spec, options) {
    const address = whereIs(spec, options)
    const transport = sseTransport(sdk, address, options)
    return {
      ...spoken(transport, address),
      // The stream is the session; one that is opened again is another.
      isOverAfter: (error) => sdk.SseError.isInstance(error),
      close: () => transport.close(),
    }
  },
}

const SSE_GUESSED: Way = { ...SSE, isGuess: true }

const CLIENT: Way = {
  negotiation: "legacy",
  isWorthTrying: never,
  open(sdk, { name }, { toClient }) {
    if (toClient === undefined)
      throw new ToolFailure(`The MCP server ${name} lives in a client, and none that passes messages on is there.`)
    const transport = clientTransport(toClient, (message) => sdk.parseJSONRPCMessage(message))
    return { ...spoken(transport, { secrets: [] }), close: () => transport.close() }
  },
}

const CLIENT_PROBED: Way = { ...CLIENT, negotiation: "auto", unprobed: CLIENT }

function stdioOf({ transport }: McpServerSpec): StdioTransportSpec {
  if (transport.kind !== "stdio") throw new Error("Only a server of a process is started as one")
  return transport
}

function whereIs(spec: McpServerSpec, options: KeptOptions): Address {
  const { name, transport } = spec
  if (transport.kind !== "http" && transport.kind !== "sse") throw new Error("Only a server over HTTP has an address")
  const address = addressOf(spec, transport, options.env)
  if (address.url.protocol !== "http:" && address.url.protocol !== "https:")
    throw new ToolFailure(`The address of the MCP server ${name} must begin with https:// or http://.`)
  if (isInTheClear(address.url))
    options.warn(`The MCP server ${name} is asked over http: what is said to it can be read on the way. Use https.`)
  return address
}

function spoken(transport: Transport, { secrets }: Pick<Address, "secrets">): Omit<Opened, "close"> {
  return { transport, say: saying(secrets), end: () => undefined, complaint: () => "", notes: () => [] }
}
