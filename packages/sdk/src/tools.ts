import type { Json } from "@skein/protocol/json"
import { asObject } from "@skein/protocol/json"
import { messageOf } from "./approvals.ts"

/** What a tool is told beside its input. */
export interface ToolCallContext {
  /** Aborted when the call is cancelled or the turn interrupted. */
  readonly signal: AbortSignal
}

/** What a tool gives the model: text, or blocks of text and images; anything else is told as JSON. */
export type ToolOutput = string | readonly ToolBlock[] | Json | readonly unknown[] | number | boolean | null | undefined

export type ToolBlock =
  | { readonly type: "text"; readonly text: string }
  /** `data` is base64. */
  | { readonly type: "image"; readonly data: string; readonly mimeType: string }

/** A schema that checks: zod's from version 4 on is one. */
export interface CheckingSchema<Input> {
  parse(value: unknown): Input
  toJSONSchema(): object
}

/** A function of this process that the model may call. */
export interface HostTool {
  readonly name: string
  readonly description: string
  readonly inputSchema: object
  readonly isAsked: boolean
  readonly isReadOnly: boolean
  readonly isTrusted: boolean
  call(input: unknown, context: ToolCallContext): Promise<ToolOutput>
}

export interface ToolDefinition<Input> {
  /** The model calls it `mcp__host__<name>`. */
  readonly name: string
  /** What it does and when to use it, for the model. */
  readonly description: string
  /** What it takes: JSON Schema of an object, or a schema that checks and turns into one. Without, it takes nothing. */
  readonly input?: CheckingSchema<Input> | Json | undefined
  /**
   * Whether calls are asked about as other programs' tools are. A function that you give is yours: unless you say so, none is, but
   * where a person's rule says otherwise, and where the turn has read what others may have written.
   */
  readonly isAsked?: boolean | undefined
  /** It changes nothing: calls of it may run beside each other, and are let be whatever the turn has read. */
  readonly isReadOnly?: boolean | undefined
  /** What it returns is your program's own word: nothing that others may have written, so calls after it are not asked about for it. */
  readonly isTrusted?: boolean | undefined
  readonly run: (input: Input, context: ToolCallContext) => ToolOutput | Promise<ToolOutput>
}

/** Makes a function of this process a tool. What it throws is told to the model as the reason why it failed. */
export function tool<Input = Json>(definition: ToolDefinition<Input>): HostTool {
  const { name, description, input, isAsked = false, isReadOnly = false, isTrusted = false, run } = definition
  const checking = isChecking<Input>(input) ? input : undefined
  const schema = checking === undefined ? (input ?? { type: "object", properties: {} }) : checking.toJSONSchema()
  return {
    ...{ name, description, isAsked, isReadOnly, isTrusted, inputSchema: schema },
    call: async (value, context) => run(checking === undefined ? (value as Input) : checking.parse(value), context),
  }
}

function isChecking<Input>(input: CheckingSchema<Input> | Json | undefined): input is CheckingSchema<Input> {
  return typeof input?.parse === "function" && typeof input.toJSONSchema === "function"
}

/** What a call of it answers, in MCP's words. */
export async function toolResult(tool: HostTool, input: unknown, context: ToolCallContext): Promise<Json> {
  try {
    return { content: contentOf(await tool.call(input, context)) }
  } catch (error) {
    return { content: [{ type: "text", text: messageOf(error) }], isError: true }
  }
}

function contentOf(output: ToolOutput): readonly unknown[] {
  if (typeof output === "string") return [{ type: "text", text: output }]
  if (output === undefined) return []
  if (Array.isArray(output) && output.length > 0 && output.every(isBlock)) return output
  return [{ type: "text", text: JSON.stringify(output) }]
}

function isBlock(value: unknown): boolean {
  const { type, text, data } = asObject(value) ?? {}
  return (type === "text" && typeof text === "string") || (type === "image" && typeof data === "string")
}
