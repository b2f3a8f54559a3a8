import type { ClientId, Event, EventOf, HookAnswer, Op, SessionId } from "@skein/protocol"
import { SkeinError } from "@skein/protocol"
import { asList, asNumber, asObject, asText, asTexts, type Json } from "@skein/protocol/json"
import type { HostRequests } from "./host.ts"

/** One matcher of a host with the callbacks that it stands before. */
export interface HostHook {
  /** `PreToolUse` … */
  readonly event: string
  readonly matcher?: string | undefined
  readonly callbackIds: readonly string[]
  readonly timeoutMs: number
  /** Where it fails, it counts as a no. */
  readonly isStrict: boolean
}

/** How a callback ended: what it said, or why it said nothing. */
type Ran =
  | { readonly hook: HostHook; readonly said: Json; readonly durationMs: number }
  | { readonly hook: HostHook; readonly failed: string; readonly isTimedOut: boolean; readonly durationMs: number }

/** What a hook of the contract is told and may say; the program that serves the host has these words. */
export interface HookWords {
  /** Of `client.requested`; undefined where it is no point. */
  clientPoint(payload: unknown): HookPointWords | undefined
  /** What a callback says of a point that the engine does not have. */
  clientSaid(said: Json): SaidOfPoint
}

interface HookPointWords {
  readonly event: string
  readonly callId?: string | undefined
  readonly payloads: readonly Json[]
  isMeant(hook: HostHook): boolean
  answer(runs: readonly Ran[]): HookAnswer
}

interface SaidOfPoint {
  readonly context?: string | undefined
  readonly refusal?: string | undefined
}

/** Of the contract: a callback has a minute where its matcher says nothing else. */
const SECONDS_DEFAULT = 60

/** The `hooks` of an initialize request. What is no matcher with callbacks is left out. */
export function hostHooks(value: unknown): readonly HostHook[] {
  return Object.entries(asObject(value) ?? {}).flatMap(([event, matchers]) =>
    asList(matchers).flatMap((matcher) => {
      const { hookCallbackIds, timeout, onFailure, ...row } = asObject(matcher) ?? {}
      const callbackIds = asTexts(hookCallbackIds)
      if (callbackIds.length === 0) return []
      const timeoutMs = Math.max(1, Math.round((asNumber(timeout) ?? SECONDS_DEFAULT) * 1_000))
      return [{ event, matcher: asText(row.matcher), callbackIds, timeoutMs, isStrict: onFailure === "block" }]
    }),
  )
}

export interface HooksContext {
  readonly sessionId: SessionId
  readonly clientId: ClientId
  /** The newest that the host gave. */
  readonly hooks: () => readonly HostHook[]
  readonly words: HookWords
  readonly host: HostRequests
  readonly uuid: () => string
  /** The host's id of a call. */
  readonly toolUseId: (callId: string) => string | undefined
  readonly submit: (op: Op) => Promise<unknown>
  /** For stderr. */
  readonly warn: (text: string) => void
}

/** The callbacks of a host at the points of its session: asked beside each other, the strictest word holds. */
export class HostHooks {
  readonly #context: HooksContext
  /** Ids of our requests, by the turn they belong to. */
  readonly #open = new Map<string, string | undefined>()
  #calls: Json[] = []

  constructor(context: HooksContext) {
    this.#context = context
  }

  get clientId(): ClientId {
    return this.#context.clientId
  }

  /** Offers to answer as hooks. Throws SkeinError. */
  async attach(): Promise<void> {
    const { sessionId, clientId, submit } = this.#context
    await submit({ type: "client.attach", sessionId, clientId, answers: ["hook"] })
  }

  /** What is asked from here on is not answered. */
  async detach(): Promise<void> {
    const { sessionId, clientId, submit } = this.#context
    await submit({ type: "client.detach", sessionId, clientId })
  }

  /** Must be told of every event. Whatever a callback does keeps nothing else waiting. */
  take(event: Event): void {
    if (event.type === "turn.ended") this.#withdraw(event.turnId)
    if (event.type !== "client.requested" || event.clientId !== this.clientId) return
    this.#answer(event).catch((error: unknown) => {
      // Whoever asked gave up meanwhile, or the session is over.
      if (!(error instanceof SkeinError)) this.#context.warn(`A hook of the host was lost: ${String(error)}`)
    })
  }

  /**
   * Asks at a point that only this edge knows; `own` is what they said for that point alone. `subject` is what a matcher is
   * compared with; the end of the turn takes the question back.
   */
  async at(
    event: string,
    fields: Json,
    { subject, turnId }: { readonly subject?: string | undefined; readonly turnId?: string | undefined } = {},
  ): Promise<SaidOfPoint & { readonly own: Json }> {
    const { words, hooks } = this.#context
    const meant = hooks().filter((hook) => hook.event === event && fits(hook.matcher, subject))
    const input = { ...fields, hook_event_name: event }
    const ran = (await Promise.all(meant.map((hook) => this.#run(hook, [input], turnId)))).flat()
    const said = ran.flatMap((each) => ("said" in each ? [words.clientSaid(each.said)] : []))
    const failed = ran.find((each) => "failed" in each && each.hook.isStrict)
    const own = ran.flatMap((each) => ("said" in each ? (asObject(each.said.hookSpecificOutput) ?? []) : []))
    return {
      own: Object.assign({}, ...own),
      context: said.flatMap(({ context }) => context ?? []).join("\n\n") || undefined,
      refusal: said.find(({ refusal }) => refusal !== undefined)?.refusal ?? failureOf(failed),
    }
  }

  /** Whether the host listens at a point. */
  has(event: string): boolean {
    return this.#context.hooks().some((hook) => hook.event === event)
  }

  async #answer({ requestId, payload }: EventOf<"client.requested">): Promise<void> {
    const { sessionId, clientId, submit } = this.#context
    const result = await this.#answerOf(payload)
    await submit({ type: "client.answer", sessionId, clientId, requestId, result })
  }

  async #answerOf(payload: unknown): Promise<HookAnswer> {
    const { words, hooks } = this.#context
    const point = words.clientPoint(payload)
    if (point === undefined) return { isUnheard: true }
    if (point.event === "PreModelRequest") return this.#afterBatch(asText(asObject(payload)?.turnId))
    this.#gather(point)
    const meant = hooks().filter((hook) => point.isMeant(hook))
    if (meant.length === 0) return { isUnheard: true }
    const payloads = point.payloads.map((each) => this.#inHostsIds(each))
    const turnId = asText(asObject(payload)?.turnId)
    const ran = await Promise.all(meant.map((hook) => this.#run(hook, payloads, turnId)))
    return point.answer(ran.flat())
  }

  /** The engine's next request comes after all calls of a step: the point that the contract calls a batch. */
  async #afterBatch(turnId: string | undefined): Promise<HookAnswer> {
    const calls = this.#calls
    this.#calls = []
    if (calls.length === 0 || !this.has("PostToolBatch")) return { isUnheard: true }
    const [first] = calls
    const { tool_name: _, tool_input: __, tool_use_id: ___, tool_response: ____, ...common } = first ?? {}
    const tool_calls = calls.map(({ tool_name, tool_input, tool_use_id, tool_response }) => ({
      ...{ tool_name, tool_input, tool_use_id },
      ...(tool_response === undefined ? {} : { tool_response }),
    }))
    const { context, refusal } = await this.at("PostToolBatch", { ...common, tool_calls }, { turnId })
    const stop = refusal === undefined ? {} : { stop: { reason: refusal } }
    return context === undefined && refusal === undefined ? { isUnheard: true } : { ...stop, context }
  }

  /** What the calls of a step came to, for the point after all of them. */
  #gather({ event, payloads }: HookPointWords): void {
    if (event === "UserPromptSubmit") this.#calls = []
    if (event !== "PostToolUse" && event !== "PostToolUseFailure") return
    if (!this.has("PostToolBatch")) return
    for (const payload of payloads) {
      const { duration_ms: _, error, is_interrupt: __, ...rest } = this.#inHostsIds(payload)
      this.#calls.push(error === undefined ? rest : { ...rest, tool_response: error })
    }
  }

  /** Each callback of a matcher, once for each of what it is told; the first that says no is enough. */
  async #run(hook: HostHook, payloads: readonly Json[], turnId: string | undefined): Promise<readonly Ran[]> {
    const all = await Promise.all(
      hook.callbackIds.map(async (callbackId) => {
        const ran: Ran[] = []
        for (const payload of payloads) ran.push(await this.#ask(hook, callbackId, payload, turnId))
        return ran
      }),
    )
    return all.flat()
  }

  async #ask(hook: HostHook, callback_id: string, input: Json, turnId: string | undefined): Promise<Ran> {
    const { host, uuid } = this.#context
    const id = uuid()
    const from = performance.now()
    const durationMs = () => Math.round(performance.now() - from)
    const late = Promise.withResolvers<"late">()
    const timer = setTimeout(() => late.resolve("late"), hook.timeoutMs)
    this.#open.set(id, turnId)
    const tool_use_id = asText(input.tool_use_id)
    try {
      const request = { subtype: "hook_callback", callback_id, input, ...(tool_use_id ? { tool_use_id } : {}) }
      const said = await Promise.race([host.ask(id, request), late.promise])
      if (said === "late") {
        host.withdraw(id)
        const failed = `It took longer than ${hook.timeoutMs / 1_000} s.`
        return { hook, failed, isTimedOut: true, durationMs: durationMs() }
      }
      return { hook, said: said ?? {}, durationMs: durationMs() }
    } catch (error) {
      const failed = error instanceof Error ? error.message : String(error)
      return { hook, failed, isTimedOut: false, durationMs: durationMs() }
    } finally {
      clearTimeout(timer)
      this.#open.delete(id)
    }
  }

  #inHostsIds(payload: Json): Json {
    const callId = asText(payload.tool_use_id)
    return callId === undefined ? payload : { ...payload, tool_use_id: this.#context.toolUseId(callId) ?? callId }
  }

  #withdraw(turnId: string): void {
    for (const [id, of] of this.#open) if (of === turnId) this.#context.host.withdraw(id)
  }
}

/** As matchers are read at points of the engine: everything, names between `|`, or a pattern. */
function fits(matcher: string | undefined, subject: string | undefined): boolean {
  if (matcher === undefined || matcher === "" || matcher === "*" || subject === undefined) return true
  if (/^[\w ,|-]*$/.test(matcher)) return matcher.split(/[|,]/).some((name) => name.trim() === subject)
  try {
    return new RegExp(matcher).test(subject)
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}

function failureOf(ran: Ran | undefined): string | undefined {
  return ran !== undefined && "failed" in ran ? `A hook of the host failed. ${ran.failed}` : undefined
}
