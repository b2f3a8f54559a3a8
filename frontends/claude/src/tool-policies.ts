import type { Op, Rule, SessionId } from "@skein/protocol"
import { asList, asObject, asText, type Json } from "@skein/protocol/json"

const REASON = "The host's policy for this tool."
const DECISIONS = { always_ask: "ask", always_deny: "deny" } as const

/**
 * What a host says of single tools of a server that it brings, as rules. `always_allow` makes none: what a person need not be
 * asked about is said by `allowedTools`, and never beside the tool.
 */
export function policyRules(server: string, config: Json): readonly Rule[] {
  return asList(config.tools).flatMap((value): Rule[] => {
    const { name, permission_policy } = asObject(value) ?? {}
    const tool = asText(name) ?? ""
    const word = asText(permission_policy) ?? ""
    const decision = Object.hasOwn(DECISIONS, word) ? DECISIONS[word as keyof typeof DECISIONS] : undefined
    if (tool === "" || decision === undefined) return []
    return [{ tool: `mcp__${server}__${tool}`, decision, scope: "session", reason: REASON }]
  })
}

/** A session that rules are given. */
interface Held {
  readonly sessionId: SessionId
  submit(op: Op): Promise<unknown>
  readRules(): Promise<readonly Rule[]>
}

/**
 * Holds a session to such rules. `replaced`: servers whose earlier ones are over. Those of a session that is gone on with are
 * not doubled. Throws SkeinError: a tool that was to be refused is never let through because its rule could not be kept.
 */
export async function holdTo(
  rules: readonly Rule[],
  { sessionId, submit, readRules }: Held,
  replaced: readonly string[] = [],
): Promise<void> {
  if (rules.length === 0 && replaced.length === 0) return
  const known = (await readRules()).filter(({ reason }) => reason === REASON)
  for (const rule of rules) {
    if (!known.some((each) => isSame(each, rule))) await submit({ type: "rule.add", sessionId, rule })
  }
  // After the new ones: at no moment is a tool without its rule.
  for (const rule of known) {
    const isOver = replaced.some((server) => rule.tool.startsWith(`mcp__${server}__`))
    const isKept = rules.some((each) => isSame(each, rule))
    if (isOver && !isKept && rule.id !== undefined) await submit({ type: "rule.remove", sessionId, ruleId: rule.id })
  }
}

function isSame(a: Rule, b: Rule): boolean {
  return a.tool === b.tool && a.decision === b.decision
}
