import type { DurableDraft, Rule, RulePattern } from "@skein/protocol"
import { parseHostRule, readRules, splitRules } from "@skein/protocol/rule-strings"
import type { TurnPermission } from "../ports/index.ts"
import { onceOnly } from "../transcript/turn-rules.ts"

/** More than these nobody could look over. */
const RULES_MAX = 64
const RULE_CHARS_MAX = 200

/**
 * What a skill or a command says about permission, as rules that end with the turn. What is no rule in our words is left
 * out: that can only make more questions, as one that is left out of `leaves` refuses more.
 */
export function rulesForTurn({ by, allows, leaves }: TurnPermission, cwd: string): readonly DurableDraft[] {
  const { rules: allowed } = allowedByName({ by, allows }, cwd)
  const limit = leaves === undefined ? [] : [limiting({ by, leaves }, cwd)]
  return [...allowed, ...limit].map((rule) => ({ type: "rule.added", rule }))
}

/** The same of what needs no question, with a sentence for each that is left out. All tools at once is none. */
export function allowedByName(
  { by, allows = [] }: Pick<TurnPermission, "by" | "allows">,
  cwd: string,
): { readonly rules: readonly Rule[]; readonly leftOut: readonly string[] } {
  const { patterns, leftOut } = patternsOf(allows, cwd)
  const named = patterns.map(
    (pattern): Rule => ({ ...pattern, decision: "allow", scope: "once", reason: `${by} names it` }),
  )
  const rules = onceOnly(named)
  const all = rules.length < named.length ? [`${by} names all tools at once, which allows none.`] : []
  return { rules, leftOut: [...leftOut, ...all] }
}

/** Denies the calls of all tools that are not named. */
export function limiting(
  { by, leaves }: { readonly by: string; readonly leaves: readonly string[] },
  cwd: string,
): Rule {
  const { patterns } = patternsOf(leaves, cwd)
  return {
    tool: "*",
    except: [...patterns],
    decision: "deny",
    scope: "once",
    reason: `${by} leaves only the tools that it names`,
  }
}

function patternsOf(
  texts: readonly string[],
  cwd: string,
): { readonly patterns: readonly RulePattern[]; readonly leftOut: readonly string[] } {
  const asked = splitRules(texts)
    .filter((text) => text.length <= RULE_CHARS_MAX)
    .slice(0, RULES_MAX)
    .map(parseHostRule)
  const { rules, unsupported, refused } = readRules(asked, "allow", "once", { cwd })
  return {
    patterns: rules.map(({ decision: _, scope: __, ...pattern }) => pattern),
    leftOut: [...unsupported, ...refused],
  }
}
