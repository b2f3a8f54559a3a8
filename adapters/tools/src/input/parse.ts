import { CallDefect } from "@skein/core/ports"
import * as z from "@skein/protocol/schema"
import type { AnyTool } from "../define.ts"
import { fit } from "./fit.ts"
import { type JsonSchema, lenient } from "./lenient.ts"
import { shapeOf } from "./shape.ts"

/** The checked input of a call. Throws CallDefect that says what does not fit, and what would. */
export function parseInput(tool: AnyTool, schema: JsonSchema, input: unknown): unknown {
  const meant = lenient(input ?? {}, schema)
  const fitting = fit(meant, schema)
  if (fitting !== undefined) return fitting.value
  const result = tool.input().safeParse(meant)
  if (result.success) return result.data
  throw new CallDefect(
    "call.invalid_input",
    `The arguments of ${tool.name} do not fit:\n${z.prettifyError(result.error)}\nExpected: ${tool.name} ${shapeOf(schema)}`,
  )
}
