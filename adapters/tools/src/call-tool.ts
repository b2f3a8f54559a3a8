import {
  CallDefect,
  type CallLabel,
  type CallPlan,
  type ToolFacts,
  type ToolResult,
  type ToolSpec,
} from "@skein/core/ports"
import { asObject, asText } from "@skein/protocol/json"
import type { ToolRow } from "./define.ts"
import type { JsonSchema } from "./input/lenient.ts"
import { shapeOf } from "./input/shape.ts"

/**
 * The one tool by which those are reached that stand in no request in full. What it calls is planned, judged, shown and run
 * as if the model had called it by its own name.
 */
export const CALL_TOOL = "call_tool"

/** What a call of it asks for: to be told of a tool, or to run it. */
export interface Called {
  readonly name: string
  /** Undefined: the model wants to be told what it takes. */
  readonly input: unknown
}

/** Built by hand: its description names tools, so it is another for every set of them. */
export const CALL_TOOL_SCHEMA: JsonSchema = {
  type: "object",
  properties: { name: { type: "string" }, input: { type: "object" } },
  required: ["name"],
  additionalProperties: false,
}

/** Names each with its summary: enough to know which one to ask about. */
export function callToolDescription(tools: readonly Pick<ToolFacts, "name" | "summary">[]): string {
  const lines = tools.map((tool) => `${tool.name}: ${tool.summary}`)
  return [
    "More tools, called by name. Without input it tells what arguments a tool takes; with input it runs it.",
    ...lines,
  ].join("\n")
}

/** Throws CallDefect when no tool is named. */
export function calledBy(input: unknown): Called {
  const { name, input: given } = asCalled(input)
  if (name === undefined) {
    throw new CallDefect(
      "call.invalid_input",
      `${CALL_TOOL} takes the name of a tool, and its input: {name: string, input?: object}`,
    )
  }
  return { name, input: given }
}

/** As models write it, in one of a few spellings. */
function asCalled(input: unknown): { readonly name: string | undefined; readonly input: unknown } {
  const given = asObject(typeof input === "string" ? { name: input } : input) ?? {}
  const name = asText(given.name) ?? asText(given.tool)
  // It calls what is called by name alone; itself it never calls.
  const isNamed = name !== undefined && name !== "" && name !== CALL_TOOL
  return { name: isNamed ? name : undefined, input: given.input ?? given.arguments ?? given.args }
}

/** What a person reads in the list of calls: what is really called. */
export function describeCalled(input: unknown, describe: (called: Called) => CallLabel): CallLabel {
  const { name, input: given } = asCalled(input)
  if (name === undefined) return { title: CALL_TOOL, kind: "other", locations: [] }
  if (given === undefined) return { title: `how to call ${name}`, kind: "other", locations: [], tool: name }
  return describe({ name, input: given })
}

/** A call that only tells what a tool takes. */
export function tellingPlan(tool: ToolRow, schema: JsonSchema): CallPlan {
  return telling(tool.name, `${tool.name} ${shapeOf(schema)}\n${tool.description}${argumentLines(schema)}`)
}

/** The same of a tool that is not built in: its schema may be any. */
export function tellingSpecPlan({ name, description, inputSchema }: ToolSpec): CallPlan {
  return telling(name, `${name}\n${description}\nInput: ${JSON.stringify(inputSchema)}`)
}

function telling(name: string, text: string): CallPlan {
  return {
    ...{ name: CALL_TOOL, input: { name }, effects: [{ kind: "none" }], actions: [], isConcurrent: true },
    ...{ digest: `${CALL_TOOL} ${name}`, timeoutMs: 1_000, prepared: text },
  }
}

/** What `tellingPlan` prepared. */
export function told(plan: CallPlan): ToolResult {
  const text = typeof plan.prepared === "string" ? plan.prepared : ""
  return {
    forModel: [{ type: "text", text }],
    forHuman: { kind: "text", body: text, summary: "how it is called" },
    provenance: { source: CALL_TOOL, isTrusted: true },
  }
}

function argumentLines(schema: JsonSchema): string {
  const lines = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const { description } = property
    return typeof description === "string" ? [`\n${name}: ${description}`] : []
  })
  return lines.join("")
}
