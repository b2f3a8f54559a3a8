import type { HookPoint } from "@skein/core/ports"
import { asText } from "@skein/protocol/json"
import { parseHostRule } from "@skein/protocol/rule-strings"
import { callOf, type Dialect } from "./dialect.ts"

/**
 * Whether a call fits the permission rule of a handler's `if`, as `Bash(git *)`. What cannot be judged fits: a hook runs once
 * too often rather than once too little. At a point without a call there is nothing that could fit.
 */
export function fits(condition: string, point: HookPoint, dialect: Dialect): boolean {
  const call = callOf(point)
  if (call === undefined) return false
  const { toolName, ruleContent } = parseHostRule(condition)
  if (!dialect.matches(toolName, dialect.subjects(point))) return false
  if (ruleContent === undefined) return true
  return dialect.payloads(point).some(({ tool_input }) => {
    const input = Object(tool_input) as Readonly<Record<string, unknown>>
    const said = asText(input.command) ?? asText(input.file_path) ?? asText(input.path) ?? asText(input.url)
    if (said === undefined || asText(input.command) === undefined)
      return said === undefined || fitsPath(ruleContent, said)
    // One of several commands of a line may be the one that is meant.
    return said.split(/&&|\|\||[;|&\n]/).some((part) => glob(ruleContent.replace(/:\*$/, " *")).test(`${part.trim()} `))
  })
}

function fitsPath(pattern: string, said: string): boolean {
  if (pattern.startsWith("domain:")) {
    const host = URL.canParse(said) ? new URL(said).hostname : ""
    return glob(pattern.slice("domain:".length)).test(`${host} `)
  }
  return glob(`*${pattern.replace(/^(\/\/|\.\/|~\/|\/)/, "")}`).test(`${said} `)
}

/** `*` is anything; a space before a last `*` is the end of a word or of all. */
function glob(pattern: string): RegExp {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"))
  return new RegExp(`^${parts.join("[^]*")}\\s*$`)
}
