import { DECISIONS, type ExecDecision, type ExecPolicy, hasPrefix, type PrefixRule } from "./rules.ts"

/** What `execpolicy check` says, key by key in Codex's order. */
export interface Checked {
  readonly matchedRules: readonly { readonly prefixRuleMatch: PrefixRuleMatch }[]
  /** The strictest; absent when nothing matched. */
  readonly decision?: ExecDecision
}

interface PrefixRuleMatch {
  readonly matchedPrefix: readonly string[]
  readonly decision: ExecDecision
  readonly resolvedProgram?: string
  readonly justification?: string
}

/**
 * All rules that match a command, in the order they were given. Programs are compared as written; only with
 * `isResolving`, and when no rule did match, an absolute one stands for its basename, where `host_executable` lets it.
 */
export function check(policy: ExecPolicy, argv: readonly string[], isResolving: boolean): Checked {
  const exact = matchesOf(policy, argv)
  const matched = exact.length > 0 || !isResolving ? exact : resolved(policy, argv)
  if (matched.length === 0) return { matchedRules: [] }
  const decision = matched.map((match) => match.decision).reduce(stricter)
  return { matchedRules: matched.map((prefixRuleMatch) => ({ prefixRuleMatch })), decision }
}

function matchesOf({ prefixes }: ExecPolicy, argv: readonly string[], resolvedProgram?: string): PrefixRuleMatch[] {
  return prefixes.filter((rule) => hasPrefix(rule, argv)).map((rule) => matchOf(rule, argv, resolvedProgram))
}

function matchOf(
  { pattern, decision, justification }: PrefixRule,
  argv: readonly string[],
  resolvedProgram?: string,
): PrefixRuleMatch {
  return {
    matchedPrefix: argv.slice(0, pattern.length),
    decision,
    ...(resolvedProgram === undefined ? {} : { resolvedProgram }),
    ...(justification === undefined ? {} : { justification }),
  }
}

function resolved(policy: ExecPolicy, [program = "", ...rest]: readonly string[]): PrefixRuleMatch[] {
  if (!program.startsWith("/")) return []
  const name = program.split("/").at(-1) ?? ""
  const paths = policy.executables.get(name)
  if (name === "" || (paths !== undefined && !paths.includes(program))) return []
  return matchesOf(policy, [name, ...rest], program)
}

function stricter(a: ExecDecision, b: ExecDecision): ExecDecision {
  return DECISIONS.indexOf(a) >= DECISIONS.indexOf(b) ? a : b
}
