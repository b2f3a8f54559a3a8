import { asObject, asText, type Json } from "@skein/protocol/json"
import type { Rec } from "../files/records.ts"

/** One line of a rollout, whatever the version that wrote it. */
export interface RolloutLine {
  readonly line: number
  readonly type: string
  readonly timestamp: unknown
  readonly payload: Json
}

/**
 * The first versions wrote the items bare: a header `{id, timestamp, instructions}`, then Responses items, and records of
 * the program's own state in between.
 */
export function rolloutLine({ line, json }: Rec): RolloutLine {
  const { type, timestamp } = json
  const payload = asObject(json.payload)
  if (payload !== undefined) return { line, type: asText(type) ?? "unknown", timestamp, payload }
  if (json.record_type !== undefined) return { line, type: "state", timestamp, payload: json }
  if (type === undefined && asText(json.id) !== undefined && timestamp !== undefined)
    return { line, type: "session_meta", timestamp, payload: json }
  return { line, type: "response_item", timestamp, payload: json }
}

/** What the program itself said in the person's place: rules, environment, markers. */
const PLACED = [
  /^\s*<(environment_context|user_instructions|permissions instructions|skills_instructions|skill|INSTRUCTIONS)\b/,
  /^\s*<(turn_aborted|subagent_notification|collaboration_mode|personality_spec|apps_instructions|plugins_instructions)\b/,
  /^# AGENTS\.md instructions\b/,
]

/** Whether a message in the person's role was written by the person. New versions say so of each part. */
export function isPersons(payload: Json, text: string): boolean {
  const kinds = asObject(payload.internal_chat_message_metadata_passthrough)?.content_item_kinds
  if (Array.isArray(kinds) && kinds.length > 0) return kinds.some((kind) => String(kind).startsWith("user."))
  return !PLACED.some((pattern) => pattern.test(text))
}
