import type { CallPlan, PolicyPort, PolicyState } from "@skein/core/ports"
import type { ExplainedPart, Rule } from "@skein/protocol"
import { holdsOf } from "../content/written.ts"
import { judgeHost } from "../hosts/judge-host.ts"
import { type Holds, matches } from "../rules/matches.ts"
import { byStrictness, type Decision, saidBy, stricter } from "../rules/order.ts"
import { partsOf as componentsOf } from "../rules/paths.ts"
import { literalLine } from "../rules/words.ts"
import { byMode, graveness, type Kind, NEVER_ALWAYS, REASONS } from "./modes.ts"
import type { Part } from "./part.ts"
import { partsOf } from "./parts.ts"
import { isSecretName, type Places, places } from "./places.ts"

export interface PolicyOptions {
  /** The person's home folder: what is kept there, and what runs from there. */
  readonly home?: string | undefined
}

/**
 * Judges by mode and rules. A call is taken apart into commands, files and hosts; each is judged by itself, and the
 * strictest verdict holds for the call: deny, then ask, then allow. What is not understood is asked.
 */
export function policy({ home }: PolicyOptions = {}): PolicyPort {
  const known = places(home)
  const judgeParts = (plan: CallPlan, state: PolicyState) => judged(plan, state, known, home)
  const ruled = (plan: CallPlan): CallPlan => (plan.rulesOf === undefined ? plan : { ...plan, name: plan.rulesOf })
  return {
    judge(given, state) {
      const plan = ruled(given)
      const { decision, parts } = judgeParts(plan, state)
      const deciding = parts.filter((part) => part.decision === decision)
      const rule = deciding.find((part) => part.rule !== undefined)?.rule
      const spares = (always: Rule) =>
        judgeParts(plan, { ...state, rules: [...state.rules, always] }).decision === "allow"
      const always = decision === "ask" ? candidates(plan, deciding).find(spares) : undefined
      return {
        decision,
        reasons: [...new Set(worstFirst(deciding).flatMap((part) => part.reasons))],
        ...(rule === undefined ? {} : { rule }),
        ...(always === undefined ? {} : { always }),
        parts: parts.map(explained),
      }
    },
    judgeHost,
  }
}

/** Whoever has room for one reason shows the one that matters. */
function worstFirst(parts: readonly JudgedPart[]): readonly JudgedPart[] {
  const rank = ({ kinds }: Part) => Math.min(...kinds.map(graveness))
  return parts.toSorted((a, b) => rank(a) - rank(b))
}

interface JudgedPart extends Part {
  readonly decision: Decision
  /** Strongest first. */
  readonly reasons: readonly string[]
  readonly rule?: Rule | undefined
}

function judged(plan: CallPlan, state: PolicyState, known: Places, home: string | undefined) {
  const holds = holdsOf(plan)
  const parts = partsOf(plan, state, known, home).map((part) => judgePart(plan.name, part, state, holds))
  return { decision: parts.map((part) => part.decision).reduce(stricter), parts }
}

function judgePart(tool: string, part: Part, state: PolicyState, holds: Holds): JudgedPart {
  const { mode, taint } = state
  const kind = strictestKind(part, state)
  const ofMode = decisionOf(kind, part, state)
  const why = reasonOf(kind, part, state)
  const [rule] = byStrictness(state.rules.filter((candidate) => matches(candidate, tool, part.about, state, holds)))
  if (rule !== undefined && rule.decision !== "allow") {
    const decision = stricter(rule.decision, ofMode)
    return {
      ...part,
      decision,
      reasons: decision === rule.decision ? [saidBy(rule), ...why] : [...why, saidBy(rule)],
      rule,
    }
  }
  const isLifted =
    rule !== undefined && ofMode !== "allow" && part.kinds.every((each) => mayLift(rule, each, part, state))
  const decision = isLifted ? "allow" : ofMode
  const said = isLifted || (rule !== undefined && ofMode === "allow") ? { rule } : {}
  if (
    decision === "allow" &&
    part.sensitive !== undefined &&
    taint.length > 0 &&
    mode !== "full" &&
    !isApproved(part, rule)
  ) {
    return { ...part, decision: "ask", reasons: [`it ${part.sensitive}`, ...taint, ...why], ...said }
  }
  return { ...part, decision, reasons: isLifted ? [saidBy(rule), ...why] : why, ...said }
}

/** A server's tool that only reads, and that a rule names: asked about once is enough. */
function isApproved({ about, kinds }: Part, rule: Rule | undefined): boolean {
  const onlyReads = kinds.every((kind) => kind === "nothing" || kind === "read_inside")
  return onlyReads && about.kind !== "host" && rule?.decision === "allow" && rule.tool !== "*" && rule.scope !== "once"
}

function decisionOf(kind: Kind, part: Part, state: PolicyState): Decision {
  // A command meets the sandbox itself, and what it may write there is the system's to say.
  const isTool = part.about.kind === "call" || (part.about.kind === "path" && part.about.line === undefined)
  const isWriting = kind === "write_inside" || kind === "write_outside" || kind === "write_later"
  // What the sandbox forbids is forbidden even after an approval, and so in every mode.
  if (isTool && isWriting && state.sandbox === "read-only") return "deny"
  const ofMode = byMode(state.mode, kind)
  return isUnheld(kind, state) ? stricter("ask", ofMode) : ofMode
}

/** Without a sandbox nothing holds the network from a command, so one that is off is worth a question in every mode. */
function isUnheld(kind: Kind, { network }: PolicyState): boolean {
  return kind === "unconfined" && network.access === "off"
}

function strictestKind(part: Part, state: PolicyState): Kind {
  const says = (kind: Kind) => decisionOf(kind, part, state)
  return part.kinds.reduce((a, b) => (stricter(says(a), says(b)) === says(a) ? a : b))
}

function reasonOf(kind: Kind, part: Part, state: PolicyState): readonly string[] {
  const general = part.subject === "" ? REASONS[kind] : `${REASONS[kind]}: ${shortened(part.subject)}`
  const own = part.why === undefined ? [general] : [part.why, ...(isSaid(part, kind) ? [] : [REASONS[kind]])]
  const why = isUnheld(kind, state) ? [...own, "the network is off, and without a sandbox nothing holds it so"] : own
  if (decisionOf(kind, part, state) !== "deny") return why
  if (state.sandbox === "read-only" && kind.startsWith("write"))
    return ["the sandbox is read-only, so no file may be changed", ...why]
  return ALWAYS_DENIED.has(kind) ? why : [`mode ${state.mode} forbids it`, ...why]
}

const ALWAYS_DENIED: ReadonlySet<Kind> = new Set(["read_store", "catastrophe", "host_refused"])
/** Where the part's own reason says all that the kind's would. */
const isSaid = ({ kinds }: Part, kind: Kind) =>
  kinds.length === 1 || kind === "catastrophe" || kind === "unknown_command"

function shortened(subject: string): string {
  return subject.length > 160 ? `${subject.slice(0, 100)} … ${subject.slice(-50)}` : subject
}

/**
 * Whether a rule that allows lifts what the mode says of a kind. Never a denial. What needs to be meant is lifted only by
 * a rule that names it: a file that runs later by its path, a store of keys by a path inside of it.
 */
function mayLift(rule: Rule, kind: Kind, part: Part, state: PolicyState): boolean {
  const ofMode = decisionOf(kind, part, state)
  if (ofMode === "allow") return true
  // What lasts for a turn was said by a skill or a command, not by the person: never more than an answer for good could be.
  if (rule.scope === "once" && (NEVER_ALWAYS.has(kind) || kind === "read_store")) return false
  if (kind === "read_store")
    return rule.scope !== "project" && rule.scope !== "session" && isNamedFully(rule.path, part)
  if (ofMode === "deny") return false
  if (kind === "write_later")
    return rule.path !== undefined && componentsOf(rule.path).some((name) => name.startsWith("."))
  if (kind === "read_secret") return rule.path !== undefined && isSecretName(componentsOf(rule.path).at(-1) ?? "")
  return true
}

const isNamedFully = (path: string | undefined, { about }: Part) =>
  path !== undefined && about.kind === "path" && path === about.path

/** The rules that a person could add for good, narrowest first; the first that spares the whole question is offered. */
function candidates(plan: CallPlan, asking: readonly JudgedPart[]): readonly Rule[] {
  // A command without an answer for good is asked about every time, also beside others.
  const isEveryTime = asking.some(
    (part) =>
      part.kinds.some((kind) => NEVER_ALWAYS.has(kind)) || part.rule?.decision === "ask" || part.always === undefined,
  )
  const [first] = asking
  if (isEveryTime || first === undefined) return []
  const base = { decision: "allow", scope: "session" } as const
  const isSame = asking.every((part) => JSON.stringify(part.always) === JSON.stringify(first.always))
  const [effect, ...others] = plan.effects
  return [
    ...(isSame && first.always !== undefined ? [{ ...first.always, ...base }] : []),
    ...(effect?.kind === "execute" && others.length === 0
      ? [{ tool: plan.name, command: literalLine(effect.command), ...base }]
      : []),
  ]
}

function explained({ subject, decision, reasons, rule }: JudgedPart): ExplainedPart {
  return { subject, decision, reason: reasons[0] ?? "", ...(rule === undefined ? {} : { rule }) }
}
