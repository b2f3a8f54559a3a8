import { type ClientId, type Engine, type InputPart, type Settings, SkeinError } from "@skein/protocol"
import { asList, asObject, asText, type Json } from "@skein/protocol/json"
import { Audience, type Listener } from "./app-server/audience.ts"
import { EXPERIMENTAL_FIELDS, EXPERIMENTAL_METHODS } from "./app-server/experimental.ts"
import { FileSearches } from "./app-server/file-search.ts"
import { FileWatches } from "./app-server/fs.ts"
import { Inbox } from "./app-server/inbox.ts"
import type { Context, Reply } from "./app-server/method.ts"
import { METHODS } from "./app-server/methods.ts"
import { INTERNAL_ERROR, METHOD_NOT_FOUND, OVERLOADED, Peer, RpcError } from "./app-server/peer.ts"
import type { Personal } from "./app-server/personal.ts"
import { RunningPrograms } from "./app-server/running-programs.ts"
import type { ClientServices } from "./app-server/services.ts"
import { Threads } from "./app-server/threads.ts"
import { blockerOf } from "./surface.ts"

export interface AppServerOptions {
  readonly version: string
  /** Where a new thread works that names no folder, absolute. */
  readonly cwd: string
  /** Where this program keeps its data, absolute. */
  readonly home: string
  /** What a new thread starts with. */
  readonly settings: Settings
  /** The model that a new thread of a folder starts with. Throws SkeinError when there is none. */
  readonly startModel: (cwd: string) => Promise<string>
  /** `linux`, `macos`. */
  readonly platform: string
  readonly clientId: ClientId
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Reads an image of the client's; throws with a sentence for it. */
  readonly readImage: (path: string) => InputPart
  /** What belongs to the person and to no thread. Left out, the methods for it are refused. */
  readonly personal?: Personal | undefined
  /** What a client may do beside its threads. Left out, the methods for it are refused. */
  readonly services?: ClientServices | undefined
  /** The clients of a server that has several. */
  readonly audience?: Audience | undefined
  /** For stderr. */
  readonly warn: (text: string) => void
}

export interface ServingApp {
  readonly engine: Engine
  /** Lines without their newline. */
  readonly input: AsyncIterable<string>
  /** Takes one line, without its newline. */
  readonly write: (line: string) => void
  readonly options: AppServerOptions
}

/** Serves one client of Codex's app-server protocol until it closes its end. */
export async function serveAppServer({ engine, input, write, options }: ServingApp): Promise<void> {
  const server = new AppServer(engine, write, options)
  const inbox = new Inbox((line) => server.take(line), options.warn)
  for await (const line of input) {
    if (server.answers(line)) continue
    // A pipe is read no further while too much waits; nothing of it is refused.
    if (inbox.isFull) await inbox.emptied
    inbox.add(line)
  }
  server.gone()
  await inbox.emptied
  await server.end()
}

/** A client whose messages come when they come, and are not held back by reading slowly. */
export interface AppConnection {
  /** Whether the client has said `initialize`, as it does first. */
  readonly isInitialized: boolean
  /** Never throws. More requests than can wait are answered with an error. */
  receive(message: string): void
  /** The client is gone: ends what it ran and leaves its threads. */
  end(): Promise<void>
}

/** Serves a client of a socket, beside others. */
export function openAppServer({ engine, write, options }: Omit<ServingApp, "input">): AppConnection {
  const server = new AppServer(engine, write, options)
  const inbox = new Inbox((line) => server.take(line), options.warn)
  return {
    get isInitialized() {
      return server.isInitialized
    },
    receive(message) {
      if (server.answers(message)) return
      if (inbox.isFull) server.refuse(message)
      else inbox.add(message)
    },
    async end() {
      // Whoever waits for an answer of the client's waits no more, so that what is begun comes to an end.
      server.gone()
      await inbox.emptied
      await server.end()
    },
  }
}

class AppServer {
  readonly #peer: Peer
  readonly #threads: Threads
  readonly #context: Context
  readonly #options: AppServerOptions
  readonly #watches = new FileWatches()
  readonly #audience: Audience
  readonly #listener: Listener
  #isInitialized = false
  #isExperimental = false

  constructor(engine: Engine, write: (line: string) => void, options: AppServerOptions) {
    const { version, clientId, warn, cwd, settings, readImage, startModel, now } = options
    this.#options = options
    this.#peer = new Peer(write, now)
    this.#threads = new Threads({ engine, peer: this.#peer, clientId, version, warn, now })
    this.#audience = options.audience ?? new Audience()
    this.#listener = {
      notify: (method, params) => this.#peer.notify(method, params),
      isOpen: (threadId) => this.#threads.isOpen(threadId),
    }
    this.#context = {
      engine,
      audience: this.#audience,
      peer: this.#peer,
      threads: this.#threads,
      fileSearches: new FileSearches(),
      cwd,
      settings,
      readImage,
      startModel,
      now,
      personal: options.personal,
      programs: new RunningPrograms(COMMANDS),
      processes: new RunningPrograms(PROCESSES),
      watches: this.#watches,
      services: options.services,
    }
  }

  get isInitialized(): boolean {
    return this.#isInitialized
  }

  /** Takes a client's answer to a request of ours. False for everything else. */
  answers(line: string): boolean {
    const message = parsed(line)
    if (message === undefined || message.method !== undefined) return false
    this.#peer.answer(message)
    return true
  }

  /** A request that there is no room for. */
  refuse(line: string): void {
    const id = parsed(line)?.id
    if (id !== undefined) this.#peer.error(id, new RpcError("Server overloaded; retry later.", OVERLOADED))
  }

  async take(line: string): Promise<void> {
    if (line.trim() === "") return
    const message = parsed(line)
    if (message === undefined) return this.#options.warn("A line of input that is not a JSON object was left out.")
    const method = asText(message.method)
    if (method === undefined) return this.#peer.answer(message)
    // The one notification of a client is `initialized`, and nothing waits for it.
    if (message.id === undefined) return
    await this.#request(message.id, method, asObject(message.params) ?? {})
  }

  /** Nothing is said to the client any more, and no answer is waited for. */
  gone(): void {
    this.#audience.leave(this.#listener)
    this.#peer.end()
  }

  async end(): Promise<void> {
    this.gone()
    this.#watches.end()
    const { programs, processes } = this.#context
    await Promise.all([programs.end(), processes.end(), this.#threads.close()])
  }

  async #request(id: unknown, method: string, params: Json): Promise<void> {
    let reply: Reply
    try {
      reply = await this.#reply(method, params)
    } catch (error) {
      return this.#failed(id, method, error)
    }
    if (!(reply.result instanceof Promise)) {
      this.#peer.result(id, reply.result)
      return reply.after?.()
    }
    reply.result.then(
      (result) => {
        this.#peer.result(id, result)
        reply.after?.()
      },
      (error: unknown) => this.#failed(id, method, error),
    )
  }

  #failed(id: unknown, method: string, error: unknown): void {
    this.#peer.error(id, rpcError(error))
    if (!(error instanceof RpcError || error instanceof SkeinError)) this.#options.warn(`${method}: ${String(error)}`)
  }

  async #reply(method: string, params: Json): Promise<Reply> {
    if (method === "initialize") return { result: this.#initialize(params), after: () => this.#tellRemote() }
    if (!this.#isInitialized) throw new RpcError("Not initialized")
    if (!this.#isExperimental) refuseExperimental(method, params)
    const known = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined
    if (known !== undefined) return known(params, this.#context)
    const blocker = blockerOf(method)
    if (blocker !== undefined) {
      throw new RpcError(`${method} is not available in skein: ${blocker}`, METHOD_NOT_FOUND)
    }
    const expected = ["initialize", ...Object.keys(METHODS)].map((name) => `\`${name}\``).join(", ")
    throw new RpcError(`Invalid request: unknown variant \`${method}\`, expected one of ${expected}`)
  }

  /** Nobody can take this server over from elsewhere, which a client is told at once. */
  #tellRemote(): void {
    const { name, id } = this.#options.personal?.installation ?? { name: "skein", id: NOBODY }
    const status = { status: "disabled", serverName: name, installationId: id, environmentId: null }
    this.#peer.notify("remoteControl/status/changed", status)
  }

  #initialize(params: Json): Json {
    if (this.#isInitialized) throw new RpcError("Already initialized")
    const client = asObject(params.clientInfo)
    const name = asText(client?.name)
    if (name === undefined) throw new RpcError("Invalid request: missing field `clientInfo`")
    this.#isInitialized = true
    this.#isExperimental = asObject(params.capabilities)?.experimentalApi === true
    const optedOut = asList(asObject(params.capabilities)?.optOutNotificationMethods)
    this.#peer.optOut(optedOut.filter((method) => typeof method === "string"))
    this.#audience.join(this.#listener)
    const { version, home, platform } = this.#options
    return {
      // Clients compare the first version with their own: it is that of the protocol, and skein's own stands beside it.
      userAgent: `${name}/${PROTOCOL_VERSION} (${platform}) skein/${version} (${name}; ${asText(client?.version) ?? ""})`,
      codexHome: home,
      platformFamily: "unix",
      platformOs: platform,
    }
  }
}

/** The release of Codex whose app-server this one is held against. */
const PROTOCOL_VERSION = "0.163.0"
const NOBODY = "00000000-0000-0000-0000-000000000000"
const COMMANDS = { program: "command/exec", id: "process id", duplicate: "command/exec process id" }
const PROCESSES = { program: "process", id: "process handle", duplicate: "process handle" }

/** Throws RpcError, in Codex's words. */
function refuseExperimental(method: string, params: Json): void {
  const field = EXPERIMENTAL_FIELDS[method]?.find((name) => (params[name] ?? undefined) !== undefined)
  const what = EXPERIMENTAL_METHODS.has(method) ? method : field === undefined ? undefined : `${method}.${field}`
  if (what !== undefined) throw new RpcError(`${what} requires experimentalApi capability`)
}

function rpcError(error: unknown): RpcError {
  if (error instanceof RpcError) return error
  if (error instanceof SkeinError) return new RpcError(error.message)
  return new RpcError(`A defect in skein: ${error instanceof Error ? error.message : String(error)}`, INTERNAL_ERROR)
}

function parsed(line: string): Json | undefined {
  try {
    return asObject(JSON.parse(line))
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
