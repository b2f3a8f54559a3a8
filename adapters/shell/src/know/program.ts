import type { CommandRisk } from "@skein/core/ports"

/** What is known of a program that does more than read. */
export interface Program {
  readonly risks: readonly CommandRisk[]
  /** What it does, behind its name: `npm test` `runs the project's tests`. */
  readonly why: string
  readonly hosts?: readonly string[]
  /** What its first word makes of it. */
  readonly verbs?: Readonly<Record<string, Program>>
  /** Options and words that make it run, write or take away something else. */
  readonly powerful?: readonly string[]
  /** Which operands are files that it writes. */
  readonly writes?: "all" | "last" | "but-first"
  readonly reads?: "all" | "but-last"
  /** Long and short options whose value is a file that it writes. */
  readonly writesTo?: readonly string[]
  /** Words behind those that name it which an approval for always must hold; without one, it holds all words. */
  readonly keeps?: number
  /** Every word behind the kept ones that is not an option names another thing to run. */
  readonly isMany?: boolean
}

export function program(risks: string, why: string, more: Omit<Program, "risks" | "why"> = {}): Program {
  return { risks: risks.split(" ") as readonly CommandRisk[], why, ...more }
}

/** One row for several verbs. */
export function verbs(names: string, row: Program): Readonly<Record<string, Program>> {
  return Object.fromEntries(names.split(" ").map((name) => [name, row]))
}
