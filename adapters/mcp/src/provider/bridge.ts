import {
  CallDefect,
  type CallPlan,
  type PlanContext,
  type RunContext,
  ToolFailure,
  type ToolResult,
} from "@skein/core/ports"
import { asObject, asText, type Json } from "@skein/protocol/json"
import { sha256 } from "../config/raw.ts"
import type { ServerPrompt, ServerResource } from "../connection/live-server.ts"
import { type Calls, mustBeUsable, mustNotBeLayered } from "./calls.ts"
import { firstWords, type KnownTool } from "./definitions.ts"
import type { McpOptions } from "./options.ts"
import { ownResult, resultOf } from "./results.ts"
import { type Row, rowNamed } from "./rows.ts"
import { searched } from "./search.ts"
import type { PlaceState } from "./servers.ts"
import { CALL_TIMEOUT_MS, MCP_TOOL } from "./telling.ts"

/** What a call of the tool `mcp` asks for. */
export type Asked =
  | { readonly kind: "search"; readonly words: string }
  | { readonly kind: "call"; readonly tool: string; readonly input: unknown }
  | { readonly kind: "list"; readonly what: "resources" | "prompts"; readonly server: string }
  | { readonly kind: "read"; readonly server: string; readonly uri: string }
  | {
      readonly kind: "prompt"
      readonly server: string
      readonly prompt: string
      readonly arguments: Readonly<Record<string, string>>
    }

/** Undefined where it asks for nothing. */
export function askedBy(given: unknown): Asked | undefined {
  const input: Json = asObject(given) ?? (typeof given === "string" ? { search: given } : {})
  const server = asText(input.server) ?? ""
  const tool = asText(input.tool)
  if (tool !== undefined) {
    const isShort = server !== "" && !tool.startsWith("mcp__")
    return { kind: "call", tool: isShort ? `${server} ${tool}` : tool, input: input.input ?? input.args ?? {} }
  }
  const uri = asText(input.resource)
  if (uri !== undefined) return { kind: "read", server, uri }
  const prompt = asText(input.prompt)
  if (prompt !== undefined) {
    const args = Object.entries(asObject(input.arguments) ?? {}).map(([name, value]) => [name, String(value)] as const)
    return { kind: "prompt", server, prompt, arguments: Object.fromEntries(args) }
  }
  if (input.resources === true) return { kind: "list", what: "resources", server }
  if (input.prompts === true) return { kind: "list", what: "prompts", server }
  const words = asText(input.search) ?? asText(input.query) ?? (server === "" ? undefined : server)
  return words === undefined || words.trim() === "" ? undefined : { kind: "search", words }
}

const FOUND_MAX = 8
/** Of all schemas that a search tells. */
const FOUND_CHARS_MAX = 24_000
const LISTED_MAX = 100

/** The tool `mcp`: it searches all servers, and calls, lists and reads what they have. */
export class Bridge {
  readonly #calls: Calls
  readonly #options: McpOptions

  constructor(calls: Calls, options: McpOptions) {
    this.#calls = calls
    this.#options = options
  }

  /** Throws CallDefect and ToolFailure. */
  plan(input: unknown, state: PlaceState, context: PlanContext): CallPlan {
    const asked = askedBy(input)
    if (asked === undefined) {
      throw new CallDefect(
        "call.invalid_input",
        `${MCP_TOOL} takes {search: words}, {tool: name, input}, or {server} with resources, resource, prompts or prompt.`,
      )
    }
    if (asked.kind === "call") {
      const plan = this.#calls.plan(asked.tool, asked.input, state, context)
      return { ...plan, callInput: (given) => ({ tool: asked.tool, input: given }) }
    }
    if (asked.kind === "search") return planOf(input, { asked, state }, [{ kind: "none" }], `search ${asked.words}`)
    mustNotBeLayered(context)
    const row = rowOf(asked.server, state)
    mustBeUsable(row)
    const what = asked.kind === "list" ? asked.what : asked.kind === "read" ? asked.uri : asked.prompt
    // What a server is read by steers it too, and it may be any program's doing.
    const reads = asked.kind !== "list"
    const effect = {
      kind: "remote",
      server: row.found.group,
      tool: what,
      isApproved: true,
      isReadOnlyHinted: false,
    } as const
    const plan = planOf(
      input,
      { asked, state, row },
      reads ? [effect] : [{ kind: "none" }],
      `${row.found.group} ${what}`,
    )
    return reads
      ? { ...plan, rulesOf: `mcp__${row.found.group}__${asked.kind === "read" ? "resources" : "prompts"}` }
      : plan
  }

  async run({ prepared }: CallPlan, context: RunContext): Promise<ToolResult> {
    const { asked, state, row } = prepared as Prepared
    if (asked.kind === "search") return this.#found(asked.words, state, context)
    if (row === undefined || asked.kind === "call") throw new Error("Planned with its server")
    const { live, row: now } = await this.#calls.begun(row, context)
    const user = this.#calls.userOf(row, context)
    if (asked.kind === "list") return listed(asked.what, now)
    const content =
      asked.kind === "read" ? await live.read(asked.uri, user) : await live.prompt(asked.prompt, asked.arguments, user)
    const keeping = { artifacts: this.#options.artifacts, sessionId: context.sessionId }
    return resultOf(row.found.name, { content, isError: false }, keeping)
  }

  /** Servers that nobody has seen yet are started for it, all at once; what does not start is told. */
  async #found(words: string, { rows }: PlaceState, context: RunContext): Promise<ToolResult> {
    const usable = rows.filter(({ standing }) => standing === "usable")
    const failures: string[] = []
    const known = await Promise.all(
      usable.map(async (row) => {
        if (row.offer !== undefined) return row
        try {
          return (await this.#calls.begun(row, context)).row
        } catch (error) {
          if (!(error instanceof ToolFailure)) throw error
          failures.push(`${row.found.group}: ${error.message}`)
          return row
        }
      }),
    )
    const all = known.flatMap((row) => row.tools)
    const named = known.find(({ found }) => found.group === words.trim() || found.name === words.trim())
    const hits = searched(all, words, FOUND_MAX)
    const shown = named === undefined || hits.length > FOUND_MAX / 2 ? hits : [...new Set([...hits, ...named.tools])]
    return ownResult(
      [foundText(shown, words, known), ...failures.map((why) => `Could not be asked: ${why}`)].join("\n"),
      `${shown.length} of ${all.length} tools`,
    )
  }
}

interface Prepared {
  readonly asked: Asked
  readonly state: PlaceState
  readonly row?: Row | undefined
}

function planOf(input: unknown, prepared: Prepared, effects: CallPlan["effects"], target: string): CallPlan {
  return {
    ...{ name: MCP_TOOL, input, effects, isConcurrent: true, timeoutMs: CALL_TIMEOUT_MS, prepared },
    actions: [{ verb: "run", target: firstWords(target, 400) }],
    digest: sha256(JSON.stringify(["mcp", input])),
  }
}

/** A name that is none is the model's mistake. */
function rowOf(name: string, state: PlaceState): Row {
  try {
    const [only] = state.rows
    return name === "" && only !== undefined && state.rows.length === 1 ? only : rowNamed(state, name)
  } catch (error) {
    if (error instanceof Error) throw new CallDefect("call.invalid_input", error.message)
    throw error
  }
}

function foundText(tools: readonly KnownTool[], words: string, rows: readonly Row[]): string {
  if (tools.length === 0) {
    const names = rows.map(({ found, tools: own }) => `${found.group} (${own.length} tools)`).join(", ")
    return `No tool fits ${JSON.stringify(words.slice(0, 100))}. The servers are ${names || "none"}; {search: <server>} shows one's tools.`
  }
  const lines: string[] = []
  let chars = 0
  for (const { callName, description, inputSchema } of tools) {
    const schema = JSON.stringify(inputSchema)
    chars += description.length + schema.length
    lines.push(
      chars <= FOUND_CHARS_MAX
        ? `${callName}: ${description}\n  input: ${schema}`
        : `${callName}: ${firstWords(description, 120)}`,
    )
    if (lines.length >= LISTED_MAX) break
  }
  return `Call one as {tool: name, input}.\n${lines.join("\n")}`
}

function listed(what: "resources" | "prompts", { offer }: Row): ToolResult {
  const lines =
    what === "resources" ? (offer?.resources ?? []).map(resourceLine) : (offer?.prompts ?? []).map(promptLine)
  const more = lines.length > LISTED_MAX ? [`(${lines.length - LISTED_MAX} more)`] : []
  const text = lines.length === 0 ? `The server has no ${what}.` : [...lines.slice(0, LISTED_MAX), ...more].join("\n")
  return ownResult(text, `${lines.length} ${what}`)
}

function resourceLine({ uri, name, description }: ServerResource): string {
  return `${firstWords(uri, 500)}  ${firstWords(`${name}${description === "" ? "" : `: ${description}`}`, 160)}`
}

function promptLine({ name, description, arguments: args }: ServerPrompt): string {
  const named = args.map((one) => (one.isRequired ? one.name : `${one.name}?`)).join(", ")
  return firstWords(`${name}(${named})  ${description}`, 240)
}
