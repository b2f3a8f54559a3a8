import type { ModelChunk, ModelRequest, ToolSpec } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import { asObject } from "../wire/json.ts"
import { type FoundCall, fitted } from "./fit.ts"
import { callsOf } from "./forms.ts"
import { parsed } from "./json-text.ts"

/** A small model that turns what another said it would do into calls. */
export interface Formatter {
  /** `provider/model`. */
  readonly model: string
  readonly outputTokensMax: number
  readonly temperature: number
}

interface Formatting {
  readonly request: ModelRequest
  readonly formatter: Formatter
  readonly stream: (request: ModelRequest, signal: AbortSignal) => AsyncIterable<readonly ModelChunk[]>
  readonly signal: AbortSignal
}

/** As long as a small model on a slow processor may take. */
const TIMEOUT_MS = 90_000
const TEXT_CHARS_MAX = 500
/** A small model reads no more schemas than these; of the others it is told the names. */
const SCHEMAS_MAX = 5

/**
 * The calls that a reply speaks of, formatted by a small model under a schema. Each must be one of the request's tools and
 * keep to its schema. Whatever goes wrong, there are none: the reply stays as it is. Throws only the signal's reason.
 */
export async function format(text: string, { request, formatter, stream, signal }: Formatting) {
  const tools = mostLikely(request.tools, text)
  const limited = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])
  try {
    const answer = await answerOf(stream(requestFor(text, tools, { request, formatter }), limited))
    return checked(answer, request.tools)
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof SkeinError || limited.aborted) return []
    throw error
  }
}

/** Those that the text names come first. */
function mostLikely(tools: readonly ToolSpec[], text: string): readonly ToolSpec[] {
  return tools.toSorted((a, b) => Number(text.includes(b.name)) - Number(text.includes(a.name)))
}

function requestFor(
  text: string,
  tools: readonly ToolSpec[],
  { request, formatter }: Pick<Formatting, "request" | "formatter">,
): ModelRequest {
  const specs = tools
    .slice(0, SCHEMAS_MAX)
    .map(({ name, description, inputSchema }) => JSON.stringify({ name, description, parameters: inputSchema }))
  const others = tools.slice(SCHEMAS_MAX).map(({ name }) => name)
  const system = [
    "You write down the tool calls that an assistant's message announces, and nothing else.",
    'Answer with JSON: {"calls": [{"name": …, "arguments": {…}}]}. An answer that announces no call has {"calls": []}.',
    `The tools:\n${specs.join("\n")}`,
    ...(others.length === 0 ? [] : [`Further tools: ${others.join(", ")}`]),
  ]
  return {
    ...{ model: formatter.model, system, tools: [], cacheKey: request.cacheKey },
    messages: [{ role: "user", content: [{ type: "text", text: text.slice(0, TEXT_CHARS_MAX) }] }],
    ...{ effort: "none", outputTokensMax: formatter.outputTokensMax, temperature: formatter.temperature },
    outputSchema: { name: "calls", schema: grammar(tools) },
  }
}

/** What the answer may be: for the tools with schemas exactly theirs, for the others any object. */
function grammar(tools: readonly ToolSpec[]): unknown {
  const call = (name: string, schema: unknown) => ({
    type: "object",
    properties: { name: { const: name }, arguments: schema },
    required: ["name", "arguments"],
    additionalProperties: false,
  })
  const calls = tools.map((tool, at) => call(tool.name, at < SCHEMAS_MAX ? tool.inputSchema : { type: "object" }))
  return {
    type: "object",
    properties: { calls: { type: "array", items: { anyOf: calls } } },
    required: ["calls"],
    additionalProperties: false,
  }
}

const ANSWER_CHARS_MAX = 100_000

async function answerOf(reply: AsyncIterable<readonly ModelChunk[]>): Promise<string> {
  let answer = ""
  for await (const burst of reply) {
    for (const chunk of burst) if (chunk.type === "text") answer += chunk.text
    if (answer.length > ANSWER_CHARS_MAX) return ""
  }
  return answer
}

/** All of them or none: half of what was meant is something else. */
function checked(answer: string, tools: readonly ToolSpec[]): readonly FoundCall[] {
  const written = asObject(parsed(answer.trim()))?.calls
  const calls = Array.isArray(written) ? callsOf(written).map((call) => fitted(call, tools)) : []
  const fitting = calls.filter((call) => call?.isFitting === true).filter((call) => call !== undefined)
  return fitting.length === calls.length ? fitting : []
}
