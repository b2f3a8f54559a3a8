import { ANSWERS } from "../answers/index.ts"
import { ItemSchema } from "../answers/items.ts"
import { InputPart, Usage } from "../content.ts"
import { ERROR_CODES } from "../errors.ts"
import { EventSchema, eventSchemas } from "../events/envelope.ts"
import { idSchema } from "../id-schema.ts"
import { ID_PREFIXES } from "../ids.ts"
import { McpServerSpec } from "../mcp.ts"
import { OP_TYPES, OpSchema, opSchema, RewindTarget } from "../ops.ts"
import { QUERY_TYPES, QuerySchema, querySchema } from "../queries.ts"
import { Receipt } from "../receipt.ts"
import * as z from "../schema.ts"
import { Rule, Settings, SettingsChange } from "../settings.ts"
import { TurnTerms } from "../terms.ts"
import { Refusal, SubscriptionSchema } from "../wire.ts"
import { messages } from "./messages.ts"
import { ID_NAMES, pascal } from "./names.ts"

/** Whatever others are told of, by its name in a description: `TurnSubmitOp`, `SessionReadAnswer`, `TurnEndedEvent`. */
export function definitions(): ReadonlyMap<string, z.ZodType> {
  const answer = z.anyOf(QUERY_TYPES.map((type) => ANSWERS[type]()))
  return new Map<string, z.ZodType>([
    ["Op", OpSchema()],
    ["Receipt", Receipt()],
    ["Query", QuerySchema()],
    ["Answer", answer],
    ["Event", EventSchema()],
    ["Subscription", SubscriptionSchema()],
    ["Refusal", Refusal()],
    ["ErrorCode", z.enum(ERROR_CODES)],
    ...messages(answer),
    ["Item", ItemSchema()],
    ["InputPart", InputPart()],
    ["Usage", Usage()],
    ["Settings", Settings()],
    ["SettingsChange", SettingsChange()],
    ["TurnTerms", TurnTerms()],
    ["Rule", Rule()],
    ["RewindTarget", RewindTarget()],
    ["McpServerSpec", McpServerSpec()],
    ...ID_PREFIXES.map((prefix) => [ID_NAMES[prefix], idSchema(prefix)] as const),
    ...OP_TYPES.map((type) => [`${pascal(type)}Op`, opSchema(type)] as const),
    ...QUERY_TYPES.map((type) => [`${pascal(type)}Query`, querySchema(type)] as const),
    ...QUERY_TYPES.map((type) => [`${pascal(type)}Answer`, ANSWERS[type]()] as const),
    ...[...eventSchemas()].map(([type, schema]) => [`${pascal(type)}Event`, schema] as const),
  ])
}
