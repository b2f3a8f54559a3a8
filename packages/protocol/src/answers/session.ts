import { InputPart, Usage } from "../content.ts"
import { eventSchemas } from "../events/envelope.ts"
import type { EventOf } from "../events/index.ts"
import { PARENTHOODS, PlanStepSchema, TodoSchema, topicsSchema, VISIBILITIES } from "../events/session.ts"
import { RevisionSchema } from "../events/turn.ts"
import { idSchema } from "../id-schema.ts"
import { lazy } from "../lazy.ts"
import * as z from "../schema.ts"
import { Settings } from "../settings.ts"
import { TurnTerms } from "../terms.ts"
import { ItemSchema, TurnShownSchema } from "./items.ts"

const ofSession = () => ({ sessionId: idSchema("ses") })

export const SessionSummarySchema = lazy(() =>
  z.object({
    ...ofSession(),
    cwd: z.string(),
    createdAt: z.number(),
    updatedAt: z.number(),
    title: z.string().optional(),
    preview: z.string(),
    isInteractive: z.boolean(),
    isArchived: z.boolean(),
    labels: z.array(z.string()).optional(),
    topics: topicsSchema().optional(),
    visibility: z.enum(VISIBILITIES).optional(),
    parent: z.object({ ...ofSession(), kind: z.enum(PARENTHOODS) }).optional(),
    importedFrom: z.string().optional(),
    model: z.string().optional(),
    turns: z.number().optional(),
  }),
)

export const SearchHitSchema = lazy(() =>
  z.object({
    session: SessionSummarySchema(),
    snippet: z.string(),
    turnId: idSchema("trn").optional(),
    seq: z.number(),
  }),
)

export const SessionTreeSchema = lazy(() =>
  z.object({
    turns: z.array(
      z.object({
        turnId: idSchema("trn"),
        parentTurnId: idSchema("trn").optional(),
        beforeSeq: z.number(),
        endSeq: z.number(),
        at: z.number(),
        preview: z.string(),
        label: z.string().optional(),
        isCurrent: z.boolean(),
        filesChanged: z.number(),
      }),
    ),
    current: idSchema("trn").optional(),
  }),
)

const queued = () =>
  z.object({
    inputId: idSchema("inp"),
    delivery: z.enum(["steer", "queue"]),
    input: z.array(InputPart()),
    terms: TurnTerms().optional(),
    taint: z.array(z.string()).optional(),
  })

/** The event itself, as it is told to those who listen. */
const approvalRequested = lazy(
  () => eventSchemas().get("approval.requested") as unknown as z.ZodType<EventOf<"approval.requested">>,
)

export const SessionViewSchema = lazy(() =>
  z.object({
    ...ofSession(),
    cwd: z.string(),
    createdAt: z.number(),
    seq: z.number(),
    title: z.string().optional(),
    settings: Settings(),
    items: z.array(ItemSchema()),
    turns: z.array(TurnShownSchema()).optional(),
    runningTurn: idSchema("trn").optional(),
    retry: z.object({ attempt: z.number(), atMs: z.number() }).optional(),
    approvals: z.array(approvalRequested()),
    queue: z.array(queued()),
    usage: Usage(),
    microUsd: z.number().optional(),
    contextTokens: z.number().optional(),
    contextTokensMax: z.number().optional(),
    goal: z.string().optional(),
    plan: z.string().optional(),
    git: RevisionSchema().optional(),
    planSteps: z.array(PlanStepSchema()).optional(),
    todos: z.array(TodoSchema()).optional(),
    labels: z.array(z.string()).optional(),
    isArchived: z.boolean().optional(),
    topics: topicsSchema().optional(),
  }),
)

export const PromptRecordSchema = lazy(() => z.object({ ...ofSession(), at: z.number(), text: z.string() }))
