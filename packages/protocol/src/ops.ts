import { InputPart } from "./content.ts"
import type { ErrorCode } from "./errors.ts"
import { ANSWERS } from "./events/call.ts"
import type { Immutable } from "./events/define.ts"
import { type InputId, idSchema, type SessionId, type TurnId } from "./ids.ts"
import { lazy } from "./lazy.ts"
import * as z from "./schema.ts"
import { Rule, SettingsChange } from "./settings.ts"

/** What can be asked for. Every op is idempotent by `opId`: sent twice, it is done once and answered alike. */
const OP_FIELDS = {
  /** Makes a session. A client may propose the id; otherwise the engine makes one. */
  "session.create": () => ({
    sessionId: idSchema("ses").optional(),
    cwd: z.string(),
    settings: SettingsChange().optional(),
    isInteractive: z.boolean().optional(),
  }),
  /** Ends the running turn, if any, and lets go of the log's lock. The session stays and can be used again. */
  "session.close": () => ({ sessionId: idSchema("ses") }),
  "session.change": () => ({
    sessionId: idSchema("ses"),
    title: z.string().optional(),
    labels: z.array(z.string()).optional(),
    isArchived: z.boolean().optional(),
  }),
  /**
   * Input. `start` begins a turn, or is refused while one runs; `steer` joins the running turn at its next step;
   * `queue` waits for the turn's end. The last two start a turn when none runs.
   */
  "turn.submit": () => ({
    sessionId: idSchema("ses"),
    inputId: idSchema("inp").optional(),
    input: z.array(InputPart()).min(1),
    delivery: z.enum(["start", "steer", "queue"]),
    expectedTurnId: idSchema("trn").optional(),
  }),
  /** Stops the running turn: every open call settles, the transcript stays valid. Queued input stays queued. */
  "turn.interrupt": () => ({ sessionId: idSchema("ses"), turnId: idSchema("trn").optional() }),
  "input.edit": () => ({ sessionId: idSchema("ses"), inputId: idSchema("inp"), input: z.array(InputPart()).min(1) }),
  "input.cancel": () => ({ sessionId: idSchema("ses"), inputId: idSchema("inp") }),
  /**
   * The first answer wins. `updatedInput` replaces the call's arguments and is judged again. `allow_always` adds `rules`,
   * or the one rule that the question proposed, for the session.
   */
  "approval.answer": () => ({
    sessionId: idSchema("ses"),
    approvalId: idSchema("apr"),
    answer: z.enum(ANSWERS),
    rules: z.array(Rule()).optional(),
    updatedInput: z.unknown().optional(),
    feedback: z.string().optional(),
    interrupt: z.boolean().optional(),
  }),
  "settings.change": () => ({ sessionId: idSchema("ses"), changes: SettingsChange() }),
  /** Cancels one call; its siblings go on. */
  "call.cancel": () => ({ sessionId: idSchema("ses"), callId: idSchema("cal") }),
  /** Offers to answer. An approval with no client to answer it is refused, not left waiting. */
  "client.attach": () => ({
    sessionId: idSchema("ses"),
    clientId: idSchema("cli"),
    answers: z.array(z.enum(["approval", "question", "fs", "terminal", "hook", "mcp", "tool"])),
  }),
  "client.answer": () => ({
    sessionId: idSchema("ses"),
    clientId: idSchema("cli"),
    requestId: idSchema("req"),
    result: z.unknown().optional(),
    error: z.string().optional(),
  }),
  "client.detach": () => ({ sessionId: idSchema("ses"), clientId: idSchema("cli") }),
} as const

export type OpType = keyof typeof OP_FIELDS
export const OP_TYPES = Object.keys(OP_FIELDS) as OpType[]

type OpFields<T extends OpType> = Immutable<z.infer<z.ZodObject<ReturnType<(typeof OP_FIELDS)[T]>>>>
/** `opId` makes the op idempotent; without one, an op sent again is done again. */
export type Op<T extends OpType = OpType> = T extends OpType
  ? { readonly type: T; readonly opId?: `op_${string}` | undefined } & OpFields<T>
  : never

/** The schema of one op, for edges that take ops from outside. */
export function opSchema(type: OpType): z.ZodType {
  return z.object({ type: z.literal(type), opId: idSchema("op").optional(), ...OP_FIELDS[type]() })
}

/** Checks a value from outside. Throws a ZodError that names the field. */
export const OpSchema = lazy(() => z.union(OP_TYPES.map(opSchema) as [z.ZodType, z.ZodType]) as z.ZodType<Op>)

/** Whether an op was taken. `as` says what became of submitted input. */
export type Receipt =
  | {
      readonly status: "accepted"
      readonly sessionId: SessionId
      /** The newest durable event when the op was taken. */
      readonly seq: number
      readonly turnId?: TurnId | undefined
      readonly inputId?: InputId | undefined
      readonly as?: "started" | "steered" | "queued" | undefined
    }
  | { readonly status: "rejected"; readonly code: ErrorCode; readonly message: string }
