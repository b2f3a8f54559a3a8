import { resolve } from "node:path"
import {
  CallDefect,
  type CallLabel,
  type CallPlan,
  type CapabilityProvider,
  type PlanContext,
  type RunContext,
  type ToolFacts,
  ToolFailure,
  type ToolResult,
  type ToolSpec,
  type ToolsPort,
} from "@skein/core/ports"
import { lazy } from "@skein/protocol"
import { given } from "@skein/protocol/json"
import { board } from "./agents/board.ts"
import { CALL_TOOL, calledBy, describeCalled, tellingPlan, tellingSpecPlan, told } from "./call-tool.ts"
import type { AnyTool, Planned, ToolRow, ToolWorld } from "./define.ts"
import { seenFiles } from "./files/seen.ts"
import { digestOf } from "./input/digest.ts"
import { type Fit, fit } from "./input/fit.ts"
import { type JsonSchema, lenient } from "./input/lenient.ts"
import { nearest } from "./input/near-names.ts"
import { parseInput } from "./input/parse.ts"
import { offering } from "./offer.ts"
import { providedBy } from "./provided.ts"
import { SCHEMAS } from "./schemas.ts"
import { shelf } from "./shelf.ts"

export interface ToolsOptions {
  /** Instead of the built-in ones. */
  readonly definitions?: readonly AnyTool[] | undefined
  /** Every tool is told of in full, whatever a request costs by that. */
  readonly isAllInFull?: boolean | undefined
  /** Translates the input of tools that are not built in; what does it is too large for every start. */
  readonly schemaOf?: ((tool: AnyTool) => JsonSchema) | undefined
  /** Where more tools come from, in the order in which they are told. */
  readonly providers?: readonly CapabilityProvider[] | undefined
}

/** How long a tool may run that does not say. */
export const DEFAULT_TIMEOUT_MS = 120_000

/** The tools of a session, over what they may reach of the world. */
export function tools(world: ToolWorld, options: ToolsOptions = {}): ToolsPort {
  const held = shelf(options.definitions)
  const names = held.rows.map(({ name }) => name)
  const inner: ToolWorld = { ...world, seen: world.seen ?? seenFiles(), board: world.board ?? board() }
  const schemas = new Map<string, JsonSchema>()

  function schemaFor({ name }: ToolRow): JsonSchema {
    const known = (options.definitions === undefined ? SCHEMAS[name] : undefined) ?? schemas.get(name)
    const tool = known === undefined ? held.tool(name) : undefined
    const schema = known ?? (tool && options.schemaOf?.(tool))
    if (schema === undefined) throw new Error(`The tool ${name} is not built in, and nothing translates its input`)
    schemas.set(name, schema)
    return schema
  }
  async function called(name: string): Promise<AnyTool> {
    await held.ready(name)
    const tool = held.tool(name)
    if (tool === undefined) throw unknownTool(name, names)
    return tool
  }

  const specOf = (tool: ToolRow): ToolSpec => {
    const { name, description } = tool
    return { name, description, inputSchema: schemaFor(tool) }
  }
  const specs = lazy((): readonly ToolSpec[] => held.rows.map(specOf))
  const facts = lazy((): readonly ToolFacts[] =>
    held.rows.map((row) => {
      const { kind, summary, effects, needs, isConcurrent = false, timeoutMs = DEFAULT_TIMEOUT_MS } = row
      return {
        ...specOf(row),
        kind,
        effects,
        isConcurrent,
        timeoutMs,
        ...given("summary", summary),
        ...given("needs", needs),
      }
    }),
  )
  const provided = providedBy(options.providers ?? [])
  const offered = offering(held.rows, specs, provided, options.isAllInFull ?? false)
  /** Whose a call is; a name of our own is nobody else's. */
  const ownerOf = (name: string) => (held.row(name) === undefined ? provided.owner(name) : undefined)

  return {
    list: (place) => (place === undefined ? facts() : [...facts(), ...provided.list(place)]),
    offered,
    refresh(place) {
      const all = (options.providers ?? []).flatMap((provider) => provider.refresh?.(place) ?? [])
      return all.length === 0 ? undefined : Promise.all(all).then(() => undefined)
    },
    ready(name, place) {
      const owner = ownerOf(name)
      if (owner === undefined) return held.ready(name)
      return place === undefined ? undefined : owner.ready?.(name, place)
    },
    describe(name, input, cwd) {
      if (name === CALL_TOOL) return describeCalled(input, (inner) => this.describe(inner.name, inner.input, cwd))
      const owner = ownerOf(name)
      if (owner !== undefined) return owner.describe(name, input, cwd)
      const tool = held.tool(name)
      const row = held.row(name)
      if (row === undefined) return { title: name, kind: "other", locations: [] }
      if (tool === undefined) return bareLabel(row)
      return label(tool, fit(lenient(input, schemaFor(tool)), schemaFor(tool)), cwd)
    },
    async plan(name, input, context) {
      if (name === CALL_TOOL) {
        const asked = calledBy(input)
        const row = held.row(asked.name)
        if (row !== undefined && asked.input === undefined) return tellingPlan(row, schemaFor(row))
        const found = provided.list(context).find(({ name }) => name === asked.name)
        if (found !== undefined && asked.input === undefined) return tellingSpecPlan(found)
        const plan = await this.plan(asked.name, asked.input, context)
        return { ...plan, callInput: (given) => ({ name: asked.name, input: given }) }
      }
      const owner = ownerOf(name)
      if (owner !== undefined) return await untilAborted(owner.plan(name, input, context), context)
      const tool = await called(name)
      const checked = parseInput(tool, schemaFor(tool), input)
      const planned = await untilAborted(planOf(tool, checked, await worldFor(tool, inner, context), context), context)
      checkEffects(tool, planned)
      return callPlan(tool, checked, planned)
    },
    async run(plan, context) {
      if (plan.name === CALL_TOOL) return told(plan)
      const owner = ownerOf(plan.name)
      if (owner !== undefined) return ofProvider(await untilAborted(owner.run(plan, context), context), plan.name)
      const tool = await called(plan.name)
      return await untilAborted(runOf(tool, plan, await worldFor(tool, inner, context), context), context)
    },
    async beforeWatch({ effects }, context) {
      if (!hasClientFiles(context)) return
      const paths = effects.flatMap((effect) => (effect.kind === "write" ? effect.paths : []))
      await (await import("./client/files.ts")).saveUnsaved(inner.files, paths, context)
    },
  }
}

function unknownTool(name: string, names: readonly string[]): CallDefect {
  const near = nearest(name, names)
  const hint = near.length > 0 ? `Did you mean ${near.join(" or ")}? ` : ""
  return new CallDefect("call.unknown_tool", `There is no tool "${name}". ${hint}The tools are ${names.join(", ")}.`)
}

const hasClientFiles = ({ layer, hasClient }: PlanContext) => layer === undefined && hasClient?.("fs") === true

/**
 * In a layer, files are what the layer shows; a tool that reaches past it does not run there. Elsewhere a client may have
 * files of its own.
 */
async function worldFor(tool: AnyTool, world: ToolWorld, context: PlanContext): Promise<ToolWorld> {
  const { layer } = context
  if (hasClientFiles(context)) return (await import("./client/files.ts")).withClient(world, context)
  if (layer === undefined) return world
  if (tool.canBeLayered !== true || world.layered === undefined) {
    throw new ToolFailure(`${tool.name} cannot be tried out: what it does could not be taken back. Nothing was done.`)
  }
  return { ...world, files: world.layered(layer).files }
}

function bareLabel({ name, kind }: ToolRow): CallLabel {
  return { tool: name, title: name, kind, locations: [] }
}

/** Only shows: input that does not fit gives the bare name. */
function label(tool: AnyTool, input: Fit, cwd: string): CallLabel {
  const { name } = tool
  if (input === undefined) return bareLabel(tool)
  const paths = tool.paths?.(input.value) ?? []
  // Paths below the folder are shown as from there, however the model wrote them.
  const title = tool.title(input.value).replaceAll(`${cwd}/`, "")
  return { tool: name, title, kind: tool.kind, locations: paths.map((path) => resolve(cwd, path)) }
}

/** A tool that does not plan is taken as the worst. */
async function planOf(
  tool: AnyTool,
  input: unknown,
  world: ToolWorld,
  context: PlanContext,
): Promise<Planned<unknown>> {
  context.signal.throwIfAborted()
  if (tool.plan !== undefined) return await tool.plan(input, world, context)
  const target = tool.title(input)
  return { effects: [{ kind: "unknown" }], actions: [{ verb: "run", target }], prepared: undefined }
}

/** What a tool may do at most is what a person was told of it: doing more is our mistake, whatever the rules would say of it. */
function checkEffects({ name, effects }: AnyTool, planned: Planned<unknown>): void {
  if (effects.includes("unknown")) return
  const more = planned.effects.find(({ kind }) => kind !== "none" && !effects.includes(kind))
  if (more === undefined) return
  throw new Error(`The tool ${name} planned the effect ${more.kind}, and declares ${effects.join(", ")}`)
}

function callPlan(tool: AnyTool, input: unknown, planned: Planned<unknown>): CallPlan {
  return {
    name: tool.name,
    input,
    ...(planned.rulesOf === undefined ? {} : { rulesOf: planned.rulesOf }),
    effects: planned.effects,
    actions: planned.actions,
    isConcurrent: tool.isConcurrent ?? false,
    digest: digestOf(tool.name, input, planned.fingerprint),
    timeoutMs: tool.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    ...(tool.isAlwaysAsked === true ? { isAlwaysAsked: true } : {}),
    ...(planned.hunksCount === undefined ? {} : { hunksCount: planned.hunksCount }),
    prepared: planned.prepared,
  }
}

/** Output whose tool does not say where it is from is not to be followed without asking. */
async function runOf(tool: AnyTool, plan: CallPlan, world: ToolWorld, context: RunContext): Promise<ToolResult> {
  context.signal.throwIfAborted()
  const result = await tool.run(plan.input, world, context, plan.prepared)
  return asForeign(result, tool.name)
}

/** What nobody here wrote says nothing about permission, and puts nothing before the model but its result. */
function ofProvider({ forTurn: _, sections: __, ...result }: ToolResult, source: string): ToolResult {
  return asForeign(result, source)
}

function asForeign(result: ToolResult, source: string): ToolResult {
  return result.provenance === undefined ? { ...result, provenance: { source, isTrusted: false } } : result
}

/** The port's promise is 100 ms: what ends by itself within this may tell how, say a write that was all but done. */
const GRACE_MS = 80

/** Work that hangs in the operating system, say on a dead network folder, is left behind when the call is stopped. */
async function untilAborted<T>(work: Promise<T>, { signal }: PlanContext): Promise<T> {
  const stopped = Promise.withResolvers<never>()
  let grace: Timer | undefined
  const stop = () => {
    grace = setTimeout(() => stopped.reject(signal.reason), GRACE_MS)
  }
  signal.addEventListener("abort", stop, { once: true })
  try {
    return await Promise.race([work, stopped.promise])
  } finally {
    signal.removeEventListener("abort", stop)
    clearTimeout(grace)
  }
}
