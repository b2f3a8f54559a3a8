import type { Rule } from "@skein/protocol"
import type { About } from "../rules/matches.ts"
import type { Kind } from "./modes.ts"

/** One thing that a call does: judged by itself, and the call by the strictest of them. */
export interface Part {
  /** For a person: a command, a path, a host. */
  readonly subject: string
  /** All that it is; the strictest counts. Never empty. */
  readonly kinds: readonly Kind[]
  /** Stands for the reasons of its kinds. */
  readonly why?: string | undefined
  readonly about: About
  /** While the turn is tainted it is asked even where it is allowed: completes "it …". */
  readonly sensitive?: string | undefined
  /** The narrowest conditions that cover it. */
  readonly always?: Pick<Rule, "tool" | "command" | "path" | "access" | "host"> | undefined
}
