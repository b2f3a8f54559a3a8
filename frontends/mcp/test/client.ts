import { Client as Client2, type Transport as Transport2 } from "@modelcontextprotocol/client"
import { Client as Client1 } from "@modelcontextprotocol/sdk/client/index.js"
import type { Transport as Transport1 } from "@modelcontextprotocol/sdk/shared/transport.js"
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js"
import type { Engine } from "@skein/protocol"
import { type McpSource, serveLines, workspaceSource } from "../src/index.ts"

/** Both ends of a pair of lines: what a client sends and a server reads, and back. */
export class Wire {
  /** Every line of the server. */
  readonly lines: string[] = []
  onLine = (_: string) => {}
  readonly #toServer: string[] = []
  #more = Promise.withResolvers<void>()
  #isEnded = false

  /** A line as it is, to the server. */
  type(line: string): void {
    this.#toServer.push(line)
    this.#more.resolve()
  }

  /** The client closes its end. */
  end(): void {
    this.#isEnded = true
    this.#more.resolve()
  }

  write(line: string): void {
    this.lines.push(line)
    this.onLine(line)
  }

  async *input(): AsyncGenerator<string> {
    for (;;) {
      const line = this.#toServer.shift()
      if (line !== undefined) yield line
      else if (this.#isEnded) return
      else {
        await this.#more.promise
        this.#more = Promise.withResolvers()
      }
    }
  }
}

/** A folder over an engine, as the program serves it. */
export function folder(engine: Engine): McpSource {
  return workspaceSource(engine, {
    ...{ version: "0.0.0", cwd: "/repo", extraRoots: [], model: async () => "test/scripted" },
    ...{ readFile: async () => new TextEncoder().encode("bytes"), redact: (text) => text },
  })
}

export function served(source: McpSource) {
  const wire = new Wire()
  const warnings: string[] = []
  const done = serveLines({
    ...{ source, input: wire.input(), write: (line) => wire.write(line) },
    warn: (text) => warnings.push(text),
  })
  return { wire, done, warnings }
}

/** What the client's person says to a form; `decline` where none is given. */
export type Answering = (
  message: string,
  options: readonly string[],
) => Promise<string | undefined> | string | undefined

/** The eras, and the clients that speak them. */
export const CLIENTS = {
  "the 1.x client": connect1,
  "the 2.x client in the era of handshakes": (wire: Wire, answering?: Answering) => connect2(wire, "legacy", answering),
  "the 2.x client in the era without": (wire: Wire, answering?: Answering) => connect2(wire, "auto", answering),
} as const

/** What the tests use of a client: the SDKs' own ways differ a little. */
export interface TestClient {
  readonly sdk: {
    listTools(): Promise<{ readonly tools: readonly { readonly name: string }[] }>
    readResource(params: { uri: string }): Promise<{ readonly contents: readonly unknown[] }>
    listPrompts(): Promise<{ readonly prompts: readonly unknown[] }>
    getPrompt(params: { name: string; arguments?: Record<string, string> }): Promise<{ readonly messages: unknown }>
    ping(): Promise<unknown>
    close(): Promise<void>
  }
  call(name: string, input?: Record<string, unknown>, options?: Options): Promise<Result>
}

interface Options {
  readonly signal?: AbortSignal
  readonly onprogress?: (told: unknown) => void
}

export interface Result {
  readonly text: string
  readonly isError: boolean
  readonly session: unknown
  readonly structured: unknown
}

const INFO = { name: "test", version: "0" }

export async function connect1(wire: Wire, answering?: Answering): Promise<TestClient> {
  const capabilities = answering === undefined ? {} : { elicitation: {} }
  const client = new Client1(INFO, { capabilities })
  if (answering !== undefined) {
    client.setRequestHandler(ElicitRequestSchema, async ({ params }) => replyOf(params, answering))
  }
  const transport: Transport1 = ends(wire)
  wire.onLine = (line) => transport.onmessage?.(JSON.parse(line))
  await client.connect(transport)
  const call: TestClient["call"] = async (name, input = {}, options = {}) =>
    resultOf(await client.callTool({ name, arguments: input }, undefined, { ...options }))
  return { sdk: client, call }
}

export async function connect2(wire: Wire, mode: "legacy" | "auto", answering?: Answering): Promise<TestClient> {
  const capabilities = answering === undefined ? {} : { elicitation: { form: {} } }
  const client = new Client2(INFO, { capabilities, versionNegotiation: { mode } })
  if (answering !== undefined) {
    client.setRequestHandler("elicitation/create", async ({ params }) => replyOf(params, answering))
  }
  const transport: Transport2 = ends(wire)
  wire.onLine = (line) => transport.onmessage?.(JSON.parse(line))
  await client.connect(transport)
  const call: TestClient["call"] = async (name, input = {}, options = {}) =>
    resultOf(await client.callTool({ name, arguments: input }, { ...options }))
  return { sdk: client, call }
}

function ends(wire: Wire) {
  return {
    start: async () => {},
    send: async (message: unknown) => wire.type(JSON.stringify(message)),
    close: async () => wire.end(),
  }
}

function resultOf(result: object): Result {
  const { content, isError, structuredContent, _meta } = result as {
    content: readonly { type: string; text?: string }[]
    isError?: boolean
    structuredContent?: unknown
    _meta?: Record<string, unknown>
  }
  const text = content.map(({ text = "" }) => text).join("\n")
  return { text, isError: isError === true, session: _meta?.["skein/session"], structured: structuredContent }
}

async function replyOf(params: object, answering: Answering) {
  const asked = params as { message: string; requestedSchema: { properties: { answer: { enum: readonly string[] } } } }
  const answer = await answering(asked.message, asked.requestedSchema.properties.answer.enum)
  return answer === undefined ? { action: "decline" as const } : { action: "accept" as const, content: { answer } }
}
