import { CacheBreak, CacheMiss, PrefixPrint } from "../cache.ts"
import { CONTEXT_PROFILES } from "../choices.ts"
import { InputPart, Usage } from "../content.ts"
import { idSchema } from "../id-schema.ts"
import * as z from "../schema.ts"
import { TurnTerms } from "../terms.ts"
import { defineEvent, type Immutable } from "./define.ts"

/** What whoever wrote the input had read that nobody may be steered by: a parent's model, never a person. */
const taintSchema = () => z.array(z.string()).optional()

export const InputQueued = defineEvent("input.queued", "durable", () => ({
  inputId: idSchema("inp"),
  delivery: z.enum(["steer", "queue"]),
  input: z.array(InputPart()),
  /** For the turn that it begins; it means nothing where it joins another. */
  terms: TurnTerms().optional(),
  taint: taintSchema(),
}))

export const InputEdited = defineEvent("input.edited", "durable", () => ({
  inputId: idSchema("inp"),
  input: z.array(InputPart()),
}))

export const InputCancelled = defineEvent("input.cancelled", "durable", () => ({ inputId: idSchema("inp") }))

/** On disk before any request leaves. */
export const TurnStarted = defineEvent("turn.started", "durable", () => ({
  turnId: idSchema("trn"),
  inputId: idSchema("inp"),
  input: z.array(InputPart()),
  /** `call`: a person made one call themselves; no model is asked. */
  source: z.enum(["user", "queue", "parent", "call"]),
  /** Its calls work in a layer, whatever becomes of the setting meanwhile. Absent: as the settings are at this event. */
  isDryRun: z.boolean().optional(),
  /** For this turn alone. */
  terms: TurnTerms().optional(),
  /** Hooks have yet to look at the input: no model may read it before `hook.ran` of it. */
  isUnchecked: z.boolean().optional(),
  taint: taintSchema(),
  /** What of its repository the session's folder was at. Absent outside of one. */
  git: RevisionSchema().optional(),
}))

/** A place in a repository's history, as a schema. */
export const RevisionSchema = () => z.object({ branch: z.string().optional(), sha: z.string().optional() })
/** `branch` is absent where none is checked out, `sha` before the first commit. */
export type Revision = Immutable<z.infer<ReturnType<typeof RevisionSchema>>>

/** Queued input took effect inside the running turn, after the open calls' results. */
export const TurnSteered = defineEvent("turn.steered", "durable", () => ({
  turnId: idSchema("trn"),
  inputs: z.array(z.object({ inputId: idSchema("inp"), input: z.array(InputPart()) })),
  taint: taintSchema(),
}))

/** Exactly one of these ends every started turn; on resume, written for the turn a crash left open. */
export const TurnEnded = defineEvent("turn.ended", "durable", () => ({
  turnId: idSchema("trn"),
  outcome: TurnOutcomeSchema(),
  /** The model that was asked last. It, `usage` and `microUsd` are absent when none was asked. */
  model: z.string().optional(),
  /** Of all its requests: steps, attempts that were given up, summaries. */
  usage: Usage().optional(),
  /** With what the sub-agents took that it waited for. Absent when no price was known. */
  microUsd: z.number().optional(),
  /**
   * What the log says of the turn's work, whatever the model says of it: see `evidenceOf`. Absent when the turn changed and
   * checked nothing, and in logs of before it was kept.
   */
  evidence: z
    .object({
      mark: z.enum(["verified", "unverified", "stale", "failed"]),
      changedFiles: z.number(),
      checks: z.array(z.object({ command: z.string(), exitCode: z.number(), isStale: z.boolean() })),
    })
    .optional(),
}))

export const TurnOutcomeSchema = () =>
  z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("completed") }),
    /** By the person, unless `message` says what else happened. */
    z.object({ kind: z.literal("interrupted"), message: z.string().optional() }),
    z.object({ kind: z.literal("failed"), code: z.string(), message: z.string() }),
    z.object({
      kind: z.literal("exhausted"),
      reason: z.enum(["steps", "tokens", "money", "tool_loop"]),
      message: z.string(),
    }),
  ])
export type TurnOutcome = Immutable<z.infer<ReturnType<typeof TurnOutcomeSchema>>>

/**
 * What the model sees beside the conversation, with its origin. Requests use these recorded bytes until the next one,
 * so the request is a function of the log and its prefix stays cached. `system` replaces all earlier system sections;
 * `inline` is placed where it stands in the conversation.
 */
export const ContextLoaded = defineEvent("context.loaded", "durable", () => ({
  placement: z.enum(["system", "inline"]),
  cause: z.enum(["start", "changed", "touched"]),
  sections: z.array(SectionSchema()),
  /** With `system`: which instructions and tools the session has from here on, however its model changes. Absent: `standard`. */
  profile: z.enum(CONTEXT_PROFILES).optional(),
}))

/** One text with its origin, as a schema. */
export const SectionSchema = () =>
  z.object({
    /** `instructions`, `environment`, `agents_md`, `skills` …: what kind of text this is. */
    source: z.string(),
    /** Where the bytes came from, when from a file. */
    path: z.string().optional(),
    text: z.string(),
    sha256: z.string(),
    bytes: z.number(),
    tokens: z.number(),
    /** Bytes of the file that were left out, when it was over its bound. */
    bytesOmitted: z.number().optional(),
  })
export type Section = Immutable<z.infer<ReturnType<typeof SectionSchema>>>

/** One attempt at one model request. */
export const StepStarted = defineEvent("step.started", "durable", () => ({
  turnId: idSchema("trn"),
  step: z.number(),
  attempt: z.number(),
  model: z.string(),
  /** Our estimate of the request's size in tokens. */
  tokens: z.number(),
  /** What it begins with, so that the next one can be compared. */
  prefix: PrefixPrint().optional(),
  /** Why it does not begin like the request before it, strongest first; absent when it does, or when there was none. */
  breaks: z.array(CacheBreak()).optional(),
  /** The `storedAs` of the reply that it goes on from, of which the provider keeps what came before; absent: it says all. */
  continues: z.string().optional(),
}))

export const StepEnded = defineEvent("step.ended", "durable", () => ({
  turnId: idSchema("trn"),
  step: z.number(),
  model: z.string().optional(),
  outcome: z.enum(["completed", "interrupted"]),
  stop: z.enum(["end", "calls", "length", "refusal", "paused", "interrupted"]),
  usage: Usage(),
  /** By the price of the day. */
  microUsd: z.number().optional(),
  /** What the provider's cache could have held and did not. */
  cacheMiss: CacheMiss().optional(),
  /** Request sent to first content, milliseconds. */
  firstTokenMs: z.number().optional(),
  durationMs: z.number(),
  requestId: z.string().optional(),
  /** Under which id the provider keeps the conversation to here; absent: it keeps none of it. */
  storedAs: z.string().optional(),
}))

/** An attempt that counts for nothing: out of the model's view, kept in the person's. */
export const StepDiscarded = defineEvent("step.discarded", "durable", () => ({
  turnId: idSchema("trn"),
  step: z.number(),
  attempt: z.number(),
  code: z.string(),
  message: z.string(),
  /** The wait before the next attempt, milliseconds; absent when there is none. */
  retryInMs: z.number().optional(),
  /**
   * How long from here the provider's limit lasts, milliseconds: longer than is waited for without a word. Absent where it
   * said nothing, or nothing so long.
   */
  limitMs: z.number().optional(),
  /** What had come of it by then, counted or estimated; absent when nothing had. */
  usage: Usage().optional(),
  microUsd: z.number().optional(),
}))

/** Whether a turn waits until a provider's limit is over. The wait goes on when the session is opened again. */
export const WaitDecided = defineEvent("wait.decided", "durable", () => ({
  turnId: idSchema("trn"),
  isWaiting: z.boolean(),
  /** Milliseconds since the epoch. */
  untilMs: z.number(),
  by: z.enum(["person", "settings"]),
}))

/** The rest of the turn asks another model: the one that was named for when the first is overloaded. */
export const TurnRerouted = defineEvent("turn.rerouted", "durable", () => ({
  turnId: idSchema("trn"),
  model: z.string(),
  from: z.string(),
  code: z.string(),
}))

/** Older context left the model's view. The log keeps all. */
export const ContextCompacted = defineEvent("context.compacted", "durable", () => ({
  kind: z.enum(["micro", "auto", "reactive", "forced"]),
  /** Who wrote the summary: the model, or skein by rule when the model could not. */
  by: z.enum(["model", "rule"]).optional(),
  /** Why a model's summary was asked for and not used. */
  failure: z.string().optional(),
  /** What became of the person's words: the inputs kept verbatim, and those of which a part had to be left out. */
  receipt: z.object({ kept: z.array(idSchema("inp")), shortened: z.array(idSchema("inp")) }).optional(),
  /** Calls whose results the model sees only as a note from here on. */
  elided: z.array(idSchema("cal")),
  /** Everything before this event's place is replaced by this text, when given. */
  summary: z.string().optional(),
  /** What stands after the summary, taken anew from its source: the person's words, goal, plan, list, files, instructions. */
  sections: z.array(SectionSchema()).optional(),
  /** Turns of which the model sees only this line and the person's words from here on; without a section, the words alone. */
  gists: z.array(z.object({ turnIds: z.array(idSchema("trn")), section: SectionSchema().optional() })).optional(),
  /** All images before this event's place are seen as a note: a provider refused them. */
  imagesElided: z.boolean().optional(),
  tokensBefore: z.number(),
  tokensAfter: z.number(),
}))

/** The person wants these inputs of theirs whole in the model's view, whatever they cost. */
export const ContextRestored = defineEvent("context.restored", "durable", () => ({
  inputIds: z.array(idSchema("inp")),
}))

/** Tokens and money of a request that is no step: a summary, a title. Counted with the session's. */
export const UsageRecorded = defineEvent("usage.recorded", "durable", () => ({
  purpose: z.enum(["summary", "title", "handoff", "topics", "look_at", "completion", "router", "keep_alive", "tool"]),
  model: z.string(),
  usage: Usage(),
  microUsd: z.number().optional(),
  durationMs: z.number(),
}))

/** A retry waits. `atMs` is on the clock port's scale. A long wait is told again now and then, as a reminder. */
export const RetryScheduled = defineEvent("retry.scheduled", "live", () => ({
  turnId: idSchema("trn"),
  step: z.number(),
  attempt: z.number(),
  code: z.string(),
  message: z.string(),
  atMs: z.number(),
  isReminder: z.boolean().optional(),
}))

export const QueueChanged = defineEvent("queue.changed", "live", () => ({ queue: z.array(idSchema("inp")) }))

/** Totals of the session so far. */
export const UsageUpdated = defineEvent("usage.updated", "live", () => ({
  usage: Usage(),
  microUsd: z.number().optional(),
  /** Tokens of the next request, estimated, and the model's window. */
  contextTokens: z.number(),
  contextTokensMax: z.number().optional(),
}))
