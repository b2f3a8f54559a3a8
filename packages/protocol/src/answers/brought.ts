import { TurnOutcomeSchema } from "../events/turn.ts"
import { idSchema } from "../id-schema.ts"
import { lazy } from "../lazy.ts"
import { OpSchema } from "../ops.ts"
import { PLUGIN_PART_KINDS } from "../plugins.ts"
import * as z from "../schema.ts"

export const CommandInfoSchema = lazy(() =>
  z.object({
    name: z.string(),
    aliases: z.array(z.string()),
    summary: z.string(),
    usage: z.string(),
    whileBusy: z.boolean(),
    blocker: z.string().optional(),
    origin: z
      .object({
        kind: z.enum(["command", "skill", "mcp"]),
        scope: z.enum(["project", "user", "plugin", "server"]),
        file: z.string().optional(),
      })
      .optional(),
    hiddenBy: z.string().optional(),
  }),
)

export const CommandReplySchema = lazy(() =>
  z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("ops"),
      ops: z.array(OpSchema()),
      done: z.string().optional(),
      confirm: z.string().optional(),
    }),
    z.object({ kind: z.literal("show"), text: z.string() }),
    z.object({
      kind: z.literal("choose"),
      title: z.string(),
      choices: z.array(
        z.object({
          label: z.string(),
          detail: z.string(),
          command: z.string(),
          inserts: z.string().optional(),
        }),
      ),
    }),
    z.object({ kind: z.literal("open"), sessionId: idSchema("ses") }),
    z.object({ kind: z.literal("usage"), text: z.string() }),
  ]),
)

export const SkillInfoSchema = lazy(() =>
  z.object({
    name: z.string(),
    description: z.string(),
    scope: z.enum(["project", "user", "plugin", "builtin"]),
    plugin: z.string().optional(),
    file: z.string().optional(),
    isByPersonOnly: z.boolean(),
    argumentHint: z.string().optional(),
  }),
)

export const PluginInfoSchema = lazy(() =>
  z.object({
    name: z.string(),
    version: z.string().optional(),
    folder: z.string(),
    brings: z.array(z.enum(PLUGIN_PART_KINDS)),
  }),
)

export const HookListSchema = lazy(() =>
  z.object({
    hooks: z.array(
      z.object({
        event: z.string(),
        matcher: z.string().optional(),
        condition: z.string().optional(),
        type: z.string(),
        what: z.string(),
        file: z.string(),
        place: z.string(),
        sha256: z.string(),
        from: z.enum(["person", "project", "plugin"]),
        plugin: z.string().optional(),
        words: z.string(),
        timeoutMs: z.number(),
        isAsync: z.boolean(),
        isOnce: z.boolean(),
        isConfined: z.boolean(),
        state: z.enum(["runs", "untrusted", "blocked"]),
        why: z.string().optional(),
      }),
    ),
    flaws: z.array(z.string()),
  }),
)

export const SubagentReportSchema = lazy(() =>
  z.object({
    childSessionId: idSchema("ses"),
    agent: z.string(),
    description: z.string(),
    status: z.enum(["queued", "running", "waiting", "ended"]),
    isBackground: z.boolean(),
    doing: z.string().optional(),
    steps: z.number(),
    tokens: z.number(),
    microUsd: z.number(),
    startedAt: z.number(),
    durationMs: z.number().optional(),
    outcome: TurnOutcomeSchema().optional(),
    text: z.string().optional(),
  }),
)
