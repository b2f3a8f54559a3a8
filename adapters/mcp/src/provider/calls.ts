import {
  CallDefect,
  type CallPlan,
  type PlanContext,
  type RunContext,
  ToolFailure,
  type ToolResult,
} from "@skein/core/ports"
import { asObject } from "@skein/protocol/json"
import { sha256 } from "../config/raw.ts"
import type { LiveServer, ServerUser } from "../connection/live-server.ts"
import { askedDuring } from "./asked.ts"
import { firstWords, type KnownTool } from "./definitions.ts"
import { guarded } from "./guarded.ts"
import type { McpOptions } from "./options.ts"
import { drift } from "./pins.ts"
import { resultOf } from "./results.ts"
import { type Row, whyNot } from "./rows.ts"
import type { PlaceState, Servers } from "./servers.ts"
import { CALL_TIMEOUT_MS } from "./telling.ts"

/** Calls of servers' tools: planned by what is known of them, so that none is started to be judged, and run. */
export class Calls {
  readonly #servers: Servers
  readonly #options: McpOptions

  constructor(servers: Servers, options: McpOptions) {
    this.#servers = servers
    this.#options = options
  }

  /** Throws CallDefect and ToolFailure. */
  plan(name: string, input: unknown, state: PlaceState, context: PlanContext): CallPlan {
    mustNotBeLayered(context)
    const { row, tool } = toolNamed(name, state)
    const args = input === undefined || input === null ? {} : asObject(input)
    if (args === undefined) throw new CallDefect("call.invalid_input", `${name} takes an object as its input.`)
    const pin = this.#servers.pins.of(row.key, tool.name)
    const { found } = row
    const isUnasked = isOfClient(row, "toolsUnasked", tool)
    // What a client lets be called is what it defines now: nobody approved it as it was.
    const hasDrifted = !isUnasked && pin !== undefined && pin.sha256 !== tool.sha256
    const isApproved = !hasDrifted && (pin?.isApproved === true || found.approved.has(tool.name))
    const { isReadOnlyHinted } = tool
    const target = `${found.group} ${tool.name} ${firstWords(JSON.stringify(args), 400)}`
    const why = hasDrifted
      ? `${found.name} describes ${tool.name} otherwise than when it was approved: look at the difference`
      : found.asked.has(tool.name)
        ? `the settings of ${found.name} say to ask about ${tool.name} each time`
        : undefined
    return {
      ...{ name: tool.callName, input: args, isConcurrent: isReadOnlyHinted },
      effects: [
        {
          ...{ kind: "remote", server: found.group, tool: tool.name, isApproved, isReadOnlyHinted },
          ...(isUnasked ? { isUnasked } : {}),
          ...(isOfClient(row, "toolsTrusted", tool) ? { isTrusted: true } : {}),
        },
      ],
      actions: [{ verb: "run", target, ...(hasDrifted ? { diff: drift(pin, tool) } : {}) }],
      digest: sha256(JSON.stringify([row.key, tool.sha256, args])),
      timeoutMs: CALL_TIMEOUT_MS,
      ...(why === undefined ? {} : { isAlwaysAsked: true, askedBecause: why }),
      prepared: { row, tool } satisfies Prepared,
    }
  }

  async run({ prepared, input }: CallPlan, context: RunContext): Promise<ToolResult> {
    const { row, tool } = prepared as Prepared
    const { live, row: now } = await this.begun(row, context)
    const defined = now.known.find(({ name }) => name === tool.name)
    if (defined?.sha256 !== tool.sha256) throw this.#changed(tool, defined)
    const pin = this.#servers.pins.of(row.key, tool.name)
    const isApproved = context.isAnswered === true || (pin?.sha256 === tool.sha256 && pin.isApproved)
    const isUnasked = isOfClient(row, "toolsUnasked", tool)
    if (!isUnasked && (pin?.sha256 !== tool.sha256 || pin.isApproved !== isApproved)) {
      await this.#servers.pins.put(row.key, tool, isApproved)
    }
    return guarded(row.found, context, this.#options, async () => {
      const result = await live.call(tool.name, input, this.userOf(row, context), {
        timeoutMs: row.found.spec?.callTimeoutMs ?? TIMEOUT_MS,
        onProgress: (message) => context.progress(0, firstWords(message, 200)),
      })
      const keeping = { artifacts: this.#options.artifacts, sessionId: context.sessionId }
      return resultOf(row.found.name, { ...result, isTrusted: isOfClient(row, "toolsTrusted", tool) }, keeping)
    })
  }

  /** What is known of it by now is told with the next turn; a call of it is judged by it at once. */
  #changed(tool: KnownTool, defined: KnownTool | undefined): ToolFailure {
    if (defined === undefined) return new ToolFailure(`The server no longer has a tool ${tool.name}. Nothing was run.`)
    return new ToolFailure(
      `The server defines ${tool.callName} otherwise than was known, so nothing was run. It is now:\n` +
        `${defined.description}\n${JSON.stringify(defined.inputSchema)}\nCall it again if that is what you want.`,
    )
  }

  /** A server that runs, for a call. Throws ToolFailure. */
  async begun(row: Row, context: RunContext): Promise<{ readonly live: LiveServer; readonly row: Row }> {
    mustBeUsable(row)
    const { cwd, sessionId, roots, sandbox } = context
    const begun = await this.#servers.use(row, { cwd, sessionId }, this.userOf(row, context), { roots, sandbox })
    // From here on calls are judged by what it is now; what is told stays as it is until the next turn.
    this.#servers.learned({ cwd, sessionId }, begun.row)
    return begun
  }

  userOf({ found }: Row, context: RunContext): ServerUser {
    const { sessionId, signal, roots, network } = context
    return { sessionId, signal, roots, network, asked: askedDuring(found.name, context) }
  }
}

const TIMEOUT_MS = 60_000

/** Whether the client that brought a server names one of its tools there. What a file names is no client's. */
function isOfClient({ found }: Row, where: "toolsUnasked" | "toolsTrusted", { name }: KnownTool): boolean {
  return found.scope === "client" && found.spec?.[where]?.includes(name) === true
}

interface Prepared {
  readonly row: Row
  readonly tool: KnownTool
}

export function mustBeUsable(row: Row): void {
  const why = whyNot(row)
  if (why !== undefined) throw new ToolFailure(why)
}

export function mustNotBeLayered({ layer }: PlanContext): void {
  if (layer === undefined) return
  throw new ToolFailure("Tools of servers cannot be tried out: what they do could not be taken back. Nothing was done.")
}

/** By the name that models call it by, or `server tool` in one of the ways that they write it. */
export function toolNamed(name: string, { rows }: PlaceState): { readonly row: Row; readonly tool: KnownTool } {
  const wanted = plainly(name)
  for (const row of rows) {
    const tool = row.known.find(
      ({ callName, name: own }) => callName === name || plainly(`mcp ${row.found.group} ${own}`) === wanted,
    )
    if (tool === undefined) continue
    mustBeUsable(row)
    if (row.tools.includes(tool)) return { row, tool }
    throw new ToolFailure(`The settings of ${row.found.name} leave out its tool ${tool.name}.`)
  }
  const alike = rows.flatMap((row) => row.tools.map((tool) => ({ row, tool }))).filter(({ tool }) => tool.name === name)
  const [only] = alike
  if (only !== undefined && alike.length === 1) {
    mustBeUsable(only.row)
    return only
  }
  const row = rows.find(({ found }) => wanted.startsWith(plainly(`mcp ${found.group} `)))
  if (row !== undefined) mustBeUsable(row)
  const hint =
    row === undefined
      ? "Search for one: mcp {search: words}."
      : `Those of ${row.found.group} are ${row.tools.map((tool) => tool.name).join(", ") || "not known yet: search for one with mcp {search: words}"}.`
  throw new CallDefect(
    "call.unknown_tool",
    `There is no tool ${JSON.stringify(name.slice(0, 100))} of a server. ${hint}`,
  )
}

/** `server/tool`, `server.tool`, `server:tool`. */
function plainly(name: string): string {
  const words = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, " ")
    .trim()
  return words.startsWith("mcp ") ? words : `mcp ${words}`
}
