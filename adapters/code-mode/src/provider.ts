import { createHash, randomUUID } from "node:crypto"
import {
  CallDefect,
  type CallPlan,
  type CapabilityProvider,
  type PlanContext,
  type RunContext,
  ToolFailure,
  type ToolResult,
} from "@skein/core/ports"
import { asObject, asText, parseObject } from "@skein/protocol/json"
import { RUN_CODE, RUN_CODE_ALIASES, RUN_CODE_FACTS, TIMEOUT_MS } from "./facts.ts"
import { declarationsOf, functionsOf, matching, modulesOf, type ToolFunction } from "./functions.ts"
import type { CodeModeOptions } from "./options.ts"
import { type ProgramEnd, runProgram } from "./program.ts"

const CODE_CHARS_MAX = 200_000
const LIST_CHARS_MAX = 12_000
const VALUE_CHARS_MAX = 60_000

/** Programs of a model's that call tools. It is told of where there are tools that are not built in. */
export function codeMode(options: CodeModeOptions): CapabilityProvider {
  return {
    id: "code",
    discover: (place) => (options.tools(place).length === 0 ? [] : [RUN_CODE_FACTS]),
    owns: (name) => name === RUN_CODE || RUN_CODE_ALIASES.has(name),
    describe(_, input) {
      const asked = askedBy(input)
      return { tool: RUN_CODE, title: asked === undefined ? RUN_CODE : titleOf(asked), kind: "execute", locations: [] }
    },
    plan: (_, input, context) => planned(input, context, options),
    run: (plan, context) => ran(plan, context, options),
  }
}

type Asked =
  | { readonly kind: "code"; readonly code: string }
  | { readonly kind: "search"; readonly words: string }
  | { readonly kind: "list" }

function askedBy(input: unknown): Asked | undefined {
  const given = asObject(input) ?? (typeof input === "string" ? parseObject(input) : undefined)
  const code = asText(given?.code)
  if (code !== undefined && code.trim() !== "") return { kind: "code", code }
  const words = asText(given?.search)
  if (words !== undefined && words.trim() !== "") return { kind: "search", words }
  return given?.list === true ? { kind: "list" } : undefined
}

function titleOf(asked: Asked): string {
  if (asked.kind === "list") return "what programs can call"
  if (asked.kind === "search") return `what programs can call: ${asked.words.slice(0, 100)}`
  const lines = asked.code.trim().split("\n")
  const first = lines.find((line) => !line.startsWith("import ") && line.trim() !== "") ?? ""
  return `program of ${lines.length === 1 ? "1 line" : `${lines.length} lines`}: ${first.trim().slice(0, 100)}`
}

interface Prepared {
  readonly asked: Asked
  readonly functions: readonly ToolFunction[]
}

async function planned(input: unknown, context: PlanContext, options: CodeModeOptions): Promise<CallPlan> {
  const asked = askedBy(input)
  if (asked === undefined) {
    throw new CallDefect("call.invalid_input", `${RUN_CODE} takes {code}, {search: words} or {list: true}.`)
  }
  const functions = functionsOf(options.tools({ cwd: context.cwd, sessionId: context.sessionId }))
  const base = {
    ...{ name: RUN_CODE, input: asObject(input) ?? {}, isConcurrent: false, timeoutMs: TIMEOUT_MS },
    prepared: { asked, functions } satisfies Prepared,
  }
  if (asked.kind !== "code") {
    return { ...base, effects: [{ kind: "none" }], actions: [], digest: `${RUN_CODE} ${asked.kind}` }
  }
  await mustRun(asked.code, context, options)
  const { code } = asked
  return {
    ...base,
    effects: [
      { kind: "execute", command: code, isConfined: true, isReadOnly: true, reading: READING, roots: context.roots },
    ],
    actions: [{ verb: "run", target: code }],
    digest: createHash("sha256").update(`${RUN_CODE}\0${code}`).digest("hex"),
  }
}

const READING = { commands: [], unclear: "it is a program, and each call that it makes is judged by itself" }

/** Throws ToolFailure, and CallDefect. */
async function mustRun(code: string, context: PlanContext, { exec }: CodeModeOptions): Promise<void> {
  if (code.length > CODE_CHARS_MAX) {
    throw new CallDefect("call.invalid_input", `A program has at most ${CODE_CHARS_MAX} characters.`)
  }
  if (context.layer !== undefined) {
    throw new ToolFailure(
      "Programs cannot be tried out: what their calls do could not be taken back. Nothing was done.",
    )
  }
  const given = await exec.confinement("read-only")
  if (given.kind === "unavailable") throw new ToolFailure(`Programs cannot run here. ${given.reason} ${given.cure}`)
  if (given.kind === "none") {
    throw new ToolFailure(
      "Programs run in a sandbox alone, and here commands run without one: make the calls by themselves.",
    )
  }
}

async function ran({ prepared }: CallPlan, context: RunContext, options: CodeModeOptions): Promise<ToolResult> {
  const { asked, functions } = prepared as Prepared
  if (asked.kind !== "code") return told(asked, functions)
  if (context.call === undefined)
    throw new ToolFailure("A program cannot be run within another call: run it by itself.")
  const token = randomUUID().replaceAll("-", "")
  return resultOf(await runProgram({ code: asked.code, modules: modulesOf(functions), token }, context, options))
}

function told(asked: Exclude<Asked, { kind: "code" }>, functions: readonly ToolFunction[]): ToolResult {
  const shown = asked.kind === "list" ? functions : matching(functions, asked.words)
  const none = asked.kind === "list" ? "There are no servers and no scripts here." : "Nothing fits these words."
  const text = shown.length === 0 ? `${none} call(name, input) calls any tool.` : declarationsOf(shown, LIST_CHARS_MAX)
  return {
    forModel: [{ type: "text", text }],
    forHuman: { kind: "text", body: text, summary: `${shown.length} functions` },
    // Servers' own descriptions are in it.
    provenance: { source: "definitions of tools", isTrusted: false },
  }
}

function resultOf({ end, printed, printedBytes, callsCount, confinement }: ProgramEnd): ToolResult {
  const isError = end.kind === "failed"
  const value = end.kind === "failed" ? `The program failed. ${end.message}` : shownValue(end.json)
  const calls = callsCount === 1 ? "1 call" : `${callsCount} calls`
  const more = printedBytes > printed.length ? ` (the end of ${printedBytes} bytes)` : ""
  const text = printed.trim() === "" ? value : `${value}\n\nIt printed${more}:\n${printed.trimEnd()}`
  return {
    forModel: [{ type: "text", text }],
    forHuman: { kind: "text", body: text, summary: isError ? `failed after ${calls}` : calls },
    ...{ confinement, isError },
    // Its calls say themselves where what they gave came from, and that holds for this as well.
    provenance: { source: RUN_CODE, isTrusted: true },
  }
}

/** Text as it is, anything else as JSON. */
function shownValue(json: string): string {
  const value: unknown = JSON.parse(json)
  const text = typeof value === "string" ? value : json
  const left = text.length - VALUE_CHARS_MAX
  return left <= 0 ? text : `${text.slice(0, VALUE_CHARS_MAX)}\n[… ${left} characters left out: give less …]`
}
