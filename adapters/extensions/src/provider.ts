import {
  CallDefect,
  type CallPlan,
  type CapabilityProvider,
  type Place,
  type PlanContext,
  type RunContext,
  type ToolFacts,
  ToolFailure,
  type ToolResult,
} from "@skein/core/ports"
import { driftDiff } from "@skein/kept"
import { visible } from "@skein/protocol"
import { asObject, asText } from "@skein/protocol/json"
import { cleaned } from "./declared.ts"
import { sha256 } from "./found.ts"
import { type Knowing, type Known, type KnownTool, knownOf, PREFIX } from "./known.ts"
import type { Pins } from "./pins.ts"
import type { Program } from "./process/program.ts"
import type { Programs } from "./process/programs.ts"
import { nestedText, questionTo } from "./through.ts"

export interface ToolsOptions {
  readonly knowing: Knowing
  readonly programs: Programs
  readonly pins: Pins
}

interface Prepared {
  readonly known: Known
  readonly tool: KnownTool
}

/** Tools of extensions for a model. */
export function extensionTools({ knowing, programs, pins }: ToolsOptions): CapabilityProvider {
  return {
    id: "ext",
    refresh: async (place) => void (await knowing.look(place)),
    discover: (place) => factsOf(knowing.at(place)),
    owns: (name) => name.startsWith(PREFIX),
    ready: async (_, place) => void (await lookedAt(knowing, place)),
    describe(name, _, cwd) {
      const found = toolNamed(name, knowing.at({ cwd }))
      const title = found === undefined ? name : `${found.known.found.plugin}: ${found.tool.name}`
      return { title: cleaned(title, 200), kind: "other", locations: [] }
    },
    async plan(name, input, context) {
      const known = await lookedAt(knowing, { cwd: context.cwd, sessionId: context.sessionId })
      return planned(name, input, known, context, pins)
    },
    async run({ prepared, input }, context) {
      const { known, tool } = prepared as Prepared
      const check = ({ declared }: Program) =>
        mustBeSame(tool, knownOf(known.found, declared), () => knowing.learned(known.found, declared, context.cwd))
      const asked = { method: "tool", params: { name: tool.name, input, cwd: context.cwd } } as const
      const place = { ...context, roots: context.sandbox === "read-only" ? [] : context.roots }
      const pin = pins.of(tool)
      const isApproved = context.isAnswered === true || (pin?.sha256 === tool.sha256 && pin.isApproved)
      const answer = await programs.ask(known.found, place, asked, userOf(known, tool, context), check)
      if (pin?.sha256 !== tool.sha256 || pin.isApproved !== isApproved) await pins.put(tool, isApproved)
      return resultOf(known, answer)
    },
  }
}

async function lookedAt(knowing: Knowing, place: Place): Promise<readonly Known[]> {
  const known = knowing.at(place)
  return known.length > 0 ? known : await knowing.look(place)
}

/** The same objects as long as they say the same. */
const toldBefore = new WeakMap<readonly Known[], readonly ToolFacts[]>()

function factsOf(known: readonly Known[]): readonly ToolFacts[] {
  const facts = toldBefore.get(known) ?? factsAnew(known)
  toldBefore.set(known, facts)
  return facts
}

function factsAnew(known: readonly Known[]): readonly ToolFacts[] {
  return known.flatMap(({ tools }) =>
    tools.map(({ callName, description, inputSchema, isReadOnlyHinted, timeoutMs }) => ({
      ...{ name: callName, description, inputSchema, timeoutMs },
      ...{ kind: "other" as const, effects: ["remote"] as const, isConcurrent: isReadOnlyHinted },
    })),
  )
}

function toolNamed(name: string, all: readonly Known[]): Prepared | undefined {
  for (const known of all) {
    const tool = known.tools.find(({ callName }) => callName === name)
    if (tool !== undefined) return { known, tool }
  }
  return undefined
}

function planned(name: string, input: unknown, all: readonly Known[], context: PlanContext, pins: Pins): CallPlan {
  if (context.layer !== undefined)
    throw new ToolFailure(
      "Tools of extensions cannot be tried out: what they do could not be taken back. Nothing was done.",
    )
  const found = toolNamed(name, all)
  if (found === undefined) throw new CallDefect("call.unknown_tool", unknownText(name, all))
  const { known, tool } = found
  const args = input === undefined || input === null ? {} : asObject(input)
  if (args === undefined) throw new CallDefect("call.invalid_input", `${name} takes an object as its input.`)
  const pin = pins.of(tool)
  const hasDrifted = pin !== undefined && pin.sha256 !== tool.sha256
  const { isReadOnlyHinted, timeoutMs } = tool
  const target = cleaned(`${known.found.plugin} ${tool.name} ${JSON.stringify(args)}`, 400)
  const why = `${known.found.title} defines ${tool.name} otherwise than when it was approved: look at the difference`
  return {
    ...{ name, input: args, isConcurrent: isReadOnlyHinted },
    effects: [
      {
        ...{ kind: "remote", server: known.found.plugin, tool: tool.name, isReadOnlyHinted },
        isApproved: !hasDrifted && pin?.isApproved === true,
      },
    ],
    actions: [
      {
        verb: "run",
        target,
        ...(hasDrifted
          ? { diff: driftDiff(tool.callName, pin.definition.split("\n"), tool.definition.split("\n")) }
          : {}),
      },
    ],
    digest: sha256(JSON.stringify([known.found.sha256, tool.sha256, args])),
    // Its own limit ends the process; this one is there should that fail.
    timeoutMs: timeoutMs + 30_000,
    ...(hasDrifted ? { isAlwaysAsked: true, askedBecause: why } : {}),
    prepared: found,
  }
}

function unknownText(name: string, all: readonly Known[]): string {
  const names = all.flatMap(({ tools }) => tools.map(({ callName }) => callName))
  return `There is no tool ${JSON.stringify(name.slice(0, 100))}. ${names.length === 0 ? "No extension is enabled here." : `Extensions have ${names.join(", ")}.`}`
}

/** A module may declare one thing to be looked at and another to be run: what was judged is what is run, or nothing is. */
function mustBeSame(tool: KnownTool, now: Known, learn: () => void): void {
  const same = now.tools.find(({ name }) => name === tool.name)
  if (same?.sha256 === tool.sha256) return
  learn()
  if (same === undefined) throw new ToolFailure(`The extension no longer has a tool ${tool.name}. Nothing was run.`)
  throw new ToolFailure(
    `The extension defines ${tool.callName} otherwise than was known, so nothing was run. It is now:\n` +
      `${same.definition}\nCall it again if that is what you want.`,
  )
}

function userOf({ found }: Known, { timeoutMs }: KnownTool, context: RunContext) {
  const { signal, call } = context
  return {
    ...{ signal, timeoutMs, question: questionTo(found.title, context) },
    onProgress: (text: string) => context.progress(0, text),
    ...(call === undefined
      ? {}
      : { call: async (name: string, input: unknown) => nestedText(name, await call(name, input)) }),
  }
}

function resultOf({ found }: Known, answer: unknown): ToolResult {
  const said = asObject(answer)
  const text = asText(said?.text) ?? ""
  return {
    forModel: [{ type: "text", text: text === "" ? "(no output)" : text }],
    forHuman: { kind: "text", body: visible(text) },
    provenance: { source: `what the extension ${found.plugin} said`, isTrusted: false },
    ...(said?.isError === true ? { isError: true } : {}),
  }
}
