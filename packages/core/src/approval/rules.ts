import { isWithin, type Rule } from "@skein/protocol"
import type { Effect } from "../ports/index.ts"

/** Whether a rule speaks about this effect of a call of this tool. All its conditions must hold. */
export function matches(rule: Rule, tool: string, effect: Effect): boolean {
  if (rule.tool !== "*" && rule.tool !== tool) return false
  if (rule.command !== undefined) return effect.kind === "execute" && commandMatches(rule, effect.command)
  if (rule.path !== undefined) return pathsOf(effect).length > 0 && pathsMatch(rule, pathsOf(effect))
  return true
}

/** Characters with which a shell line can do more than its first words say. */
const SHELL_SYNTAX = /[;&|<>$`(){}\n\r\\!*?[\]~#'"]/

/**
 * `git push *` covers further plain words and nothing else: a line with any shell syntax in it is not understood here,
 * so a rule that allows never covers it by prefix. A rule that denies or asks covers as much as it can see.
 */
function commandMatches(rule: Rule, command: string): boolean {
  const pattern = rule.command ?? ""
  if (!pattern.endsWith(" *")) return pattern === command
  const prefix = pattern.slice(0, -2)
  const isCovered = command === prefix || command.startsWith(`${prefix} `)
  if (rule.decision !== "allow") return isCovered || command.includes(prefix)
  return isCovered && !SHELL_SYNTAX.test(command.slice(prefix.length))
}

/** An allowance must cover every path; a denial needs only one. */
function pathsMatch(rule: Rule, paths: readonly string[]): boolean {
  const isBelow = (path: string) => isWithin(path, rule.path ?? "")
  return rule.decision === "allow" ? paths.every(isBelow) : paths.some(isBelow)
}

function pathsOf(effect: Effect): readonly string[] {
  return effect.kind === "read" || effect.kind === "write" ? effect.paths : []
}
