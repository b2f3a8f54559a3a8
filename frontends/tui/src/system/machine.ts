import type { TerminalFacts } from "@skein/term"
import type { Env, Programs } from "./programs.ts"

/** What kind of machine the parts of this folder are on, and what they may use of it. */
export interface Machine {
  readonly env: Env
  /** Absolute. */
  readonly cwd: string
  readonly home: string
  /** Where what is soon gone may be put, absolute. */
  readonly temporary: string
  /** As Node calls it: `linux`, `darwin`, `win32`. */
  readonly platform: string
  readonly programs: Programs
  /** What the terminal can do, as far as is known by now. */
  facts(): TerminalFacts
  /** Bytes for the terminal that show nothing. */
  say(sequence: string): void
  /** A sentence for the person, each once. */
  tell(sentence: string): void
}

/** Linux inside Windows: the clipboard and the paths are of both. */
export function isInsideWindows({ env, platform }: Pick<Machine, "env" | "platform">): boolean {
  return platform === "linux" && Boolean(env.WSL_DISTRO_NAME || env.WSL_INTEROP)
}

/** The person sits at another machine. */
export function isFarAway({ env }: Pick<Machine, "env">): boolean {
  return Boolean(env.SSH_TTY || env.SSH_CONNECTION)
}
