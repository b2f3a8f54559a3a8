import type { NetworkTarget, PolicyState, Verdict } from "@skein/core/ports"
import type { Rule } from "@skein/protocol"
import { holdsNow, toolMatches } from "../rules/matches.ts"
import { byStrictness, saidBy } from "../rules/order.ts"
import { listing } from "./listed.ts"
import { plainHost } from "./name.ts"
import { privacyOf } from "./private.ts"

/**
 * Whether a process of a tool may reach a host now. Strictest first: a rule that denies; no network at all; a private
 * address that nobody named literally; a rule that asks; then the list, the rules that allow, and what is left is asked.
 */
export function judgeHost(target: NetworkTarget, tool: string, state: PolicyState): Verdict {
  const host = plainHost(target.host)
  const subject = `${target.host}:${target.port}`
  if (host === undefined) return { decision: "deny", reasons: [`${JSON.stringify(target.host)} is no host`] }
  const plain = { host, port: target.port }
  const rules = rulesAbout(plain, tool, state)
  const [rule] = byStrictness(rules)
  const verdict = decided(plain, { subject, tool }, rule, rules, state)
  const isListedLiterally = listingsOf(plain, rules, state).includes("literal")
  return {
    ...verdict,
    ...(isListedLiterally ? { isListedLiterally } : {}),
    parts: [{ subject, decision: verdict.decision, reason: verdict.reasons[0] ?? "", rule: verdict.rule }],
  }
}

/** Whether the list of hosts, or a rule that allows, names this one. */
export function isListed(target: NetworkTarget, tool: string, state: PolicyState): boolean {
  const host = plainHost(target.host)
  if (host === undefined) return false
  const plain = { host, port: target.port }
  const isAllowed = rulesAbout(plain, tool, state).some(({ decision }) => decision === "allow")
  return isAllowed || state.network.allow.some((entry) => listing(entry, plain) !== undefined)
}

function rulesAbout(plain: NetworkTarget, tool: string, state: PolicyState): readonly Rule[] {
  return state.rules.filter(
    (rule) => rule.host !== undefined && holdsNow(rule, state) && toolMatches(rule, tool) && listing(rule.host, plain),
  )
}

/** How the rules that allow, and the list of hosts, name it. */
function listingsOf(plain: NetworkTarget, rules: readonly Rule[], { network }: PolicyState) {
  const allowing = rules.filter(({ decision }) => decision === "allow")
  return [...allowing.map((each) => each.host ?? ""), ...network.allow].map((entry) => listing(entry, plain))
}

function decided(
  plain: NetworkTarget,
  { subject, tool }: { readonly subject: string; readonly tool: string },
  rule: Rule | undefined,
  rules: readonly Rule[],
  state: PolicyState,
): Verdict {
  const { network, mode, taint } = state
  if (rule?.decision === "deny") return { decision: "deny", reasons: [saidBy(rule)], rule }
  if (network.access === "off")
    return { decision: "deny", reasons: [`network access is off, so ${subject} is not reached`] }
  const listings = listingsOf(plain, rules, state)
  const privacy = privacyOf(plain.host)
  if (privacy !== undefined && !listings.includes("literal")) {
    const entry = plain.host.includes(":") ? `[${plain.host}]:${plain.port}` : `${plain.host}:${plain.port}`
    const cure = `a person lists it with --allow ${entry} or /network allow ${entry}`
    return {
      decision: "deny",
      reasons: [`${subject} is not reached unless it is listed by itself: ${privacy}; ${cure}`],
    }
  }
  if (rule?.decision === "ask") return { decision: "ask", reasons: [saidBy(rule)], rule }
  if (listings.some((each) => each !== undefined)) {
    return {
      decision: "allow",
      reasons: [rule === undefined ? `${subject} is on the list of hosts` : saidBy(rule)],
      rule,
    }
  }
  if (mode === "full") return { decision: "allow", reasons: ["mode full asks nothing"] }
  if (taint.length > 0) return { decision: "ask", reasons: [`${subject} is not on the list of hosts`, ...taint] }
  if (network.access === "on") return { decision: "allow", reasons: ["network access is on"] }
  return {
    decision: "ask",
    reasons: [`${subject} is not on the list of hosts`],
    always: { tool, host: hostOf(plain), decision: "allow", scope: "session" },
  }
}

/** With its port: an answer about one service of a machine says nothing about its others. */
function hostOf({ host, port }: NetworkTarget): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`
}
