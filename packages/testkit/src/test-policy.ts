import type { CallPlan, Effect, PolicyPort, PolicyState, Verdict } from "@skein/core/ports"
import { isWithin, type Mode, type Rule } from "@skein/protocol"

type Decision = Verdict["decision"]

/** What a mode lets through; the rest is asked, but in `plan`, where it is denied. */
const ALLOWED: Readonly<Record<Mode, readonly string[]>> = {
  plan: ["none", "read inside", "execute confined"],
  ask: ["none", "read inside"],
  "accept-edits": ["none", "read inside", "write inside"],
  auto: ["none", "read inside", "write inside", "execute confined"],
  full: [
    ...["none", "read inside", "read outside", "write inside", "write outside"],
    ...["execute confined", "execute", "network", "delegate", "unknown"],
  ],
}

const ASKED_IN_PLAN: readonly string[] = ["read outside", "network"]
/** What what was read may not bring about. */
const SENSITIVE: readonly string[] = ["network", "delegate", "unknown", "write outside"]

/** A policy that fits on a page, for tests of what is done with verdicts. Rules match words exactly. */
export const testPolicy: PolicyPort = {
  judge(plan, state) {
    const effects: readonly Effect[] = plan.effects.length > 0 ? plan.effects : [{ kind: "unknown" }]
    const verdicts = effects.map((effect) => judgeEffect(plan, effect, state))
    const decision = verdicts.map((verdict) => verdict.decision).reduce(stricter)
    const [first, ...others] = verdicts.filter((verdict) => verdict.decision === decision)
    if (first === undefined || others.length === 0) return first ?? { decision: "ask", reasons: ["nothing is known"] }
    return { decision, reasons: [...new Set([first, ...others].flatMap((verdict) => verdict.reasons))] }
  },
  judgeHost({ host, port }, tool, state) {
    const name = `${host}:${port}`
    if (state.network.access === "off") return { decision: "deny", reasons: ["the network is off"] }
    const rule = strictest(state.rules.filter((given) => fits(given, tool) && [host, name].includes(given.host ?? "")))
    const isListedLiterally = rule?.decision === "allow" || state.network.allow.includes(host)
    if (rule !== undefined) return { decision: rule.decision, reasons: ["a rule"], rule, isListedLiterally }
    const isOpen = state.network.access === "on" && state.taint.length === 0
    if (isOpen || state.network.allow.includes(host))
      return { decision: "allow", reasons: ["it is on the list"], isListedLiterally }
    const always: Rule = { tool, host, decision: "allow", scope: "session" }
    return { decision: "ask", reasons: [...state.taint, `it wants to reach ${name}`], always }
  },
}

function judgeEffect(plan: CallPlan, effect: Effect, state: PolicyState): Verdict {
  const sort = sortOf(effect)
  if (effect.kind === "write" && state.sandbox === "read-only") {
    return { decision: "deny", reasons: ["the sandbox is read-only"] }
  }
  const isTainted = state.mode !== "full" && state.taint.length > 0 && SENSITIVE.includes(sort)
  const byMode = modeSays(state.mode, sort)
  const rule = strictest(state.rules.filter((given) => fits(given, plan.name) && isAbout(given, effect)))
  const lifted = rule?.decision === "allow" && byMode !== "deny" ? "allow" : stricter(rule?.decision ?? "allow", byMode)
  const decision = isTainted ? stricter(lifted, "ask") : lifted
  const forbidden = byMode === "deny" ? [`mode ${state.mode} forbids it`] : []
  const reasons = [
    ...forbidden,
    ...(isTainted ? state.taint : []),
    ...(rule === undefined ? [] : ["a rule"]),
    reasonOf(sort, effect),
  ]
  const always = rule === undefined && !isTainted ? alwaysRule(plan.name, effect) : undefined
  return { decision, reasons, ...(rule && { rule }), ...(always && { always }) }
}

const REASONS: Readonly<Record<string, string>> = {
  none: "it changes nothing",
  "read inside": "it reads in the workspace",
  "read outside": "it reads outside the workspace",
  "write inside": "it changes files in the workspace",
  "write outside": "it changes files outside the workspace",
  "execute confined": "it runs a command, in the sandbox",
  execute: "it runs a command without a sandbox",
  network: "it uses the network",
  delegate: "it hands work to another agent",
  unknown: "what it does is not known",
}

function reasonOf(sort: string, effect: Effect): string {
  const named = effect.kind === "read" || effect.kind === "write" ? effect.paths : []
  const where = (effect.kind === "network" ? effect.hosts : named).join(", ")
  return where === "" ? `${REASONS[sort]}` : `${REASONS[sort]}: ${where}`
}

function modeSays(mode: Mode, sort: string): Decision {
  if (ALLOWED[mode].includes(sort)) return "allow"
  return mode === "plan" && !ASKED_IN_PLAN.includes(sort) ? "deny" : "ask"
}

function sortOf(effect: Effect): string {
  if (effect.kind === "read" || effect.kind === "write")
    return `${effect.kind} ${effect.isInside ? "inside" : "outside"}`
  if (effect.kind === "execute") return effect.isConfined ? "execute confined" : "execute"
  return effect.kind
}

function fits({ tool }: Rule, name: string): boolean {
  return tool === "*" || tool === name
}

function isAbout({ command, path, host }: Rule, effect: Effect): boolean {
  if (host !== undefined) return effect.kind === "network" && effect.hosts.includes(host)
  if (command !== undefined) return effect.kind === "execute" && effect.command === command
  if (path === undefined) return true
  return (effect.kind === "read" || effect.kind === "write") && effect.paths.every((given) => isWithin(given, path))
}

function alwaysRule(tool: string, effect: Effect): Rule | undefined {
  const base = { tool, decision: "allow", scope: "session" } as const
  if (effect.kind === "execute") return { tool, command: effect.command, decision: "allow", scope: "session" }
  if (effect.kind !== "read" && effect.kind !== "write") return undefined
  const [path, ...others] = effect.paths
  return path === undefined || others.length > 0 ? undefined : { ...base, path }
}

function strictest(rules: readonly Rule[]): Rule | undefined {
  return rules.toSorted((a, b) => STRICTNESS[b.decision] - STRICTNESS[a.decision])[0]
}

function stricter(a: Decision, b: Decision): Decision {
  return STRICTNESS[a] >= STRICTNESS[b] ? a : b
}

const STRICTNESS: Readonly<Record<Decision, number>> = { allow: 0, ask: 1, deny: 2 }
