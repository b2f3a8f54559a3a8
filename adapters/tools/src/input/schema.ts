import { toJSONSchema } from "@skein/protocol/json-schema"
import type { AnyTool } from "../define.ts"
import type { JsonSchema } from "./lenient.ts"

/**
 * A tool's input as JSON Schema, without what no model needs: the dialect, and the bounds that every whole number has.
 * Costs some 0.3 ms a tool, and brings a large library, so the built-in ones are kept in `schemas.ts`.
 */
export function schemaOf(tool: AnyTool): JsonSchema {
  return compact(toJSONSchema(tool.input(), { io: "input" })) as JsonSchema
}

function compact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(compact)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => key !== "$schema" && Math.abs(Number(inner)) !== Number.MAX_SAFE_INTEGER)
      .map(([key, inner]) => [key, compact(inner)]),
  )
}
