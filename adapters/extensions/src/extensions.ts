import type { CapabilityProvider, HooksPort, Place, PromptsPort } from "@skein/core/ports"
import { extensionHooks } from "./hooks.ts"
import { Knowing, type KnowingOptions } from "./known.ts"
import { pins } from "./pins.ts"
import { Programs, type ProgramsOptions } from "./process/programs.ts"
import { extensionPrompts } from "./prompts.ts"
import { extensionTools } from "./provider.ts"

export interface ExtensionsOptions extends Omit<KnowingOptions, "programs">, ProgramsOptions {
  /** Which tools a person approved as they were defined then. */
  readonly pinsFile: string
}

/** Extensions of plugins, each in a confined process of its own for each session that uses it. */
export interface Extensions {
  readonly provider: CapabilityProvider
  readonly prompts: PromptsPort
  readonly hooks: Required<HooksPort>
  /** What the extensions of a place declare, for a person. */
  declared(place: Place): Promise<readonly DeclaredExtension[]>
  close(): Promise<void>
}

export interface DeclaredExtension {
  readonly plugin: string
  readonly file: string
  readonly tools: readonly { readonly callName: string; readonly description: string }[]
  readonly commands: readonly { readonly name: string; readonly summary: string }[]
  readonly hooks: readonly { readonly event: string; readonly match?: string | undefined }[]
  readonly flaws: readonly string[]
}

export function extensions(options: ExtensionsOptions): Extensions {
  const told = new Set<string>()
  const warn = (sentence: string) => {
    if (told.has(sentence)) return
    told.add(sentence)
    options.warn(sentence)
  }
  const programs = new Programs(options)
  const knowing = new Knowing({ ...options, programs, warn })
  return {
    provider: extensionTools({ knowing, programs, pins: pins(options.pinsFile, options.lock) }),
    prompts: extensionPrompts(knowing, programs),
    hooks: extensionHooks({ ...options, knowing, programs }),
    declared: async (place) =>
      (await knowing.look(place)).map(({ found, declared, tools }) => ({
        ...{ plugin: found.plugin, file: found.file, tools, flaws: declared.flaws },
        ...{ commands: declared.commands, hooks: declared.hooks },
      })),
    close: () => programs.close(),
  }
}
