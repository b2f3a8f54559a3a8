import {
  CallDefect,
  type CallPlan,
  type CapabilityProvider,
  type PlanContext,
  type RunContext,
  ToolFailure,
  type ToolResult,
} from "@skein/core/ports"
import { type Sandbox, SkeinError } from "@skein/protocol"
import { asObject, asTexts, type Json } from "@skein/protocol/json"
import { Boxes, type BoxTool, PREFIX } from "./box.ts"
import { sha256Of } from "./find.ts"
import { type Kept, kept } from "./kept.ts"
import type { ToolboxOptions } from "./options.ts"
import { contentOf } from "./result.ts"
import { type Ran, runScript } from "./run.ts"

/** The same names as Amp has them. */
const ALIAS = "tb__"

/** Scripts of a person, and of projects that they trust, as tools `toolbox__<name>`. */
export function toolbox(options: ToolboxOptions): CapabilityProvider {
  const memory = kept(options.stateFile, options.lock)
  const boxes = new Boxes(options, memory)
  const found = (name: string, tools: readonly BoxTool[]) => {
    const wanted = name.startsWith(ALIAS) ? `${PREFIX}${name.slice(ALIAS.length)}` : name
    return tools.find(({ facts }) => facts.name === wanted)
  }
  return {
    id: "toolbox",
    refresh: (place) => boxes.look(place),
    discover: (place) => boxes.now(place).map(({ facts }) => facts),
    owns: (name) => name.startsWith(PREFIX) || name.startsWith(ALIAS),
    describe(name, input, cwd) {
      const tool = found(name, boxes.now({ cwd }))
      const title = `${tool?.description.name ?? name} ${shown(asObject(input) ?? {})}`.trim()
      return { tool: tool?.facts.name ?? name, title, kind: "execute", locations: [] }
    },
    async plan(name, input, context) {
      // As the scripts are at this moment: an approval is for what then runs.
      const tools = await boxes.fresh({ cwd: context.cwd })
      const tool = found(name, tools)
      if (tool !== undefined) return planned(tool, input, context, { options, memory })
      const names = tools.map(({ facts }) => facts.name).join(", ")
      throw new CallDefect(
        "call.unknown_tool",
        `There is no script ${name.slice(0, 100)}. There are: ${names || "none"}.`,
      )
    },
    run: ({ prepared, input }, context) => ran(prepared as Prepared, input, context, { options, memory }),
  }
}

interface World {
  readonly options: ToolboxOptions
  readonly memory: Kept
}

interface Prepared {
  readonly tool: BoxTool
  readonly sandbox: Sandbox
  readonly hasNetwork: boolean
}

async function planned(tool: BoxTool, input: unknown, context: PlanContext, world: World): Promise<CallPlan> {
  const { script, description, facts } = tool
  if (context.layer !== undefined) {
    throw new ToolFailure("Scripts cannot be tried out: what they do could not be taken back. Nothing was done.")
  }
  const args = checked(input, tool)
  const { sandbox, hasNetwork } = narrowed(description.effects, context.sandbox)
  const given = await world.options.exec.confinement(sandbox)
  if (given.kind === "unavailable") throw new ToolFailure(`Scripts cannot run here. ${given.reason} ${given.cure}`)
  const isConfined = given.kind === "confined"
  const before = world.memory.ranAs(script.path)
  const hasDrifted = before !== undefined && before !== script.identity
  return {
    ...{ name: facts.name, input: args, isConcurrent: facts.isConcurrent, timeoutMs: facts.timeoutMs + MARGIN_MS },
    effects: [
      {
        kind: "execute",
        command: script.path,
        isConfined,
        isReadOnly: isConfined && sandbox === "read-only",
        reading: READING,
        roots: context.roots,
      },
    ],
    actions: [{ verb: "run", target: `${script.path} ${shown(args)}`.trim() }],
    digest: sha256Of(JSON.stringify([script.path, script.identity, args, given.kind])),
    ...(hasDrifted ? { isAlwaysAsked: true, askedBecause: `${script.path} is not as it was when it last ran` } : {}),
    prepared: { tool, sandbox, hasNetwork } satisfies Prepared,
  }
}

const MARGIN_MS = 5_000

const READING = { commands: [], unclear: "it is a script, which may do whatever the sandbox lets it" }

/** What a script declares is all that it gets, and never more than the session has. */
function narrowed(
  effects: BoxTool["description"]["effects"],
  sandbox: Sandbox,
): { sandbox: Sandbox; hasNetwork: boolean } {
  if (effects === undefined) return { sandbox, hasNetwork: true }
  const writes = effects.includes("write")
  const held = sandbox === "full-access" ? "workspace-write" : sandbox
  return { sandbox: writes ? held : "read-only", hasNetwork: effects.includes("network") }
}

/** Throws CallDefect. What it takes is the script's own business; what it cannot do without is said before it runs. */
function checked(input: unknown, { facts, description }: BoxTool): Json {
  const args = input === undefined || input === null ? {} : asObject(input)
  if (args === undefined) throw new CallDefect("call.invalid_input", `${facts.name} takes an object as its input.`)
  const missing = asTexts(description.inputSchema.required).filter((name) => !(name in args))
  if (missing.length > 0) {
    throw new CallDefect("call.invalid_input", `${facts.name} cannot do without ${missing.join(", ")}.`)
  }
  return args
}

async function ran(
  { tool, sandbox, hasNetwork }: Prepared,
  input: unknown,
  context: RunContext,
  world: World,
): Promise<ToolResult> {
  const { script, description, facts } = tool
  const { sessionId, callId, cwd, roots, network, signal } = context
  await world.memory.ran(script.path, script.identity)
  const args = asObject(input) ?? {}
  const done = await runScript(
    script,
    {
      ...{ action: "execute", sessionId, callId, cwd, sandbox, roots, signal, timeoutMs: facts.timeoutMs },
      ...(hasNetwork && network !== undefined ? { network } : {}),
      input: description.input === "json" ? `${JSON.stringify(args)}\n` : linesOf(args),
      onOutput: (bytes, preview) => context.progress(bytes, preview),
    },
    world.options,
  ).catch(unavailable)
  return resultOf(done, tool)
}

/** A line for each argument; a line end in a value is written as `\n`, so that no value is another argument. */
function linesOf(args: Json): string {
  const lines = Object.entries(args).map(([name, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value)
    return `${name}: ${text.replaceAll("\r", "").replaceAll("\n", "\\n")}\n`
  })
  return lines.join("")
}

function resultOf(done: Ran, { facts, script }: BoxTool): ToolResult {
  const { output, errors, exitCode, signal, isTimedOut, isCut, confinement } = done
  const isError = exitCode !== 0
  const how = isTimedOut
    ? `stopped after ${facts.timeoutMs / 1000} s`
    : signal === null
      ? `exit ${exitCode}`
      : `ended by ${signal}`
  const notes = [
    ...(isError ? [`${facts.name} failed: ${how}`] : []),
    ...(isCut ? ["it printed more than is kept"] : []),
    ...(isError && errors.trim() !== "" ? [errors.trimEnd()] : []),
  ]
  const all = contentOf(output)
  const content = notes.length === 0 ? all : all.filter((block) => block.type !== "text" || block.text !== "")
  const printed = content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n")
  return {
    forModel: notes.length === 0 ? content : [...content, { type: "text", text: notes.join("\n") }],
    forHuman: { kind: "command", body: [printed, ...notes].filter((part) => part !== "").join("\n"), summary: how },
    ...{ confinement, isError, bytes: output.length },
    ...(exitCode === null ? {} : { exitCode }),
    // Nobody here knows where it has its words from.
    provenance: { source: `the script ${script.base}`, isTrusted: false },
  }
}

function unavailable(cause: unknown): never {
  if (cause instanceof SkeinError && cause.code === "sandbox.unavailable") {
    throw new ToolFailure(`The script did not run. ${cause.message}`, { cause })
  }
  throw cause
}

function shown(args: Json): string {
  const text = Object.keys(args).length === 0 ? "" : JSON.stringify(args)
  return text.length <= 400 ? text : `${text.slice(0, 399)}…`
}
