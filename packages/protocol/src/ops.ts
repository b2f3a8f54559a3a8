import { InputPart } from "./content.ts"
import { ANSWERS } from "./events/call.ts"
import type { Immutable } from "./events/define.ts"
import { PROCESS_SIGNALS } from "./events/process.ts"
import { VISIBILITIES } from "./events/session.ts"
import { idSchema } from "./id-schema.ts"
import { lazy, lazyBy } from "./lazy.ts"
import { MCP_ACTIONS, McpServerSpec } from "./mcp.ts"
import * as z from "./schema.ts"
import { Rule, SettingsChange } from "./settings.ts"
import { TurnTerms } from "./terms.ts"

/** What goes back: the files, the conversation, or both. */
export const REWIND_SCOPES = ["code", "chat", "both"] as const
export type RewindScope = (typeof REWIND_SCOPES)[number]

/**
 * Where to. `before`: as it was before that turn began. `undo`: so many turns back. `redo`: as it was before the newest
 * rewind. `seq`: as it was after that event.
 */
export const RewindTarget = lazy(() =>
  z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("before"), turnId: idSchema("trn") }),
    z.object({ kind: z.literal("undo"), turns: z.int().min(1) }),
    z.object({ kind: z.literal("redo") }),
    z.object({ kind: z.literal("seq"), seq: z.int().min(1) }),
  ]),
)
export type RewindTarget = Immutable<z.infer<ReturnType<typeof RewindTarget>>>

/** Why a session is closed that nobody asked to close: the terminal is gone, or the process was asked to end. */
export const CLOSINGS = ["hang_up", "terminated"] as const
export type Closing = (typeof CLOSINGS)[number]

/** What can be asked for. Every op is idempotent by `opId`: sent twice, it is done once and answered alike. */
const OP_FIELDS = {
  /** Makes a session. A client may propose the id; otherwise the engine makes one. */
  "session.create": () => ({
    sessionId: idSchema("ses").optional(),
    cwd: z.string(),
    settings: SettingsChange().optional(),
    isInteractive: z.boolean().optional(),
    /** The session that the person leaves for it: hooks hear of its end, and of this one's start, as of `/clear`. */
    clears: idSchema("ses").optional(),
  }),
  /**
   * Ends the running turn, if any, and lets go of the log's lock. The session stays and can be used again. `why` stands in the
   * log where something is cut short by it: the person left, when absent.
   */
  "session.close": () => ({ sessionId: idSchema("ses"), why: z.enum(CLOSINGS).optional() }),
  "session.change": () => ({
    sessionId: idSchema("ses"),
    title: z.string().optional(),
    labels: z.array(z.string()).optional(),
    isArchived: z.boolean().optional(),
    visibility: z.enum(VISIBILITIES).optional(),
  }),
  /** Removes the session's log and what only it kept. Refused while any process has it open. */
  "session.delete": () => ({ sessionId: idSchema("ses") }),
  /**
   * A new session that begins with this one's conversation, up to the end of a turn or else as it stands. The receipt
   * names the new session. Never copied: the queue, pending approvals, running work.
   */
  "session.fork": () => ({
    sessionId: idSchema("ses"),
    newSessionId: idSchema("ses").optional(),
    /** The last turn that is taken along. */
    throughTurnId: idSchema("trn").optional(),
    /** Where the fork works; the original's folder when left out. */
    cwd: z.string().optional(),
  }),
  /**
   * A new session that begins with what the next one must know of this one: goal, state, files, next steps. The receipt
   * names the new session. The model writes it, or skein by rule when the model cannot.
   */
  "session.handoff": () => ({
    sessionId: idSchema("ses"),
    newSessionId: idSchema("ses").optional(),
    goal: z.string().optional(),
  }),
  /** Goes back or forward: the conversation, the files that skein changed, or both. Refused while a turn runs. */
  "session.rewind": () => ({
    sessionId: idSchema("ses"),
    to: RewindTarget(),
    scope: z.enum(REWIND_SCOPES),
    /** What happens to a file that something else changed since: nothing is done at all, or it is left out, or merged. */
    onConflict: z.enum(["refuse", "skip", "merge", "overwrite"]).optional(),
  }),
  /** Asks a small model what the session is about, and keeps that with it. Refused while a turn runs. */
  "topics.find": () => ({ sessionId: idSchema("ses") }),
  /** Names a place of the conversation's tree. */
  "turn.label": () => ({ sessionId: idSchema("ses"), turnId: idSchema("trn"), label: z.string() }),
  "goal.change": () => ({ sessionId: idSchema("ses"), goal: z.string().min(1).nullable() }),
  /** Makes room now, whatever there is. `keep` tells the summary what matters. Refused while a turn runs. */
  "context.compact": () => ({ sessionId: idSchema("ses"), keep: z.string().optional() }),
  /** Puts inputs of the person that a compaction shortened back into view, whole. */
  "context.restore": () => ({ sessionId: idSchema("ses"), inputIds: z.array(idSchema("inp")).min(1) }),
  /**
   * Input. `start` begins a turn, or is refused while one runs; `steer` joins the running turn at its next step;
   * `queue` waits for the turn's end. The last two start a turn when none runs.
   */
  "turn.submit": () => ({
    sessionId: idSchema("ses"),
    inputId: idSchema("inp").optional(),
    input: z.array(InputPart()).min(1),
    delivery: z.enum(["start", "steer", "queue"]),
    /** For the turn that it begins; it means nothing where it joins the running one. */
    terms: TurnTerms().optional(),
    expectedTurnId: idSchema("trn").optional(),
  }),
  /**
   * Stops the running turn: every open call settles, the transcript stays valid. Queued input stays queued. The person's own
   * commands are stopped too, unless `turnId` says which turn is meant.
   */
  "turn.interrupt": () => ({ sessionId: idSchema("ses"), turnId: idSchema("trn").optional() }),
  /**
   * A call that a person makes themselves: a turn of that alone, in which no model is asked. It is judged, asked about, recorded
   * and undone like a model's, and stands in the conversation. Refused while a turn runs.
   */
  "call.make": () => ({ sessionId: idSchema("ses"), name: z.string().min(1), input: z.unknown() }),
  "input.edit": () => ({ sessionId: idSchema("ses"), inputId: idSchema("inp"), input: z.array(InputPart()).min(1) }),
  "input.cancel": () => ({ sessionId: idSchema("ses"), inputId: idSchema("inp") }),
  /**
   * The first answer wins. `updatedInput` replaces the call's arguments and is judged again; `hunks` keeps them and does only
   * these of the shown diff's, counted from 1, where the question offers that. `allow_always` adds `rules`,
   * or the one rule that the question proposed, for `scope` (the session when left out) and until `expiresAt`.
   */
  "approval.answer": () => ({
    sessionId: idSchema("ses"),
    approvalId: idSchema("apr"),
    answer: z.enum(ANSWERS),
    rules: z.array(Rule()).optional(),
    scope: z.enum(["session", "project", "user"]).optional(),
    expiresAt: z.number().optional(),
    updatedInput: z.unknown().optional(),
    hunks: z.array(z.int().min(1)).min(1).optional(),
    feedback: z.string().optional(),
    interrupt: z.boolean().optional(),
  }),
  /** Adds a standing rule; `project` and `user` outlive the session. */
  "rule.add": () => ({ sessionId: idSchema("ses"), rule: Rule() }),
  "rule.remove": () => ({ sessionId: idSchema("ses"), ruleId: idSchema("rul") }),
  "settings.change": () => ({ sessionId: idSchema("ses"), changes: SettingsChange() }),
  /** Puts on record what a person decided about the folder. Keeping it beyond the session is the client's. */
  "trust.decide": () => ({
    sessionId: idSchema("ses"),
    folder: z.string(),
    items: z.array(z.object({ kind: z.string(), name: z.string(), sha256: z.string() })),
    decision: z.enum(["trusted", "refused"]),
  }),
  /**
   * Runs a person's own command, `!command`, with the person's authority: nobody is asked. While a turn runs its result
   * joins at the next step. No model is asked because of it; `isPrivate`, it is never told either. The receipt names its
   * `callId`; `call.cancel` stops it, and so does `turn.interrupt`.
   */
  "shell.run": () => ({
    sessionId: idSchema("ses"),
    command: z.string().regex(/\S/),
    isPrivate: z.boolean().optional(),
  }),
  /**
   * Takes back one hunk of what skein changed in a file: `newText` stands at `line` now, and `oldText` takes its place,
   * both byte for byte, whole lines. Refused when the file is not as `sha256` says, or while a turn runs. Refused with
   * `checkpoint.foreign` when somebody else changed the file too, whose lines the hunk may hold: `overwrite` takes it back all the same.
   */
  "files.revert": () => ({
    sessionId: idSchema("ses"),
    /** Absolute. */
    path: z.string(),
    /** Of the file's bytes as they were shown. */
    sha256: z.string(),
    hunk: z.object({
      /** The first line of `newText`, from 1; where there is none, the line before which `oldText` goes. */
      line: z.int().min(1),
      oldText: z.string(),
      newText: z.string(),
    }),
    /** `refuse` unless told otherwise. */
    onConflict: z.enum(["refuse", "overwrite"]).optional(),
  }),
  /** Cancels one call, or one of the person's own commands; its siblings go on. */
  "call.cancel": () => ({ sessionId: idSchema("ses"), callId: idSchema("cal") }),
  /** Lets a running call go on as a process beside the turn: the call settles with its name. Refused where it cannot. */
  "call.background": () => ({ sessionId: idSchema("ses"), callId: idSchema("cal") }),
  /** Writes to a process: keys, where it has a terminal. */
  "process.input": () => ({ sessionId: idSchema("ses"), processId: idSchema("prc"), base64: z.string() }),
  "process.resize": () => ({
    sessionId: idSchema("ses"),
    processId: idSchema("prc"),
    columns: z.int().min(1).max(1000),
    rows: z.int().min(1).max(1000),
  }),
  /** To its whole group. */
  "process.signal": () => ({
    sessionId: idSchema("ses"),
    processId: idSchema("prc"),
    signal: z.enum(PROCESS_SIGNALS),
  }),
  /** Ends its input. */
  "process.close": () => ({ sessionId: idSchema("ses"), processId: idSchema("prc") }),
  /** Asks it to end, and kills it when it does not. Taken when it is asked, not when it has ended. */
  "process.end": () => ({ sessionId: idSchema("ses"), processId: idSchema("prc") }),
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
  /**
   * Begins a child session by itself, for a person: it goes on beside the turns, and the model is told its end. `agent` is a
   * name that is known in the folder. The receipt names its `childSessionId`.
   */
  "agent.spawn": () => ({
    sessionId: idSchema("ses"),
    agent: z.string().min(1),
    prompt: z.string().regex(/\S/),
    description: z.string().optional(),
  }),
  /** Says more to a child of this session: into its turn while it runs, else as its next turn. */
  "agent.say": () => ({
    sessionId: idSchema("ses"),
    childSessionId: idSchema("ses"),
    text: z.string().regex(/\S/),
  }),
  /** Stops a child of this session, and its children with it. It can be gone on with. */
  "agent.stop": () => ({ sessionId: idSchema("ses"), childSessionId: idSchema("ses") }),
  /**
   * Starts, ends, or turns an MCP server on or off for this session. Taken when that is done; refused with why it cannot be.
   * What the model is told of it changes with the next turn.
   */
  "mcp.control": () => ({ sessionId: idSchema("ses"), server: z.string().min(1), action: z.enum(MCP_ACTIONS) }),
  /** The servers that the session's client brings, in the place of those that it brought before. */
  "mcp.bring": () => ({ sessionId: idSchema("ses"), servers: z.array(McpServerSpec()).max(100) }),
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
export const opSchema = lazyBy(
  (type: OpType): z.ZodObject =>
    z.object({ type: z.literal(type), opId: idSchema("op").optional(), ...OP_FIELDS[type]() }),
)

/** Checks a value from outside. Throws a ZodError that names the field. */
export const OpSchema = lazy(() => z.eitherOf<Op>("type", OP_TYPES.map(opSchema)))
