import { FileChange, HumanView, InputPart, ProviderData } from "../content.ts"
import { networkAttempt, TOOL_KINDS } from "../events/call.ts"
import { hostedAction } from "../events/item.ts"
import { SectionSchema, TurnOutcomeSchema } from "../events/turn.ts"
import { idSchema } from "../id-schema.ts"
import { CALL_STATES } from "../items.ts"
import { lazy } from "../lazy.ts"
import * as z from "../schema.ts"

const modelItem = () => ({
  turnId: idSchema("trn"),
  step: z.number(),
  itemId: idSchema("itm"),
  index: z.number(),
  text: z.string(),
  status: z.enum(["complete", "interrupted", "discarded"]),
  providerData: ProviderData().optional(),
})

const callResult = lazy(() =>
  z.object({
    code: z.string().optional(),
    forModel: z.array(InputPart()),
    forHuman: HumanView().optional(),
    changes: z.array(FileChange()).optional(),
    bytes: z.number().optional(),
    exitCode: z.number().optional(),
    artifacts: z.array(z.object({ id: z.string(), bytes: z.number(), path: z.string() })).optional(),
    provenance: z.object({ source: z.string(), isTrusted: z.boolean() }).optional(),
    network: z.array(networkAttempt()).optional(),
    confinement: z.string().optional(),
    durationMs: z.number(),
    isElided: z.boolean(),
  }),
)

/** One thing in a turn, as `session.read` tells it. */
export const ItemSchema = lazy(() =>
  z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("user_message"),
      turnId: idSchema("trn"),
      inputId: idSchema("inp"),
      input: z.array(InputPart()),
      isSteer: z.boolean(),
    }),
    z.object({ kind: z.literal("context"), sections: z.array(SectionSchema()) }),
    z.object({ kind: z.literal("agent_message"), ...modelItem() }),
    z.object({ kind: z.literal("reasoning"), ...modelItem() }),
    z.object({
      kind: z.literal("hosted_call"),
      name: z.literal("web_search"),
      action: hostedAction(),
      sources: z.array(z.object({ url: z.string(), title: z.string().optional() })),
      failure: z.string().optional(),
      isOpen: z.boolean().optional(),
      turnId: idSchema("trn"),
      step: z.number(),
      itemId: idSchema("itm"),
      index: z.number(),
      providerData: ProviderData().optional(),
      isDiscarded: z.boolean(),
    }),
    z.object({
      kind: z.literal("tool_call"),
      turnId: idSchema("trn"),
      step: z.number(),
      callId: idSchema("cal"),
      parentCallId: idSchema("cal").optional(),
      index: z.number(),
      name: z.string(),
      title: z.string(),
      toolKind: z.enum(TOOL_KINDS),
      locations: z.array(z.string()),
      input: z.unknown().optional(),
      inputText: z.string().optional(),
      defect: z.object({ code: z.string(), message: z.string() }).optional(),
      providerCallId: z.string().optional(),
      providerData: ProviderData().optional(),
      state: z.enum(CALL_STATES),
      result: callResult().optional(),
    }),
    z.object({
      kind: z.literal("shell"),
      callId: idSchema("cal"),
      command: z.string(),
      isPrivate: z.boolean(),
      state: z.enum(["success", "error", "cancelled"]),
      result: callResult(),
    }),
    z.object({
      kind: z.literal("compaction"),
      eventId: idSchema("evt").optional(),
      opId: idSchema("op").optional(),
      imagesElided: z.boolean(),
      summary: z.string().optional(),
      tokensBefore: z.number(),
      tokensAfter: z.number(),
    }),
    z.object({
      kind: z.literal("notice"),
      eventId: idSchema("evt").optional(),
      level: z.enum(["info", "warning", "error"]),
      text: z.string(),
    }),
  ]),
)

const check = () => z.object({ command: z.string(), exitCode: z.number(), isStale: z.boolean() })

/** What a turn can show for itself, and where it stands. */
export const TurnShownSchema = lazy(() =>
  z.object({
    turnId: idSchema("trn"),
    startedAt: z.number(),
    end: z.object({ at: z.number(), outcome: TurnOutcomeSchema() }).optional(),
    steps: z.number(),
    outputTokens: z.number(),
    microUsd: z.number().optional(),
    changed: z.object({
      paths: z.array(z.string()),
      added: z.number(),
      removed: z.number(),
      uncounted: z.array(z.object({ by: z.union([idSchema("cal"), idSchema("ses")]), path: z.string() })),
    }),
    checks: z.array(check()),
    running: z.array(
      z.object({
        callId: idSchema("cal"),
        command: z.string(),
        isCheck: z.boolean(),
        isStale: z.boolean(),
        processId: idSchema("prc").optional(),
      }),
    ),
    itemsTo: z.number(),
  }),
)
