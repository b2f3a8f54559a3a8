import type {
  Client,
  JsonSchemaValidatorResult,
  jsonSchemaValidator,
  ServerCapabilities,
  VersionNegotiationOptions,
} from "@modelcontextprotocol/client"
import type { McpServerSpec } from "@skein/protocol"
import type { Sdk } from "../wire/sdk.ts"
import { answerServer, CAPABILITIES } from "./asked.ts"
import { type Failure, failureOf } from "./failures.ts"
import type { ServerChange, ServerFacts } from "./live-server.ts"
import type { KeptOptions } from "./options.ts"
import type { Say } from "./said.ts"
import type { Users } from "./users.ts"
import { type Opened, type Way, waysTo } from "./ways.ts"

/** A server that has shaken hands. */
export interface Connection {
  readonly client: Client
  readonly sdk: Sdk
  readonly facts: ServerFacts
  readonly capabilities: ServerCapabilities
  readonly say: Say
  /** Resolves with why when it is over, however it ends. */
  readonly ended: Promise<string>
  readonly isOver: boolean
  /** What a person should know of it. */
  notes(): readonly string[]
  failureOf(error: unknown): Failure
  close(): Promise<void>
}

export interface Connecting {
  readonly sdk: Sdk
  readonly spec: McpServerSpec
  readonly options: KeptOptions
  readonly users: Users
  /** The way that it was reached by before. */
  readonly known: Way | undefined
  readonly roots: () => readonly string[]
  onChanged(what: Exclude<ServerChange, "status">): void
}

/** Why it could not be connected. */
export class NotConnected extends Error {
  override readonly name = "NotConnected"
  readonly kind: Failure["kind"]
  constructor({ kind, why }: Failure, options: { cause: unknown }) {
    super(why, options)
    this.kind = kind
  }
}

/** Tries the ways there are to a server, one after the other. Throws NotConnected, or the signal's reason. */
export async function connect(
  request: Connecting,
  signal: AbortSignal,
): Promise<{ readonly connection: Connection; readonly way: Way }> {
  let ways = waysTo(request.spec, request.options, request.known)
  let first: NotConnected | undefined
  for (;;) {
    const [way, ...others] = ways
    if (way === undefined) throw new Error("There is always a way to try")
    const opened = open(request, way)
    try {
      const connection = await handshake(request, way, opened, signal)
      const isModern = connection.client.getProtocolEra() === "modern"
      return { connection, way: isModern ? way : (way.unprobed ?? way) }
    } catch (error) {
      await opened.close()
      signal.throwIfAborted()
      // What is wrong with a way that was only guessed tells nobody anything.
      if (first === undefined || way.isGuess !== true) first = notConnected(error, request.sdk, opened)
      const next = others.findIndex((other) => other.isWorthTrying(error, request.sdk))
      if (next < 0) throw first
      ways = others.slice(next)
    }
  }
}

function open({ sdk, spec, options, users }: Connecting, way: Way): Opened {
  try {
    return way.open(sdk, spec, options, users)
  } catch (error) {
    throw new NotConnected(
      { kind: "impossible", why: error instanceof Error ? error.message : String(error) },
      { cause: error },
    )
  }
}

function notConnected(error: unknown, sdk: Sdk, { say, complaint, end }: Opened): NotConnected {
  const failure = failureOf(error, sdk, say)
  const why = failure.kind === "gone" ? (end() ?? failure.why) : failure.why
  if (failure.kind === "impossible") return new NotConnected(failure, { cause: error })
  return new NotConnected({ ...failure, why: withComplaint(why, complaint(), say) }, { cause: error })
}

/** What it said last tells a person more than how it ended; where it ends in a trace, the line above that which names the error. */
export function withComplaint(why: string, complaint: string, say: Say): string {
  const lines = complaint.split("\n").filter((line) => line.trim() !== "")
  const named = lines.findLastIndex((line) => NAMES_ERROR.test(line))
  const isInTrace = named >= 0 && named < lines.length - COMPLAINT_LINES_MAX
  const telling = isInTrace ? lines.slice(named, named + 1) : lines.slice(-COMPLAINT_LINES_MAX)
  if (telling.length === 0) return `${why}.`
  const said = say(telling.join("\n"), COMPLAINT_CHARS_MAX)
  return `${why}. It said: ${said}${/[.!?…]$/.test(said) ? "" : "."}`
}

/** As runtimes write it: `Error: …`, `[ERR_X]: …`, `thread 'main' panicked at …`. */
const NAMES_ERROR = /^\s*(\w*(Error|Exception)\b.*: |panic: |fatal: |thread '.*' panicked)/
const COMPLAINT_LINES_MAX = 5
const COMPLAINT_CHARS_MAX = 600
/** Our own deadlines hold, which stand still while a person is asked. */
export const NEVER_MS = 2 ** 31 - 1
const PROBE_MS = 5_000

async function handshake(request: Connecting, way: Way, opened: Opened, signal: AbortSignal): Promise<Connection> {
  const { sdk, options, users } = request
  const client = clientOf(request, way.negotiation)
  const ended = Promise.withResolvers<string>()
  const state = { isOver: false }
  client.onclose = () => {
    state.isOver = true
    ended.resolve(withComplaint(opened.end() ?? "closed the connection", opened.complaint(), opened.say))
  }
  client.onerror = (error) => {
    options.log("debug", opened.say(error.message))
    if (opened.isOverAfter?.(error, sdk) === true) void client.close()
  }
  answerServer(client, sdk, users, request.roots)
  client.setNotificationHandler("notifications/message", ({ params }) => heard(params, options, opened.say))
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(signal.reason)
  signal.addEventListener("abort", onAbort, { once: true })
  signal.throwIfAborted()
  try {
    await Promise.race([client.connect(opened.transport, { signal, timeout: NEVER_MS }), aborted.promise])
  } finally {
    signal.removeEventListener("abort", onAbort)
  }
  return {
    ...{ client, sdk, say: opened.say, ended: ended.promise, notes: opened.notes },
    facts: factsOf(client, opened.say),
    capabilities: client.getServerCapabilities() ?? {},
    get isOver() {
      return state.isOver
    },
    failureOf: (error) => failureOf(error, sdk, opened.say),
    async close() {
      await opened.close()
      await client.close()
    },
  }
}

function clientOf({ sdk, spec, options, onChanged }: Connecting, mode: Way["negotiation"]): Client {
  const versionNegotiation: VersionNegotiationOptions = {
    mode,
    probe: { timeoutMs: Math.min(PROBE_MS, (spec.startTimeoutMs ?? 2 * PROBE_MS) / 2) },
  }
  const told = (what: Exclude<ServerChange, "status">) => ({ autoRefresh: false, onChanged: () => onChanged(what) })
  return new sdk.Client(
    { name: "skein", version: options.version },
    {
      capabilities: CAPABILITIES,
      versionNegotiation,
      jsonSchemaValidator: UNCHECKED,
      listChanged: { tools: told("tools"), prompts: told("prompts"), resources: told("resources") },
    },
  )
}

/** A schema of a stranger is not compiled; what does not fit it is read by a model, which sees that. */
const UNCHECKED: jsonSchemaValidator = {
  getValidator<T>() {
    return (input: unknown): JsonSchemaValidatorResult<T> => ({
      valid: true,
      data: input as T,
      errorMessage: undefined,
    })
  },
}

const INSTRUCTIONS_CHARS_MAX = 2_048
const NAME_CHARS_MAX = 100

function factsOf(client: Client, say: Say): ServerFacts {
  const { name = "", title, version = "" } = client.getServerVersion() ?? {}
  const instructions = client.getInstructions()
  return {
    title: say(title ?? name, NAME_CHARS_MAX),
    version: say(version, NAME_CHARS_MAX),
    protocol: say(client.getNegotiatedProtocolVersion() ?? "", NAME_CHARS_MAX),
    ...(instructions === undefined ? {} : { instructions: say(instructions, INSTRUCTIONS_CHARS_MAX) }),
  }
}

const LEVELS: Readonly<Record<string, Parameters<KeptOptions["log"]>[0]>> = {
  debug: "debug",
  info: "info",
  notice: "info",
  warning: "warning",
}

function heard(params: { level: string; data?: unknown }, options: KeptOptions, say: Say): void {
  const text = typeof params.data === "string" ? params.data : JSON.stringify(params.data)
  options.log(LEVELS[params.level] ?? "error", say(text ?? ""))
}
