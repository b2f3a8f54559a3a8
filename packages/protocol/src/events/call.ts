import { FileChange, HumanView, InputPart, ProviderData } from "../content.ts"
import { idSchema } from "../id-schema.ts"
import * as z from "../schema.ts"
import { RULE_SCOPES, Rule } from "../settings.ts"
import { askingAgent } from "./asking-agent.ts"
import { defineEvent, type Immutable } from "./define.ts"

/** What kind of work a tool does, for icons and grouping; the words are ACP's. */
export const TOOL_KINDS = ["read", "edit", "delete", "move", "search", "execute", "think", "fetch", "other"] as const
export type ToolKind = (typeof TOOL_KINDS)[number]

/** The model asked. Always settled by exactly one `call.settled`, across crash and resume. State: validating. */
export const CallRequested = defineEvent("call.requested", "durable", () => ({
  turnId: idSchema("trn"),
  step: z.number(),
  callId: idSchema("cal"),
  /** The call that made this one: settled before it, and no part of what the model asked for or is told. */
  parentCallId: idSchema("cal").optional(),
  index: z.number(),
  name: z.string(),
  title: z.string(),
  kind: z.enum(TOOL_KINDS),
  /** Absolute paths the call is about, as far as known from its input. */
  locations: z.array(z.string()),
  /** The parsed arguments; absent when `defect` says why they could not be used. */
  input: z.unknown().optional(),
  /** The arguments as the model wrote them, kept only with a defect. */
  inputText: z.string().optional(),
  defect: z
    .object({ code: z.enum(["call.unknown_tool", "call.invalid_input", "call.truncated"]), message: z.string() })
    .optional(),
  providerCallId: z.string().optional(),
  providerData: ProviderData().optional(),
}))

/** A person or hook changed the arguments; judged again. The model still sees its own original. */
export const CallAmended = defineEvent("call.amended", "durable", () => ({
  callId: idSchema("cal"),
  input: z.unknown(),
  by: z.enum(["person", "hook"]),
}))

/** State: scheduled. */
export const CallScheduled = defineEvent("call.scheduled", "live", () => ({ callId: idSchema("cal") }))

/** State: executing. After this line a crash means that the call may have run. */
export const CallStarted = defineEvent("call.started", "durable", () => ({
  callId: idSchema("cal"),
  /**
   * What it runs tests, checks types, builds or lints, and its exit code says how that went. Absent where that cannot be
   * said, and in logs of before it was judged.
   */
  isCheck: z.boolean().optional(),
}))

/** Of a call, or of a person's own command. `bytes` is all output so far; `preview` its newest lines, bounded. */
export const CallProgress = defineEvent("call.progress", "live", () => ({
  callId: idSchema("cal"),
  bytes: z.number(),
  preview: z.string(),
}))

/** State: success, error or cancelled. The one end of a call. */
export const CallSettled = defineEvent("call.settled", "durable", () => ({
  callId: idSchema("cal"),
  ...settlement(),
  changes: z.array(FileChange()).optional(),
  /** Files whose content the model has now seen, by hash: the base of the next edit. */
  observed: z.array(z.object({ path: z.string(), sha256: z.string() })).optional(),
}))

/** How a call or a person's own command ended, as a schema. */
export const settlement = () => ({
  outcome: z.enum(["success", "error", "cancelled"]),
  code: z.string().optional(),
  forModel: z.array(InputPart()),
  forHuman: HumanView().optional(),
  /** Full outputs kept beside the log. */
  artifacts: z.array(z.object({ id: z.string(), bytes: z.number(), path: z.string() })).optional(),
  /** Where the output came from, and whether it may be followed without asking. */
  provenance: z.object({ source: z.string(), isTrusted: z.boolean() }).optional(),
  /** Hosts that it reached or tried to reach. */
  network: z.array(networkAttempt()).optional(),
  /** How its process was held: `bubblewrap+landlock+seccomp`, `landlock+seccomp`, `none`; absent when it had none. */
  confinement: z.string().optional(),
  /** Size of the full output in bytes. */
  bytes: z.number().optional(),
  exitCode: z.number().optional(),
  durationMs: z.number(),
})

/** One host that a command tried to reach, as a schema. */
export const networkAttempt = () =>
  z.object({
    host: z.string(),
    port: z.number(),
    decision: z.enum(["allowed", "refused"]),
    reason: z.string(),
    bytesOut: z.number(),
    bytesIn: z.number(),
  })
/** One host that a command tried to reach, all its connections together. */
export type NetworkAttempt = Immutable<z.infer<ReturnType<typeof networkAttempt>>>

/**
 * One answer to one approval. `allow_always` carries the rule it adds. `preview` runs the command in a layer over the
 * files, without network, and asks again with what it did.
 */
export const ANSWERS = ["allow_once", "allow_always", "preview", "reject_once", "reject_always"] as const
export type Answer = (typeof ANSWERS)[number]

const actionSchema = () =>
  z.object({
    /** What is done: `run`, `write`, `read`, `delete`, `network`, `delegate`. */
    verb: z.string(),
    /** On what: a path, a command, a host. */
    target: z.string(),
    /** Unified diff of what would change, where that can be known. */
    diff: z.string().optional(),
  })
export type PlannedAction = Immutable<z.infer<ReturnType<typeof actionSchema>>>

/** State: awaiting approval. `digest` binds the answer to exactly what was shown. */
export const ApprovalRequested = defineEvent("approval.requested", "durable", () => ({
  approvalId: idSchema("apr"),
  subject: z.enum(["call", "effects", "network", "escalation", "plan", "trust", "budget", "wait"]),
  callId: idSchema("cal").optional(),
  /** The sub-agent that asks: then the call is one of its own session. An answer given here is given there. */
  agent: askingAgent().optional(),
  actions: z.array(actionSchema()),
  digest: z.string(),
  reasons: z.array(z.string()),
  rule: Rule().optional(),
  /** The rule that "always" would add, as the person is shown it. */
  always: Rule().optional(),
  /** The diffs of the actions have so many hunks, and an answer may name those that are wanted. */
  hunksCount: z.int().min(1).optional(),
  /** The folder that it runs in. */
  cwd: z.string().optional(),
  /** Of a command line: the files that it names to change, and whether it changes nothing but those. Absent where none is named. */
  writes: z.object({ paths: z.array(z.string()), isAll: z.boolean() }).optional(),
  /** Why the turn's context is not to be trusted, when that is why this is asked. */
  taint: z.array(z.string()).optional(),
  /** What it did in the layer; allowing keeps exactly this, refusing drops it. */
  effects: z
    .object({
      changes: z.array(FileChange()),
      network: z.array(networkAttempt()),
      output: z.string(),
      exitCode: z.number().optional(),
    })
    .optional(),
  options: z.array(z.enum(ANSWERS)),
}))

/** The first answer wins. `withdrawn`: the call was cancelled or nobody was there to ask. */
export const ApprovalResolved = defineEvent("approval.resolved", "durable", () => ({
  approvalId: idSchema("apr"),
  answer: z.union([z.enum(ANSWERS), z.literal("withdrawn")]),
  /** How long "always" holds for. */
  scope: z.enum(RULE_SCOPES).optional(),
  by: z.enum(["person", "policy", "hook", "nobody"]),
  /** What the person wants done instead; the model reads it. */
  feedback: z.string().optional(),
  /** The refusal also ends the turn, without asking the model again. */
  interrupt: z.boolean().optional(),
}))
