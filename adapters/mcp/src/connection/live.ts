import type { Progress, RequestOptions } from "@modelcontextprotocol/client"
import { ToolFailure } from "@skein/core/ports"
import type { McpServerSpec } from "@skein/protocol"
import type { Connection } from "./connect.ts"
import { NEVER_MS } from "./connect.ts"
import { promptContent, resourceContent, resultOf } from "./content.ts"
import { deadline } from "./deadline.ts"
import { type AskPage, type KeptList, pageSchema } from "./lists.ts"
import type { CallOptions, LiveServer, ServerPrompt, ServerResource, ServerTool, ServerUser } from "./live-server.ts"
import type { Users } from "./users.ts"

/** What of a server outlives its connection. */
export interface Offers {
  readonly tools: KeptList<ServerTool>
  readonly prompts: KeptList<ServerPrompt>
  readonly resources: KeptList<ServerResource>
}

export interface LiveRequest {
  readonly spec: McpServerSpec
  readonly connection: Connection
  readonly offers: Offers
  readonly users: Users
  /** A sentence for `status`. */
  note(sentence: string): void
  /** Before something is asked for this user. */
  onAsking(user: ServerUser): void
  /** The server answered something. */
  onAnswered(): void
  /** The connection is of no more use. */
  onLost(why: string): void
  /** The status becomes `login`. */
  onLogin(why: string): void
  /** Another connection, after this one was stale. */
  again(user: ServerUser): Promise<LiveServer>
}

/** Lists, prompts and resources come soon or not at all. */
const ASK_MS = 30_000
/** Progress makes a call's time begin anew, but a call that only tells of progress is ended at some time. */
const WITH_PROGRESS_FACTOR = 60
const PROGRESS_MS = 100
const PROGRESS_CHARS_MAX = 300
const COMPLETIONS_MAX = 100

/** What can be asked of a connected server. What goes wrong with the wire is a ToolFailure for whoever asked. */
export function liveServer(request: LiveRequest): LiveServer {
  const { connection, offers, users } = request
  const { client, capabilities } = connection

  async function ask<T>(work: (options: RequestOptions) => Promise<T>, asking: Asking): Promise<T> {
    const { user, timeoutMs = ASK_MS, onProgress } = asking
    if (user !== undefined) request.onAsking(user)
    const ends = [
      user === undefined ? () => undefined : users.add(user),
      onProgress === undefined ? () => undefined : () => whole.stop(),
    ]
    const time = deadline(timeoutMs, users)
    const whole = deadline(timeoutMs * WITH_PROGRESS_FACTOR, users)
    const given = user?.signal ?? asking.signal
    const signal = AbortSignal.any([time.signal, whole.signal, ...(given === undefined ? [] : [given])])
    try {
      signal.throwIfAborted()
      const onprogress = onProgress === undefined ? {} : { onprogress: progressed(time.restart, onProgress) }
      const answer = await work({ signal, timeout: NEVER_MS, ...onprogress })
      request.onAnswered()
      return answer
    } catch (error) {
      given?.throwIfAborted()
      if (signal.aborted) throw tooLate(request.spec, timeoutMs)
      throw await failed(request, error)
    } finally {
      time.stop()
      whole.stop()
      for (const end of ends) end()
    }
  }

  function progressed(restart: () => void, tell: (message: string) => void): (progress: Progress) => void {
    let toldMs = Number.NEGATIVE_INFINITY
    return ({ progress, total, message }) => {
      restart()
      const now = performance.now()
      if (now - toldMs < PROGRESS_MS) return
      toldMs = now
      const done = total === undefined ? `${progress}` : `${progress}/${total}`
      tell(message === undefined ? done : `${done} ${connection.say(message, PROGRESS_CHARS_MAX)}`)
    }
  }

  const pages = (method: string, key: string): AskPage => {
    const schema = pageSchema(key)
    return (cursor) =>
      ask((options) => client.request({ method, params: cursor === undefined ? {} : { cursor } }, schema, options), {})
  }

  async function allResources(): Promise<readonly ServerResource[]> {
    const plain = pages("resources/list", "resources")
    const templates = pages("resources/templates/list", "resourceTemplates")
    let isPlain = true
    // Templates are a list of their own on the wire, and one with the resources here.
    const both: AskPage = async (cursor) => {
      const page = await (isPlain ? plain(cursor) : templatesOrNone(() => templates(cursor)))
      if (!isPlain || page.nextCursor !== undefined) return page
      isPlain = false
      const first = await templatesOrNone(() => templates(undefined))
      return { items: [...page.items, ...first.items], nextCursor: first.nextCursor }
    }
    return offers.resources.all(both, request.note)
  }

  /** Servers without templates often do not know the question. */
  async function templatesOrNone(work: () => ReturnType<AskPage>): ReturnType<AskPage> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof Refused) return { items: [] }
      throw error
    }
  }

  /** Once more where the first request cannot have reached it. */
  async function orAgain<T>(user: ServerUser, work: () => Promise<T>, again: (live: LiveServer) => Promise<T>) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof Stale)) throw error
      return again(await request.again(user))
    }
  }

  return {
    facts: connection.facts,
    tools: async () =>
      capabilities.tools === undefined ? [] : offers.tools.all(pages("tools/list", "tools"), request.note),
    prompts: async () =>
      capabilities.prompts === undefined ? [] : offers.prompts.all(pages("prompts/list", "prompts"), request.note),
    resources: async () => (capabilities.resources === undefined ? [] : allResources()),
    call: (name, input, user, options) =>
      orAgain(
        user,
        async () => resultOf(await ask((sending) => called(request, name, input, sending), { user, ...options })),
        (live) => live.call(name, input, user, options),
      ),
    prompt: (name, args, user) =>
      orAgain(
        user,
        async () =>
          promptContent(await ask((options) => client.getPrompt({ name, arguments: { ...args } }, options), { user })),
        (live) => live.prompt(name, args, user),
      ),
    read: (uri, user) =>
      orAgain(
        user,
        async () =>
          resourceContent(
            await ask((options) => client.readResource({ uri }, { ...options, cacheMode: "bypass" }), { user }),
          ),
        (live) => live.read(uri, user),
      ),
    async complete(of, argument, signal) {
      if (capabilities.completions === undefined) return []
      const ref = "prompt" in of ? refOfPrompt(of.prompt) : refOfResource(of.resource)
      const { completion } = await ask((options) => client.complete({ ref, argument }, options), { signal })
      return completion.values.slice(0, COMPLETIONS_MAX).map((value) => connection.say(value))
    },
  }
}

interface Asking extends Partial<CallOptions> {
  readonly user?: ServerUser | undefined
  readonly signal?: AbortSignal | undefined
}

const refOfPrompt = (name: string) => ({ type: "ref/prompt", name }) as const
const refOfResource = (uri: string) => ({ type: "ref/resource", uri }) as const

function called({ connection, offers }: LiveRequest, name: string, input: unknown, options: RequestOptions) {
  const known = offers.tools.known?.find((tool) => tool.name === name)
  const args = typeof input === "object" && input !== null ? { ...input } : {}
  // Some of an input goes into headers as well, as the definition says that the server gave.
  const definition =
    known === undefined
      ? {}
      : { toolDefinition: { name, inputSchema: { ...known.inputSchema, type: "object" as const } } }
  return connection.client.callTool({ name, arguments: args }, { ...options, ...definition })
}

/** The server said no, in the words of the protocol. */
class Refused extends ToolFailure {}
/** The request did not reach the server. */
class Stale extends ToolFailure {}

async function failed(request: LiveRequest, error: unknown): Promise<ToolFailure> {
  if (error instanceof ToolFailure) return error
  const { spec, connection, onLost, onLogin } = request
  const server = `The MCP server ${spec.name}`
  const failure = connection.failureOf(error)
  const { kind, why } = failure
  if (kind === "answered") return new Refused(`${server} ${why}`, { cause: error })
  if (failure.kind === "login") {
    onLogin(why)
    const more = failure.scopes === undefined ? "" : ` --scopes "${failure.scopes.join(" ")}"`
    return new ToolFailure(`${server} ${why}. A person can log in: skein mcp login ${spec.name}${more}`, {
      cause: error,
    })
  }
  const ended = connection.isOver ? await connection.ended : `${why}.`
  onLost(ended)
  const text = `${server} ${ended} Its next call begins it anew.`
  return kind === "stale" ? new Stale(text, { cause: error }) : new ToolFailure(text, { cause: error })
}

function tooLate({ name }: McpServerSpec, timeoutMs: number): ToolFailure {
  return new ToolFailure(
    `The MCP server ${name} did not answer within ${timeoutMs / 1000} s, and was told to stop. ` +
      "Ask for less at a time; a person can give its calls more time in its settings.",
  )
}
