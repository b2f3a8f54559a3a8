import type { CapabilityProvider, ExecPort, Place, ProcessesPort, ToolFacts } from "@skein/core/ports"
import { lazy } from "@skein/protocol"
import type { Configs } from "./configs.ts"

/** What is used of the adapter that runs programs of a model's. */
export interface CodeModeAdapter {
  codeMode(options: {
    readonly processes: ProcessesPort
    readonly exec: Pick<ExecPort, "confinement">
    readonly runtime: { readonly program: string; readonly env: Readonly<Record<string, string>> }
    readonly tools: (place: Place) => readonly ToolFacts[]
    readonly runMs: (cwd: string) => number
  }): CapabilityProvider
}

/** The tool for programs of a model's: told of where others have tools, loaded when one is run. */
export interface CodeMode {
  readonly facts: ToolFacts
  /** Other names that models call it by. */
  readonly aliases: ReadonlySet<string>
  load(): Promise<CodeModeAdapter>
}

interface Options {
  readonly codeMode: CodeMode
  readonly exec: ExecPort & ProcessesPort
  readonly configs: Configs
  /** Whose tools programs call by functions. */
  readonly others: readonly CapabilityProvider[]
}

export function codeModeOf({ codeMode, exec, configs, others }: Options): CapabilityProvider {
  const { facts, aliases } = codeMode
  const tools = (place: Place) => others.flatMap((other) => other.discover(place))
  let loaded: CapabilityProvider | undefined
  const provider = lazy(async () => {
    const adapter = await codeMode.load()
    loaded = adapter.codeMode({
      ...{ processes: exec, exec, tools, runtime: OWN_RUNTIME },
      runMs: (cwd) => configs.in(cwd).values.tools.codeMs,
    })
    return loaded
  })
  return {
    id: "code",
    discover: (place) => (tools(place).length === 0 ? [] : [facts]),
    owns: (name) => name === facts.name || aliases.has(name),
    ready: async () => void (await provider()),
    describe: (name, input, cwd) =>
      loaded?.describe(name, input, cwd) ?? { tool: facts.name, title: facts.name, kind: facts.kind, locations: [] },
    plan: async (name, input, context) => (await provider()).plan(name, input, context),
    run: async (plan, context) => (await provider()).run(plan, context),
  }
}

/** This program, as the runtime that is in it. */
export const OWN_RUNTIME = { program: process.execPath, env: { BUN_BE_BUN: "1" } } as const
