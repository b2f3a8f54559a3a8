import { idSchema } from "../ids.ts"
import * as z from "../schema.ts"
import { Rule, Settings, SettingsChange } from "../settings.ts"
import { defineEvent } from "./define.ts"

/** First in every log. `workspace` lets a session be found again after its folder was moved or renamed. */
export const SessionCreated = defineEvent("session.created", "durable", () => ({
  workspace: z.object({ path: z.string(), gitRoot: z.string().optional(), firstCommit: z.string().optional() }),
  settings: Settings(),
  versions: z.object({ skein: z.string() }),
  /** False for sessions made by programs: pickers leave them out unless asked. */
  isInteractive: z.boolean(),
  parent: z.object({ sessionId: idSchema("ses"), itemId: idSchema("itm").optional() }).optional(),
}))

export const SessionChanged = defineEvent("session.changed", "durable", () => ({
  title: z.string().optional(),
  labels: z.array(z.string()).optional(),
  isArchived: z.boolean().optional(),
}))

/** Only what changed; holds from the next step. */
export const SettingsChanged = defineEvent("settings.changed", "durable", () => ({ changes: SettingsChange() }))

/** An op that leaves no event of its own was taken, so that the same op after a restart is not taken twice. */
export const OpAccepted = defineEvent("op.accepted", "durable", () => ({ opId: idSchema("op") }))

/** A person said "always": the rule holds for its scope. */
export const RuleAdded = defineEvent("rule.added", "durable", () => ({ rule: Rule() }))

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
  pendingApprovals: z.array(idSchema("apr")),
  queue: z.array(idSchema("inp")),
}))

/** A client that offered to answer is asked. Silence until `deadlineMs` is a failure, never a hang. */
export const ClientRequested = defineEvent("client.requested", "live", () => ({
  requestId: idSchema("req"),
  clientId: idSchema("cli"),
  kind: z.enum(["question", "fs", "terminal", "hook", "mcp", "tool"]),
  payload: z.unknown(),
  deadlineMs: z.number(),
}))
