import type { ShellPort } from "@skein/core/ports"
import { lazy } from "@skein/protocol"

export interface Shell extends ShellPort {
  /** Loads the grammar, so that the first line that needs it does not wait: 40 ms of work. */
  prepare(): Promise<void>
}

/** Takes shell lines apart. What it needs for that is loaded with the first one. */
export function shell(): Shell {
  const reader = lazy(async () => await import("./reader.ts"))
  return {
    prepare: async () => await (await reader()).prepare(),
    understand: async (line, context) => await (await reader()).understand(line, context),
    understandArgv: async (argv, context) => await (await reader()).understandArgv(argv, context),
  }
}
