import type { JSONRPCMessage, StreamableHTTPClientTransport, Transport } from "@modelcontextprotocol/client"
import type { McpServerSpec, McpTransport } from "@skein/protocol"
import type { KeptOptions } from "../connection/options.ts"
import { expanded } from "../process/expansion.ts"
import { boundedFetch } from "./bounded-fetch.ts"
import { reconnections } from "./reconnections.ts"
import type { Sdk } from "./sdk.ts"

type HttpTransportSpec = Extract<McpTransport, { kind: "http" | "sse" }>

/** Where a server is asked, and with what. */
export interface Address {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** What must not be shown: values of its headers, and what the person's environment gave. */
  readonly secrets: readonly string[]
}

/** Throws ToolFailure where the settings name a variable that is not set, TypeError where they hold no address. */
export function addressOf({ name }: McpServerSpec, spec: HttpTransportSpec, env: KeptOptions["env"]): Address {
  const url = expanded(spec.url, env, `The address of the MCP server ${name}`)
  const headers = Object.entries(spec.headers ?? {}).map(
    ([header, value]) => [header, expanded(value, env, `The header ${header} of the MCP server ${name}`)] as const,
  )
  return {
    url: new URL(url.text),
    headers: Object.fromEntries(headers.map(([header, { text }]) => [header, text])),
    secrets: [...url.values, ...headers.flatMap(([, { text, values }]) => [text, ...values])].filter(
      (value) => value.length >= SECRET_CHARS_MIN,
    ),
  }
}

const SECRET_CHARS_MIN = 8

/** Whether what is said to it can be read on the way. */
export function isInTheClear({ protocol, hostname }: URL): boolean {
  return protocol === "http:" && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
}

export function httpTransport(
  sdk: Sdk,
  address: Address,
  options: KeptOptions,
): Transport & { leave(): Promise<void> } {
  /** One whose answers are always given: by the server, or as an error where the stream that would bring it is over. */
  class Answering extends sdk.StreamableHTTPClientTransport {
    override async send(
      message: JSONRPCMessage,
      sending?: Parameters<StreamableHTTPClientTransport["send"]>[1],
    ): Promise<void> {
      if (!("method" in message && "id" in message)) return super.send(message, sending)
      const { id } = message
      const onRequestStreamEnd = () => {
        sending?.onRequestStreamEnd?.()
        // Where there was an answer this one has no request any more, and is dropped.
        this.onmessage?.({ jsonrpc: "2.0", id, error: { code: STREAM_ENDED, message: STREAM_ENDED_TEXT } })
      }
      return super.send(message, { ...sending, onRequestStreamEnd })
    }

    /** Takes leave of a session that the server keeps. */
    async leave(): Promise<void> {
      // A server that does not hear of it ends the session in its own time; `onerror` was told.
      await Promise.race([this.terminateSession(), Bun.sleep(LEAVE_MS)]).catch(() => undefined)
      await this.close()
    }
  }
  return new Answering(address.url, {
    fetch: boundedFetch(options.fetch),
    requestInit: { headers: { ...address.headers } },
    reconnectionOptions: RECONNECTION,
    reconnectionScheduler: reconnections(options.now),
    ...(options.auth === undefined ? {} : { authProvider: options.auth }),
  })
}

export const STREAM_ENDED = -32_000
export const STREAM_ENDED_TEXT = "The connection was closed before the answer came."
const LEAVE_MS = 1_000
const RECONNECTION = {
  initialReconnectionDelay: 500,
  maxReconnectionDelay: 30_000,
  reconnectionDelayGrowFactor: 1.5,
  maxRetries: 3,
}

export function sseTransport(sdk: Sdk, address: Address, options: KeptOptions): Transport {
  return new sdk.SSEClientTransport(address.url, {
    fetch: boundedFetch(options.fetch),
    requestInit: { headers: { ...address.headers } },
    ...(options.auth === undefined ? {} : { authProvider: options.auth }),
  })
}
