import type { ApprovalId, Engine, Event, EventOf, InputPart } from "@skein/protocol"
import { readContent } from "./content.ts"
import { control } from "./control.ts"
import { asList, asObject, asText, type Json, parseObject } from "./fields.ts"
import { mcpServerNames, systemPromptOf } from "./flags.ts"
import { hostRequests } from "./host.ts"
import { permissionRequest, readAnswer } from "./permission.ts"
import { messageRunner } from "./runner.ts"
import { type HostSession, type Offer, openSession, readOffer, type SessionOptions } from "./session.ts"
import { claudeSessionId, skeinSessionId } from "./words.ts"

export interface ServeOptions extends SessionOptions {
  /** For `~/` in permission rules. */
  readonly home?: string | undefined
  /** The host reads `session_state_changed`, and so knows when its answers are not wanted any more. */
  readonly readsSessionState?: boolean | undefined
  /** Takes a host's instructions before the session is opened. Without it they are refused aloud. */
  readonly onInstructions?: ((instructions: HostInstructions) => void) | undefined
}

/** What a host wants the model told: `systemPrompt` in place of our own words, `appendSystemPrompt` after them. */
export interface HostInstructions {
  readonly systemPrompt?: string | undefined
  readonly appendSystemPrompt?: string | undefined
}

export interface Serving {
  readonly engine: Engine
  /** Lines without their newline. */
  readonly input: AsyncIterable<string>
  /** Takes one line, without its newline. */
  readonly write: (line: string) => void
  readonly options: ServeOptions
}

/**
 * Speaks the Claude Code stream-json contract until the host closes its end and all turns are over. Resolves to the
 * exit code: 1 when the last result was an error, because that is how a host of one prompt learns of it, else 0.
 */
export async function serveStreamJson({ engine, input, write, options }: Serving): Promise<number> {
  const uuid = options.uuid ?? (() => crypto.randomUUID())
  const warn = options.warn ?? (() => {})
  let flags = options.flags
  let held: readonly InputPart[] = []
  let instructions: HostInstructions = {
    systemPrompt: flags.systemPrompt,
    appendSystemPrompt: flags.appendSystemPrompt,
  }
  let offer: Promise<Offer> | undefined
  let opening: Promise<HostSession> | undefined
  let following: Promise<void> | undefined
  const open: { session?: HostSession } = {}
  const asked = new Map<ApprovalId, string>()

  const send = (line: Json) => write(JSON.stringify(line))
  const inSession = (line: Json): Json => ({ ...line, session_id: publicId(), uuid: uuid() })
  const publicId = () =>
    claudeSessionId(open.session?.sessionId ?? skeinSessionId(flags.resume || flags.sessionId || NO_SESSION))
  const tellState = (state: "running" | "requires_action" | "idle") => {
    if (options.readsSessionState) {
      send(inSession({ type: "system", subtype: "session_state_changed", state, sdk_host_only: true }))
    }
  }
  const host = hostRequests(send)
  const readOfferOnce = () => {
    offer ??= readOffer(engine)
    return offer
  }

  const session = () => {
    opening ??= (async () => {
      if (instructions.systemPrompt !== undefined || instructions.appendSystemPrompt !== undefined) {
        if (options.onInstructions) options.onInstructions(instructions)
        else warn("A system prompt given by the host is not supported yet; skein's own holds.")
      }
      const opened = await openSession(engine, { ...options, flags, uuid }, await readOfferOnce())
      open.session = opened
      following = follow(opened)
      return opened
    })()
    return opening
  }
  const runner = messageRunner({ session, write: (line) => send(inSession(line)), onIdle: () => tellState("idle") })

  const follow = async (opened: HostSession) => {
    try {
      for await (const event of opened.events) see(event, opened)
      runner.fail(new Error("The session was closed."))
    } catch (error) {
      runner.fail(error instanceof Error ? error : new Error(String(error)))
    }
  }

  const see = (event: Event, opened: HostSession) => {
    if (event.type === "turn.started") tellState("running")
    for (const line of opened.translator.lines(event)) send(line)
    if (event.type === "approval.requested" && flags.hostAnswers) {
      tellState("requires_action")
      ask(event, opened).catch((error: unknown) => warn(`An answer of the host was not taken: ${textOf(error)}`))
    }
    if (event.type === "approval.resolved") {
      host.withdraw(asked.get(event.approvalId) ?? "")
      if (asked.delete(event.approvalId) && asked.size === 0) tellState("running")
    }
    runner.observe(event)
  }

  const ask = async (event: EventOf<"approval.requested">, opened: HostSession) => {
    const { approvalId, callId } = event
    const call = callId === undefined ? undefined : opened.translator.call(callId)
    const id = uuid()
    asked.set(approvalId, id)
    const reply = await host
      .ask(id, permissionRequest(event, call))
      .catch((error: unknown): Json => ({ behavior: "deny", message: textOf(error) }))
    if (!reply) return
    const { answer, mode, roots, unsupported } = readAnswer(reply, event, call, {
      cwd: options.cwd,
      home: options.home,
    })
    for (const text of unsupported) warn(text)
    if (mode) await opened.setMode(mode)
    if (roots.length > 0) await addRoots(engine, opened, roots)
    await opened.submit({ type: "approval.answer", sessionId: opened.sessionId, approvalId, ...answer })
  }

  const initialize = (request: Json) => {
    instructions = {
      systemPrompt: systemPromptOf(request.systemPrompt) ?? instructions.systemPrompt,
      appendSystemPrompt: systemPromptOf(request.appendSystemPrompt) ?? instructions.appendSystemPrompt,
    }
    const jsonSchema = asObject(request.jsonSchema)
    if (jsonSchema) flags = { ...flags, jsonSchema }
    for (const [field, name] of NOT_YET) {
      if (Object.keys(asObject(request[field]) ?? asList(request[field])).length > 0)
        warn(`${name} of the host are not supported yet.`)
    }
  }

  const answerControl = async (line: Json) => {
    const request = asObject(line.request) ?? {}
    const reply = (response: Json) =>
      send({ type: "control_response", response: { ...response, request_id: line.request_id } })
    try {
      const response = await control(request, {
        engine,
        offer: readOfferOnce,
        session,
        mcpServers: mcpServerNames(flags).map((name) => ({
          name,
          status: "failed",
          error: "MCP servers are not supported yet.",
        })),
        mayBypass: flags.mayBypass,
        initialize,
        async interrupt(cancelsQueued) {
          const cancelled = cancelsQueued ? runner.drop((message) => message.uuid !== undefined) : undefined
          await runner.interrupt()
          return { still_queued: runner.waiting(), ...(cancelled ? { cancelled } : {}) }
        },
        cancelMessage: (id) => runner.drop((message) => message.uuid === id).length > 0,
      })
      reply({ subtype: "success", response })
    } catch (error) {
      reply({ subtype: "error", error: textOf(error) })
    }
  }

  const takeMessage = (line: Json) => {
    const content = readContent(asObject(line.message)?.content)
    for (const text of content.unsupported) warn(text)
    const parts = [...held, ...content.input]
    held = line.shouldQuery === false ? parts : []
    if (line.shouldQuery === false) return
    if (parts.length === 0) return warn("A user message without text or images was left out.")
    if (flags.replayUserMessages)
      send({ ...line, uuid: asText(line.uuid) ?? uuid(), session_id: publicId(), isReplay: true })
    runner.add({ uuid: asText(line.uuid), input: parts })
  }

  const take = async (text: string) => {
    if (text.trim() === "") return
    const line = parseObject(text)
    if (!line) return warn("A line of input that is not a JSON object was left out.")
    if (line.type === "control_request") await answerControl(line)
    else if (line.type === "control_response") host.answer(asObject(line.response) ?? {})
    else if (line.type === "user") takeMessage(line)
  }

  for (const text of flags.unsupported) warn(text)
  for await (const text of input) await take(text)
  host.end()
  await open.session?.detach()
  await runner.settled()
  await open.session?.close()
  await following
  return runner.isLastError ? 1 : 0
}

/** What a line says before there is a session. */
const NO_SESSION = "00000000-0000-0000-0000-000000000000"

const NOT_YET: readonly (readonly [string, string])[] = [
  ["hooks", "Hooks"],
  ["agents", "Agents"],
  ["sdkMcpServers", "MCP servers"],
  ["mcpServers", "MCP servers"],
  ["plugins", "Plugins"],
]

async function addRoots(engine: Engine, session: HostSession, roots: readonly string[]): Promise<void> {
  const { settings } = await engine.ask({ type: "session.read", sessionId: session.sessionId })
  await session.change({ extraRoots: [...new Set([...settings.extraRoots, ...roots])] })
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
