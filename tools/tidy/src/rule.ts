import type { Tree } from "./tree.ts"

/** One thing that is kept true of the repository. Pure: the same tree gives the same findings. */
export interface Rule {
  /** A sentence that is true of the repository. */
  readonly name: string
  /** Why it is worth keeping true. */
  readonly why: string
  /** What to do instead. */
  readonly instead: string
  check(tree: Tree): readonly Finding[]
}

export interface Finding {
  readonly path: string
  /** 1-based; absent when the finding is about the whole file. */
  readonly line?: number
  readonly what: string
}

/** The findings as a person reads them: where, what, why, and the way out. */
export function report(rule: Rule, findings: readonly Finding[]): string {
  if (findings.length === 0) return ""
  const places = findings.map(({ path, line, what }) => `  ${path}${line === undefined ? "" : `:${line}`}  ${what}`)
  return [`Not true: ${rule.name}`, ...places, `Why: ${rule.why}`, `Instead: ${rule.instead}`].join("\n")
}

/** The line of an offset in a text, from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line++
  return line
}
