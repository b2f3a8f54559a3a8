import type { HookEvent } from "@skein/core/ports"
import type { DialectId } from "./words/dialect.ts"

/** One handler at one point, as a file sets it. */
export interface HookRow {
  readonly event: HookEvent
  /** As written; left out, empty or `*`: always. */
  readonly matcher?: string | undefined
  /** A permission rule that the call has to fit too, as `Bash(git *)`. */
  readonly condition?: string | undefined
  readonly handler: Handler
  readonly timeoutMs: number
  /** Runs beside the turn; nobody waits for what it says. */
  readonly isAsync: boolean
  /** Runs once in a session. */
  readonly isOnce: boolean
  /** Where it fails or takes too long, it counts as a no. */
  readonly isStrict: boolean
  /** What a person is shown while it runs. */
  readonly status?: string | undefined
  readonly dialect: DialectId
  readonly source: Source
}

export type Handler =
  | { readonly kind: "command"; readonly command: string | readonly string[] }
  | {
      readonly kind: "http"
      readonly url: string
      readonly headers: Readonly<Record<string, string>>
      /** Variables of the person's environment that its headers may name. */
      readonly variables: readonly string[]
    }
  /** What skein does not do, named by its file. */
  | { readonly kind: "unsupported"; readonly type: string; readonly why: string }

/** Whose file it is decides what it may do: decision 0019. */
export interface Source {
  readonly owner: "person" | "project" | "plugin"
  /** Absolute. */
  readonly file: string
  /** `hooks.PreToolUse[0]`: what a person trusts by itself, with the file. */
  readonly place: string
  /** Of the value that stands there, and of the whole file, as hexadecimal SHA-256. */
  readonly sha256: string
  readonly fileSha256: string
  readonly plugin?: { readonly name: string; readonly root: string; readonly dataFolder: string } | undefined
}

/** What is wrong with a file; the rest of it holds. */
export interface Flaw {
  readonly file: string
  /** Where in it: `hooks.PreToolUse[0].hooks[1]`; empty for the file as a whole. */
  readonly place: string
  /** A sentence. */
  readonly why: string
  /** Nothing is lost by it: a point of another program that skein does not have. Told where all is listed. */
  readonly isQuiet?: true
}

/** `~/.claude/settings.json#hooks.Stop[0]: …`, as it is told. */
export function flawText({ file, place, why }: Flaw): string {
  return `${file}${place === "" ? "" : `#${place}`}: ${why}`
}
