import { idSchema } from "../id-schema.ts"
import * as z from "../schema.ts"
import { Rule, Settings, SettingsChange } from "../settings.ts"
import { TOPICS } from "../topics.ts"
import { askingAgent } from "./asking-agent.ts"
import { defineEvent, type Immutable } from "./define.ts"

/** Who else may see a session, once there is somewhere to see it. */
export const VISIBILITIES = ["private", "workspace", "group", "public"] as const
export type Visibility = (typeof VISIBILITIES)[number]

/** What a session can be to the one it came from. */
export const PARENTHOODS = ["fork", "handoff", "subagent"] as const

const WorkspaceSchema = () =>
  z.object({
    path: z.string(),
    gitRoot: z.string().optional(),
    firstCommit: z.string().optional(),
    /** The folder itself, whatever it is called: inode and time of birth. Survives a rename and a move on one disk. */
    folder: z.object({ inode: z.number(), bornMs: z.number() }).optional(),
  })
/** The folder that a session works in. */
export type Workspace = Immutable<z.infer<ReturnType<typeof WorkspaceSchema>>>

/** What a session is about, as a schema. */
export const topicsSchema = () =>
  z.object({ primary: z.enum(TOPICS), secondary: z.array(z.enum(TOPICS)), keywords: z.array(z.string()) })

/** First in every log. `workspace` lets a session be found again after its folder was moved or renamed. */
export const SessionCreated = defineEvent("session.created", "durable", () => ({
  workspace: WorkspaceSchema(),
  settings: Settings(),
  versions: z.object({ skein: z.string() }),
  /** False for sessions made by programs: pickers leave them out unless asked. */
  isInteractive: z.boolean(),
  /**
   * Whose conversation it began with: all of it up to event `seq` (`fork`), or a summary of it (`handoff`). Of a child
   * session (`subagent`), that of the session which began it.
   */
  parent: z.object({ sessionId: idSchema("ses"), seq: z.number(), kind: z.enum(PARENTHOODS) }).optional(),
  /** What a child session is. Its instructions stand before everything else it sees, and survive every compaction. */
  agent: z
    .object({
      name: z.string(),
      instructions: z.string().optional(),
      /** The call of its parent that began it. */
      callId: idSchema("cal").optional(),
      /** 1 for the child of a session that is nobody's child. */
      depth: z.number(),
    })
    .optional(),
  /** The log of another program it was made from; unchanged, it is not imported twice. */
  source: z.object({ format: z.string(), path: z.string(), id: z.string(), sha256: z.string() }).optional(),
}))

export const SessionChanged = defineEvent("session.changed", "durable", () => ({
  title: z.string().optional(),
  labels: z.array(z.string()).optional(),
  isArchived: z.boolean().optional(),
  visibility: z.enum(VISIBILITIES).optional(),
  /** What it is about, as a model said when it was asked. */
  topics: topicsSchema().optional(),
  /** Its folder is here now: renamed, moved, or another for a fork. Paths below the old one are below this one from here on. */
  workspace: WorkspaceSchema().optional(),
}))

/**
 * The conversation went back, or forward again, to how it was after event `toSeq`: what follows continues from there. What
 * was left stays in the log as a branch, and going forward again is another of these. Settings, rules, title, queue and
 * what was spent belong to the session and stay as they are.
 */
export const SessionRewound = defineEvent("session.rewound", "durable", () => ({ toSeq: z.number() }))

/** A name for one place of the conversation's tree: the end of this turn. An empty label takes it away. */
export const TurnLabelled = defineEvent("turn.labelled", "durable", () => ({
  turnId: idSchema("trn"),
  label: z.string(),
}))

/** What the session is for, in the person's words; null when it was taken away. Survives every compaction. */
export const GoalChanged = defineEvent("goal.changed", "durable", () => ({ goal: z.string().nullable() }))

/** The whole plan as it now stands. Survives every compaction. */
export const PlanChanged = defineEvent("plan.changed", "durable", () => ({
  /** Markdown. */
  plan: z.string(),
  /** The same as a tree, for clients that draw one: in the order of the text, each with how deep it lies. */
  steps: z.array(PlanStepSchema()).optional(),
}))

export const PlanStepSchema = () =>
  z.object({ text: z.string(), depth: z.int().min(0), status: z.enum(["pending", "completed"]).optional() })
/** One line of a plan's tree; `status` where the plan says it. */
export type PlanStep = Immutable<z.infer<ReturnType<typeof PlanStepSchema>>>

/** The whole list as it now stands. Survives every compaction. */
export const TodoChanged = defineEvent("todo.changed", "durable", () => ({ todos: z.array(TodoSchema()) }))

export const TodoSchema = () => z.object({ text: z.string(), status: z.enum(["pending", "in_progress", "completed"]) })
export type Todo = Immutable<z.infer<ReturnType<typeof TodoSchema>>>

/** Only what changed; holds from the next step. */
export const SettingsChanged = defineEvent("settings.changed", "durable", () => ({ changes: SettingsChange() }))

/** An op that leaves no event of its own was taken, so that the same op after a restart is not taken twice. */
export const OpAccepted = defineEvent("op.accepted", "durable", () => ({ opId: idSchema("op") }))

/** A person said "always": the rule holds for its scope. */
export const RuleAdded = defineEvent("rule.added", "durable", () => ({ rule: Rule() }))

/** A person took a rule back. */
export const RuleRemoved = defineEvent("rule.removed", "durable", () => ({ ruleId: idSchema("rul") }))

/** A person looked at what a folder can make run, by hash, and said yes or no. */
export const TrustDecided = defineEvent("trust.decided", "durable", () => ({
  folder: z.string(),
  items: z.array(z.object({ kind: z.string(), name: z.string(), sha256: z.string() })),
  decision: z.enum(["trusted", "refused"]),
}))

/** Something a person should know that is part of the session's story. */
export const NoticePosted = defineEvent("notice.posted", "durable", () => ({
  level: z.enum(["info", "warning", "error"]),
  text: z.string(),
  code: z.string().optional(),
}))

/** Where a session is, for lists and status lines. */
export const SessionStatus = defineEvent("session.status", "live", () => ({
  status: z.enum(["idle", "running", "waiting"]),
}))

/** What the person may want to say next, as a small model thinks; shown to be taken or not, and never said by itself. */
export const SuggestionMade = defineEvent("suggestion.made", "live", () => ({ text: z.string() }))

/**
 * Sent once after the durable events of a subscription: what was under way at that moment. Live events follow it.
 * Texts are what the open items hold so far.
 */
export const SessionSnapshot = defineEvent("session.snapshot", "live", () => ({
  turnId: idSchema("trn").optional(),
  openItems: z.array(
    z.object({ itemId: idSchema("itm"), kind: z.enum(["agent_message", "reasoning"]), text: z.string() }),
  ),
  openCalls: z.array(z.object({ callId: idSchema("cal"), name: z.string(), state: z.string() })),
  /** A person's own commands that run. */
  openShells: z
    .array(z.object({ callId: idSchema("cal"), command: z.string(), isPrivate: z.boolean(), startedAt: z.number() }))
    .optional(),
  /** Processes that go on beside the turns, with how much they have said. */
  openProcesses: z
    .array(
      z.object({
        processId: idSchema("prc"),
        callId: idSchema("cal"),
        name: z.string(),
        command: z.string(),
        isPty: z.boolean(),
        columns: z.number().optional(),
        rows: z.number().optional(),
        startedAt: z.number(),
        bytes: z.number(),
      }),
    )
    .optional(),
  pendingApprovals: z.array(idSchema("apr")),
  queue: z.array(idSchema("inp")),
}))

/** A client that offered to answer is asked. Silence until `deadlineMs` is a failure, never a hang. */
export const ClientRequested = defineEvent("client.requested", "live", () => ({
  requestId: idSchema("req"),
  clientId: idSchema("cli"),
  /** The sub-agent that asks; absent for the session itself. */
  agent: askingAgent().optional(),
  kind: z.enum(["question", "fs", "terminal", "hook", "mcp", "tool"]),
  payload: z.unknown(),
  deadlineMs: z.number(),
}))
