import {
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  INVALID_PARAMS,
  type InputRequiredResult,
  inputRequired,
  ProtocolError,
  ResourceNotFoundError,
  Server,
  type ServerContext,
} from "@modelcontextprotocol/server"
import { asObject } from "@skein/protocol/json"
import * as z from "@skein/protocol/schema"
import { type Asked, RequestError } from "./asked.ts"
import type { McpSource } from "./source.ts"
import type { Work } from "./work.ts"

/** A person takes as long as they take: this ends a call of a client that went away without a word. */
const ANSWER_MS_MAX = 10 * 60_000

/** What is on its way for clients of one source, by its token: a client of 2026 comes back to it in another request. */
export type OpenWork = Map<string, Work>

/** A server of the protocol over a source, for one connection, or one request of the era without connections. */
export function mcpServer(source: McpSource, open: OpenWork, answerMsMax = ANSWER_MS_MAX): Server {
  const { name, title, version, instructions, resources, prompts } = source
  const server = new Server(
    { name, title, version },
    {
      instructions,
      capabilities: {
        ...{ logging: {}, tools: {} },
        ...(resources === undefined ? {} : { resources: {} }),
        ...(prompts === undefined ? {} : { prompts: { listChanged: true } }),
      },
    },
  )
  server.setRequestHandler("tools/list", async () => ({ tools: [...(await source.tools())] }))
  server.setRequestHandler("tools/call", async ({ params }, context) => {
    const asked = askedOf(context, server)
    const work = await told(params.name, async () => repeated(context, open) ?? (await source.begin(params, asked)))
    work.attend(asked)
    const result = await answered(work, context, { open, answerMsMax })
    // Streams of the era without connections are told by who subscribed to them.
    if (!isModern(context) && prompts !== undefined && (await prompts.hasChanged()))
      await server.sendPromptListChanged()
    return result
  })
  if (resources !== undefined) {
    server.setRequestHandler("resources/list", async () => ({ resources: [...(await resources.list())] }))
    server.setRequestHandler("resources/templates/list", async () => ({ resourceTemplates: [...resources.templates] }))
    server.setRequestHandler("resources/read", ({ params }, context) =>
      told(params.uri, () => resources.read(params.uri, askedOf(context, server))),
    )
  }
  if (prompts !== undefined) {
    server.setRequestHandler("prompts/list", async () => ({ prompts: [...(await prompts.list())] }))
    server.setRequestHandler("prompts/get", ({ params }, context) =>
      told(params.name, () => prompts.get(params.name, params.arguments ?? {}, askedOf(context, server))),
    )
  }
  return server
}

/** The work that this request comes back to, or none. */
function repeated({ mcpReq }: ServerContext, open: OpenWork): Work | undefined {
  const state = mcpReq.requestState<unknown>()
  if (state === undefined) return undefined
  const work = typeof state === "string" ? open.get(state) : undefined
  if (work === undefined) throw new RequestError("invalid_params", "This call is over, or was never begun. Call again.")
  return work
}

/** Waits for the result, and has the questions on the way to it answered in the way of the era. */
async function answered(
  work: Work,
  context: ServerContext,
  { open, answerMsMax }: { readonly open: OpenWork; readonly answerMsMax: number },
): Promise<CallToolResult | InputRequiredResult> {
  const { mcpReq } = context
  open.set(work.token, work)
  for (const [id, reply] of Object.entries(mcpReq.inputResponses ?? {})) await work.reply(id, reply)
  for (;;) {
    const next = await work.next().catch((error: unknown) => {
      open.delete(work.token)
      throw error
    })
    if (next.kind === "done") {
      open.delete(work.token)
      return next.result
    }
    const { id, params } = next.question
    if (isModern(context)) {
      work.leave()
      const forget = setTimeout(() => {
        open.delete(work.token)
        work.abandon(id)
      }, answerMsMax)
      next.over.addEventListener("abort", () => clearTimeout(forget), { once: true })
      return inputRequired({ inputRequests: { [id]: inputRequired.elicit(params) }, requestState: work.token })
    }
    await work.reply(id, await pushed(context, params, { over: next.over, answerMsMax }))
  }
}

/** The reply, whatever shape it has; undefined where none came. */
async function pushed(
  { mcpReq }: ServerContext,
  params: object,
  { over, answerMsMax }: { readonly over: AbortSignal; readonly answerMsMax: number },
): Promise<unknown> {
  const request = { method: "elicitation/create", params: { ...params } }
  try {
    return await mcpReq.send(request, z.unknown(), { signal: over, timeout: answerMsMax })
  } catch (error) {
    // Withdrawn, refused by the client or never answered: whoever asked hears that nobody said yes.
    if (error instanceof Error) return undefined
    throw error
  }
}

function isModern({ mcpReq }: ServerContext): boolean {
  return mcpReq.envelope !== undefined
}

function askedOf(context: ServerContext, server: Server): Asked {
  const { mcpReq } = context
  const told: unknown = isModern(context)
    ? asObject(mcpReq.envelope)?.[CLIENT_CAPABILITIES_META_KEY]
    : server.getClientCapabilities()
  const token = mcpReq._meta?.progressToken
  // A client that is gone is told nothing; its request is aborted, which is how that is known.
  const tell = (sent: Promise<void>) => void sent.catch(() => undefined)
  return {
    requestId: mcpReq.id,
    signal: mcpReq.signal,
    hasForms: hasForms(told),
    progress(progress, message) {
      if (token === undefined) return
      tell(mcpReq.notify({ method: "notifications/progress", params: { progressToken: token, progress, message } }))
    },
    log: (level, text) => tell(mcpReq.log(level, text, "skein")),
    notify: (method, params) => tell(mcpReq.notify({ method, params: { ...params } })),
  }
}

/** Before forms and addresses were told apart, an empty object meant forms. */
function hasForms(told: unknown): boolean {
  const elicitation = asObject(asObject(told)?.elicitation)
  if (elicitation === undefined) return false
  return elicitation.form !== undefined || Object.keys(elicitation).length === 0
}

/** An error as the protocol has it. */
async function told<T>(about: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof RequestError)) throw error
    if (error.kind === "not_found") throw new ResourceNotFoundError(about, error.message)
    throw new ProtocolError(INVALID_PARAMS, error.message)
  }
}
