import { type CodePort, type ExecPort, type ProcessesPort, ToolFailure } from "@skein/core/ports"
import { lazy, SkeinError } from "@skein/protocol"
import type { Configs } from "./configs.ts"
import { systemClock } from "./world.ts"

/** What language servers and linters know of code, and the way to end them. */
export interface Code extends CodePort {
  close(): Promise<void>
}

type CodeValues = ReturnType<Configs["in"]>["values"]["code"]

/** What is used of the adapter that asks them. */
interface Adapter {
  code(options: CodeOptions): Code
}

interface CodeOptions {
  readonly processes: ProcessesPort
  readonly exec: Pick<ExecPort, "run" | "confinement">
  readonly path: string | undefined
  readonly settingsFor: (root: string) => CodeValues
  readonly isRefused: (root: string) => boolean
  readonly isTrusted: (root: string) => Promise<boolean>
  readonly now: () => number
  readonly notify: (sentence: string) => void
}

interface Options {
  readonly load: () => Promise<Adapter>
  readonly exec: ExecPort & ProcessesPort
  readonly path: string | undefined
  readonly configs: Configs
  readonly trust: {
    trustOf(
      path: string,
    ): Promise<{ readonly decision?: "trusted" | "refused" | undefined; readonly isByPerson: boolean }>
    isRefused(path: string): boolean
  }
  readonly notify: (sentence: string) => void
}

/** Loads nothing before the first change or question, and nothing at all where it is off. */
export function codeOf({ load, exec, path, configs, trust, notify }: Options): Code {
  const settingsFor = (root: string) => configs.in(root).values.code
  let begun: Code | undefined
  const isTrusted = async (root: string) => (await trust.trustOf(root)).isByPerson
  const { isRefused } = trust

  const loaded = lazy(async () => {
    const { code } = await load()
    begun = code({ processes: exec, exec, path, settingsFor, isRefused, isTrusted, now: systemClock.now, notify })
    return begun
  })
  /** A session's first folder says whether it is on: what a project may do is turn it off. */
  const isOff = ({ roots: [root] }: { readonly roots: readonly string[] }) =>
    root === undefined || !settingsFor(root).isEnabled

  return {
    beforeChange: async (paths, options) =>
      isOff(options) ? undefined : (await loaded()).beforeChange(paths, options),
    introduced: async (paths, options) =>
      isOff(options) ? { diagnostics: [], late: [] } : (await loaded()).introduced(paths, options),
    diagnostics: async (paths, options) => (await loaded()).diagnostics(paths, options),
    at: async (question, place, options) => (await loaded()).at(question, place, options),
    symbols: async (where, options) => (await loaded()).symbols(where, options),
    rename: async (place, newName, options) => (await loaded()).rename(place, newName, options),
    status: async (root) => (await loaded()).status(root),
    close: async () => void (await begun?.close()),
  }
}

/** What a person asks of it. */
export type PersonalCode = Pick<CodePort, "status" | "diagnostics" | "symbols">

/** What a model would be told as a failure of its tool is told a person as SkeinError `op.unsupported`. */
export function codeForPerson({ status, diagnostics, symbols }: CodePort): PersonalCode {
  return {
    status,
    diagnostics,
    async symbols(where, options) {
      try {
        return await symbols(where, options)
      } catch (error) {
        if (error instanceof ToolFailure) throw new SkeinError("op.unsupported", error.message, { cause: error })
        throw error
      }
    },
  }
}
