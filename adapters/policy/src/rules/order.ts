import type { Rule, RulePattern, RuleScope } from "@skein/protocol"

export type Decision = Rule["decision"]

const STRICTNESS: Readonly<Record<Decision, number>> = { allow: 0, ask: 1, deny: 2 }
/** Who is heard first; it decides only which of two equal rules is named. */
const SCOPES: readonly RuleScope[] = ["managed", "user", "project", "session", "once"]

/** Deny, then ask, then allow; of equal ones the strongest scope. */
export function byStrictness(rules: readonly Rule[]): readonly Rule[] {
  return rules.toSorted(
    (a, b) => STRICTNESS[b.decision] - STRICTNESS[a.decision] || SCOPES.indexOf(a.scope) - SCOPES.indexOf(b.scope),
  )
}

/** For listing: managed, user, project, session, once. */
export function byScope(rules: readonly Rule[]): readonly Rule[] {
  return rules.toSorted((a, b) => SCOPES.indexOf(a.scope) - SCOPES.indexOf(b.scope))
}

export function stricter(a: Decision, b: Decision): Decision {
  return STRICTNESS[a] >= STRICTNESS[b] ? a : b
}

const OWNERS: Readonly<Record<RuleScope, string>> = {
  managed: "this machine's administrator",
  user: "yours",
  project: "the project",
  session: "this session",
  once: "this turn",
}

/** A rule as a sentence for a person. */
export function saidBy(rule: Rule): string {
  const place = rule.source === undefined ? "" : `, in ${rule.source}`
  const said = `a rule of ${OWNERS[rule.scope]} says ${rule.decision} to ${patternOf(rule)}${place}`
  return rule.reason === undefined ? said : `${rule.reason} (${said})`
}

/** What a rule is about, in the words that `permissions add` takes. */
export function patternOf({ agent, except = [], ...pattern }: Rule): string {
  const who = agent === undefined ? "" : ` by ${agent}`
  const but = except.length === 0 ? "" : ` but ${except.map(saidOf).join(", ")}`
  const holding = pattern.content === undefined ? "" : ` that writes /${pattern.content}/`
  return `${saidOf(pattern)}${holding}${but}${who}`
}

function saidOf({ tool, command, prefix, path, access, host }: RulePattern): string {
  const inside = [
    command,
    prefix?.map((choice) => (typeof choice === "string" ? choice : `{${choice.join(",")}}`)).join(" "),
    access === undefined ? path : `${access} ${path ?? "**"}`,
    host === undefined ? undefined : `host ${host}`,
  ].filter((part) => part !== undefined)
  return inside.length === 0 ? tool : `${tool}(${inside.join("; ")})`
}
