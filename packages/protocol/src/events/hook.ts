import { idSchema } from "../id-schema.ts"
import * as z from "../schema.ts"
import { defineEvent, type Immutable } from "./define.ts"

/**
 * What a hook came to. `skipped`: it was not run, as `message` says. `timed_out` and `failed` count as saying nothing.
 */
const HOOK_OUTCOMES = ["passed", "blocked", "changed", "failed", "timed_out", "skipped"] as const

const runSchema = () =>
  z.object({
    /** What it is called by in lists. No secret is in it. */
    hook: z.string(),
    /** The file that sets it; for a client's own, which client. */
    file: z.string(),
    outcome: z.enum(HOOK_OUTCOMES),
    message: z.string().optional(),
    durationMs: z.number(),
  })
/** One hook that was run at a point. */
export type HookRunRecord = Immutable<z.infer<ReturnType<typeof runSchema>>>

/**
 * A person's own programs were run at a point: which, and what came of it. What they add to the conversation, to a call or to
 * its permission stands in events of its own directly after this one.
 */
export const HookRan = defineEvent("hook.ran", "durable", () => ({
  /** The name of the point: `PreToolUse`, `Stop` … */
  event: z.string(),
  turnId: idSchema("trn").optional(),
  callId: idSchema("cal").optional(),
  /** The input that it was about: what is `blocked` leaves the conversation, and is none of what the person said. */
  inputId: idSchema("inp").optional(),
  runs: z.array(runSchema()),
  /**
   * `blocked`: what the point stands before does not happen. `stopped`: the turn ends here. `continued`: the turn, which was
   * at its end, goes on. Absent: it went on as if there were no hook.
   */
  effect: z.enum(["blocked", "stopped", "continued"]).optional(),
  /** Why, in the hook's words. */
  reason: z.string().optional(),
}))

/** Told of hooks that take longer than a second; `hook.ran` says when they are over. */
export const HookStarted = defineEvent("hook.started", "live", () => ({
  event: z.string(),
  turnId: idSchema("trn").optional(),
  callId: idSchema("cal").optional(),
  /** What their file says that they do, for the person who waits. */
  message: z.string().optional(),
}))

const answerSchema = () =>
  z.object({
    block: z.object({ reason: z.string() }).optional(),
    stop: z.object({ reason: z.string() }).optional(),
    decision: z.enum(["allow", "ask", "deny"]).optional(),
    reason: z.string().optional(),
    input: z.unknown().optional(),
    output: z.string().optional(),
    context: z.string().optional(),
    messages: z.array(z.string()).optional(),
    /** It has no hook for this point: nothing ran, and nothing is told of it. */
    isUnheard: z.boolean().optional(),
  })
/** What a client answers that is asked as a hook; what is absent says nothing. */
export type HookAnswer = Immutable<z.infer<ReturnType<typeof answerSchema>>>

/** The answer of a client; undefined where it is none. */
export function hookAnswerOf(value: unknown): HookAnswer | undefined {
  const read = answerSchema().safeParse(value ?? {})
  return read.success ? read.data : undefined
}
