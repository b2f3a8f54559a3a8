import { type Rule, SkeinError } from "@skein/protocol"
import { flawOf, nearestTool, parseHostRule, readRules } from "@skein/protocol/rule-strings"
import { targetOf } from "../hosts/name.ts"

export interface PatternContext {
  readonly cwd: string
  readonly home: string
  /** Names of tools, to tell one from a command. */
  readonly tools: readonly string[]
}

type Conditions = Pick<Rule, "tool" | "command" | "path" | "access" | "host">
type Said = Pick<Rule, "decision" | "scope">

/**
 * What a person writes for a rule: our own form as `permissions list` shows it, `bash(git push *)` or `*(host a.example)`; a
 * rule of Claude Code's, `Read(src/**)`; a command; a path; `host:a.example`; a tool. Throws SkeinError `op.invalid`.
 */
export function patternRules(text: string, said: Said, context: PatternContext): readonly Rule[] {
  const pattern = text.trim()
  if (pattern === "") throw wrong(text, "it is empty")
  const flaw = flawIn(pattern, context.tools)
  if (flaw !== undefined) throw wrong(text, flaw)
  if (/^(?:[A-Z]\w*|mcp__\w+)(?:\(|\*?$)/.test(pattern)) {
    const { rules, unsupported, refused } = readRules([parseHostRule(pattern)], said.decision, said.scope, context)
    const [reason] = [...refused, ...unsupported]
    if (reason !== undefined) throw wrong(text, reason)
    return rules
  }
  return [{ ...conditionsOf(pattern, context), ...said }]
}

/** Why a tool with something in parentheses is none. A command may have parentheses of its own, after a space. */
function flawIn(pattern: string, tools: readonly string[]): string | undefined {
  const [, tool, sign] = /^([\w*]+)(\(|$)/.exec(pattern) ?? []
  // A word alone is a command, but for one that is written as tools are.
  if (tool === undefined || (sign === "" && !/^[A-Z]/.test(tool))) return undefined
  if (sign === "(" && !/\)$/.test(pattern)) return "its parenthesis is not closed"
  const isOurs = tools.includes(tool) || tool.includes("*") || tool.startsWith("mcp__")
  if (isOurs || flawOf({ toolName: tool, ruleContent: "x" }) === undefined) return undefined
  const near = nearestTool(tool, tools) ?? nearestTool(tool)
  return `there is no tool ${tool}.${near === undefined ? "" : ` Did you mean ${near}?`}`
}

function conditionsOf(pattern: string, context: PatternContext): Conditions {
  const [, tool, inside] = /^([a-z_*][\w*]*)\((.*)\)$/s.exec(pattern) ?? []
  if (tool !== undefined && inside !== undefined && (tool.includes("*") || context.tools.includes(tool))) {
    return { tool, ...insideOf(inside.trim(), tool, context) }
  }
  if (/^(?:host|domain)[: ]/.test(pattern)) return { tool: "*", ...insideOf(pattern, "*", context) }
  if (isPath(pattern)) return { tool: "*", path: absolute(pattern, context) }
  if (pattern === "*" || context.tools.includes(pattern)) return { tool: pattern }
  return { tool: "bash", command: pattern }
}

function insideOf(text: string, tool: string, context: PatternContext): Omit<Conditions, "tool"> {
  if (text === "" || text === "*") return {}
  const host = /^(?:host|domain)[: ]\s*(\S+)$/.exec(text)?.[1]
  if (host !== undefined) {
    if (host !== "*" && targetOf(host.replace(/^\*\./, "")) === undefined)
      throw wrong(text, `${JSON.stringify(host)} is no host`)
    return { host }
  }
  const [, access, path] = /^(read|write)\s+(\S.*)$/.exec(text) ?? []
  if ((access === "read" || access === "write") && path !== undefined && isPath(path)) {
    return { access, path: absolute(path, context) }
  }
  if (tool === "bash") return { command: text }
  return { path: absolute(text, context) }
}

const isPath = (text: string) => /^(?:\/|~\/|\.\.?\/|~$|\*\*\/)/.test(text) && !/\s/.test(text)

function absolute(path: string, { cwd, home }: PatternContext): string {
  const parts: string[] = []
  const whole =
    path === "~" || path.startsWith("~/") ? `${home}${path.slice(1)}` : path.startsWith("/") ? path : `${cwd}/${path}`
  for (const part of whole.split("/")) {
    if (part === "..") parts.pop()
    else if (part !== "" && part !== ".") parts.push(part)
  }
  return `/${parts.join("/")}`
}

function wrong(text: string, why: string): SkeinError {
  return new SkeinError(
    "op.invalid",
    `Cannot make a rule of ${JSON.stringify(text)}: ${why.replace(/(?<![.?])$/, ".")} Write a command (git push *), a tool (write), a path (./src/**), host:example.org, or a rule as Bash(npm test:*).`,
  )
}
