import {
  type HookEvent,
  type HookOutcome,
  type HookPoint,
  type HookRun,
  type Hooks,
  type HooksPort,
  ToolFailure,
} from "@skein/core/ports"
import type { HookInfo } from "@skein/protocol"
import { asObject, asText, type Json } from "@skein/protocol/json"
import { cleaned, matches } from "./declared.ts"
import type { Knowing, Known } from "./known.ts"
import type { Programs } from "./process/programs.ts"

const TIMEOUT_MS = 10_000
const TEXT_CHARS_MAX = 10_000

export interface HooksOptions {
  readonly knowing: Knowing
  readonly programs: Programs
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly onDefect: (error: unknown) => void
}

/** Hooks of extensions. They may take away and never give: what they would allow is not heard. */
export function extensionHooks(options: HooksOptions): Required<HooksPort> {
  const { knowing } = options
  return {
    async at(place): Promise<Hooks> {
      const known = (await knowing.look(place)).filter(({ declared }) => declared.hooks.length > 0)
      const events = new Set(known.flatMap(({ declared }) => declared.hooks.map(({ event }) => event)))
      return {
        has: (event) => events.has(event),
        run: async (point, signal) =>
          merged(point.event, await Promise.all(known.map((one) => ran(one, point, signal, options)))),
      }
    },
    list: async (place) => ({ hooks: (await knowing.look(place)).flatMap(infosOf), flaws: [] }),
  }
}

interface Ran {
  readonly answer: Json
  readonly run: HookRun
}

/** Undefined where it has nothing to say to this point. */
async function ran(
  { found, declared }: Known,
  point: HookPoint,
  signal: AbortSignal,
  options: HooksOptions,
): Promise<Ran | undefined> {
  const { programs, now, onDefect } = options
  const toolName = "toolName" in point ? point.toolName : undefined
  if (!declared.hooks.some(({ event, match }) => event === point.event && matches(match, toolName))) return undefined
  const { cwd, sessionId } = point
  const from = now()
  const told = (outcome: HookRun["outcome"], message?: string): HookRun => ({
    ...{ hook: `extension ${found.plugin}`, file: found.file, outcome, durationMs: now() - from },
    ...(message === undefined ? {} : { message: cleaned(message, 600) }),
  })
  try {
    const asked = { method: "hook", params: { event: point.event, point, cwd } } as const
    const answer =
      asObject(await programs.ask(found, { cwd, sessionId, roots: [] }, asked, { signal, timeoutMs: TIMEOUT_MS })) ?? {}
    const isNo = asText(answer.block) !== undefined || answer.decision === "deny"
    const isOther = ["input", "output", "context"].some((key) => answer[key] !== undefined)
    return {
      answer,
      run: told(isNo ? "blocked" : isOther ? "changed" : "passed", asText(answer.block) ?? asText(answer.reason)),
    }
  } catch (error) {
    if (!(error instanceof ToolFailure) && !signal.aborted) onDefect(error)
    const why = signal.aborted ? "It was ended with the turn." : error instanceof Error ? error.message : String(error)
    return { answer: {}, run: told(/did not answer within/.test(why) ? "timed_out" : "failed", why) }
  }
}

/** Points at which a no is about a call. */
const OF_CALLS: ReadonlySet<HookEvent> = new Set(["PreToolUse", "PermissionRequest"])

/** What all said together; the strictest word holds, and the last of those who rewrite. */
function merged(event: HookEvent, all: readonly (Ran | undefined)[]): HookOutcome {
  const said = all.filter((one) => one !== undefined)
  const answers = said.map(({ answer }) => answer)
  const texts = (key: string) =>
    answers.flatMap((answer) => asText(answer[key]) ?? []).map((text) => cleaned(text, TEXT_CHARS_MAX))
  const blocks = texts("block")
  const isOfCall = OF_CALLS.has(event)
  const words = answers.map(({ decision }) => decision)
  const isDenied = isOfCall && (blocks.length > 0 || words.includes("deny"))
  const decision = isDenied ? "deny" : isOfCall && words.includes("ask") ? "ask" : undefined
  const input = isDenied ? undefined : answers.findLast((answer) => answer.input !== undefined)?.input
  const output = event === "PostToolUse" ? texts("output").at(-1) : undefined
  const context = texts("context").join("\n\n")
  return {
    ...(blocks.length > 0 && !isOfCall ? { block: { reason: blocks.join("\n") } } : {}),
    ...(decision === undefined ? {} : { decision, reason: [...blocks, ...texts("reason")].join("\n") }),
    ...(input === undefined || !isOfCall ? {} : { input }),
    ...(output === undefined ? {} : { output }),
    ...(context === "" ? {} : { context }),
    messages: texts("message"),
    ran: said.map(({ run }) => run),
  }
}

function infosOf({ found, declared }: Known): readonly HookInfo[] {
  return declared.hooks.map(({ event, match }) => ({
    ...{ event, type: "extension", what: `extension ${found.plugin}`, file: found.file, place: `hooks.${event}` },
    ...(match === undefined ? {} : { matcher: match }),
    ...{ sha256: found.sha256, from: "plugin", plugin: found.plugin, words: "skein", timeoutMs: TIMEOUT_MS },
    ...{ isAsync: false, isOnce: false, isConfined: true, state: "runs" },
  }))
}
