import { HOOK_EVENTS, type HookEvent, type HookPoint } from "@skein/core/ports"
import type { HookAnswer } from "@skein/protocol"
import { asObject, asText, type Json } from "@skein/protocol/json"
import type { HookRow } from "./row.ts"
import { answerOf } from "./run/answer.ts"
import { type Done, merged } from "./run/merged.ts"
import { isMeant } from "./runner.ts"
import { claude } from "./words/claude.ts"

/** A callback that a client offers for a point, in the words of Claude Code. */
export interface ClientHook {
  /** `PreToolUse` … */
  readonly event: string
  /** As written; left out, empty or `*`: always. */
  readonly matcher?: string | undefined
  /** Where it fails or takes too long, it counts as a no. */
  readonly isStrict?: boolean | undefined
}

/** What one of them came to: what it said, or why it said nothing, in a sentence. */
export type ClientHookRun =
  | { readonly hook: ClientHook; readonly said: Json; readonly durationMs: number }
  | {
      readonly hook: ClientHook
      readonly failed: string
      readonly isTimedOut?: boolean | undefined
      readonly durationMs: number
    }

/** A point as a client's hooks are told of it. */
export interface ClientPoint {
  readonly event: string
  /** skein's id of the call that it is about. */
  readonly callId?: string | undefined
  /** What a hook reads: once for each, where what is one call here is several there. */
  readonly payloads: readonly Json[]
  isMeant(hook: ClientHook): boolean
  /** What all of them said together, as the engine takes it. */
  answer(runs: readonly ClientHookRun[]): HookAnswer
}

/** The point that `client.requested` of the kind `hook` carries; undefined where it is none. */
export function clientPoint(payload: unknown): ClientPoint | undefined {
  const event = eventOf(asText(asObject(payload)?.event) ?? "")
  if (event === undefined) return undefined
  const point = payload as HookPoint
  return {
    event,
    callId: "callId" in point ? point.callId : undefined,
    payloads: claude.payloads(point),
    isMeant: (hook) => hook.event === event && isMeant(rowOf(hook, event), point),
    answer(runs) {
      const { ran, ...said } = merged(
        point,
        runs.map((run) => doneOf(run, event)),
      )
      const failures = ran.flatMap(({ outcome, message }) =>
        outcome === "failed" || outcome === "timed_out" ? [`A hook of the host failed at ${event}: ${message}`] : [],
      )
      return { ...said, messages: [...said.messages, ...failures] }
    },
  }
}

/** What a hook says of a point that the engine does not have: its context, and why it says no. */
export function clientSaid(said: Json): {
  readonly context?: string | undefined
  readonly refusal?: string | undefined
} {
  const own = asObject(said.hookSpecificOutput) ?? {}
  const isRefused = said.decision === "block" || said.continue === false || own.permissionDecision === "deny"
  const why = asText(own.permissionDecisionReason) ?? asText(said.reason) ?? asText(said.stopReason)
  return {
    context: asText(own.additionalContext),
    refusal: isRefused ? (why ?? "The hook gave no reason.") : undefined,
  }
}

function eventOf(word: string): HookEvent | undefined {
  return HOOK_EVENTS.find((event) => event === word)
}

function doneOf(run: ClientHookRun, event: HookEvent): Done {
  const { hook, durationMs } = run
  const row = rowOf(hook, event)
  if ("said" in run) {
    const answer = run.said.async === true ? {} : answerOf(event, JSON.stringify(run.said))
    return { row, name: NAME, ran: { kind: "answer", answer }, durationMs }
  }
  const ran = run.isTimedOut === true ? ({ kind: "timed_out" } as const) : undefined
  return { row, name: NAME, ran: ran ?? { kind: "answer", answer: { failed: run.failed } }, durationMs }
}

const NAME = "of the host"

/** As if a file of the person's had set it: whoever drives skein may what the person may. */
function rowOf({ matcher, isStrict }: ClientHook, event: HookEvent): HookRow {
  return {
    ...{ event, matcher, isStrict: isStrict === true, isAsync: false, isOnce: false, dialect: "claude" },
    handler: { kind: "unsupported", type: "callback", why: "" },
    timeoutMs: claude.timeoutMs(event, undefined),
    source: { owner: "person", file: "", place: "", sha256: "", fileSha256: "" },
  }
}
