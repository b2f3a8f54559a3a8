import { resolve } from "node:path"
import type { Rule } from "@skein/protocol"
import { claudeTool, skeinTool } from "./words.ts"

/** A permission rule as hosts write it: `Bash`, `Bash(git *)`, `Edit(src/**)`. */
export interface HostRule {
  readonly toolName: string
  readonly ruleContent?: string | undefined
}

export interface RuleContext {
  readonly cwd: string
  /** For `~/`; without it such a path is left out and reported. */
  readonly home?: string | undefined
}

export interface ReadRules {
  readonly rules: readonly Rule[]
  /** Rules that cannot be said in ours; sentences for stderr. */
  readonly unsupported: readonly string[]
}

/** Reads a list as flags carry it. Commas and spaces inside parentheses belong to the rule. */
export function splitRules(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => text.match(/[^\s,(]+(?:\([^)]*\))?/g) ?? [])
}

export function parseHostRule(text: string): HostRule {
  const match = /^([^(]+)\((.*)\)$/.exec(text)
  return match?.[1] === undefined ? { toolName: text } : { toolName: match[1], ruleContent: match[2] }
}

/** Translates rules of a host. A rule that would say more, or less, in our words is left out and named. */
export function readRules(
  hostRules: readonly HostRule[],
  decision: Rule["decision"],
  scope: Rule["scope"],
  context: RuleContext,
): ReadRules {
  const read = hostRules.map((rule) => conditionsOf(rule, context))
  return {
    rules: read.flatMap((conditions) =>
      typeof conditions === "string" ? [] : conditions.map((condition) => ({ ...condition, decision, scope })),
    ),
    unsupported: read.filter((conditions) => typeof conditions === "string"),
  }
}

/** Our rule as the host is shown it; undefined where the host's words would say more than it does. */
export function writeRule(rule: Rule): HostRule | undefined {
  const { prefix = [], host, agent, access } = rule
  if (agent !== undefined || access !== undefined) return undefined
  if (host !== undefined) return { toolName: "WebFetch", ruleContent: `domain:${host}` }
  const words = prefix.flatMap((word) => (typeof word === "string" && /^[\w./:@=+-]+$/.test(word) ? [word] : []))
  if (words.length < prefix.length) return undefined
  const command = rule.command ?? (words.length === 0 ? undefined : `${words.join(" ")} *`)
  const ruleContent = command ?? (rule.path === undefined ? undefined : `/${rule.path}`)
  return ruleContent === undefined
    ? { toolName: claudeTool(rule.tool) }
    : { toolName: claudeTool(rule.tool), ruleContent }
}

type Condition = Pick<Rule, "tool" | "command" | "path" | "host">

/** A path given for `Edit` or `Read` holds for every tool that edits or reads, as the contract has it. */
const FILE_TOOLS: Readonly<Record<string, readonly string[]>> = {
  Edit: ["edit", "multiedit", "write"],
  Write: ["write"],
  MultiEdit: ["edit", "multiedit", "write"],
  Read: ["read", "list", "glob", "grep"],
}

function conditionsOf({ toolName, ruleContent }: HostRule, context: RuleContext): readonly Condition[] | string {
  const said = ruleContent === undefined ? toolName : `${toolName}(${ruleContent})`
  const tool = skeinTool(toolName)
  if (tool !== "*" && tool.includes("*")) return `The rule ${said} is left out: tool names take no pattern.`
  if (ruleContent === undefined || ruleContent === "" || ruleContent === "*") {
    return toolName === "Edit" ? [{ tool: "edit" }, { tool: "multiedit" }] : [{ tool }]
  }
  if (toolName === "Bash") {
    const command = ruleContent.replace(/:\*$/, " *")
    return command.replace(/ \*$/, "").includes("*")
      ? `The rule ${said} is left out: a command is given whole, or as its beginning and " *".`
      : [{ tool, command }]
  }
  // A host is the same one whichever tool's process reaches it.
  const host = /^domain:((?:\*\.)?[\w.-]+)$/.exec(toolName === "WebFetch" ? ruleContent : "")?.[1]
  if (host !== undefined) return [{ tool: "*", host: host.toLowerCase() }]
  const tools = FILE_TOOLS[toolName]
  const path = tools && folderOf(ruleContent, context)
  if (!tools || path === undefined)
    return `The rule ${said} is left out: only a path, or a folder and "/**", is understood.`
  return tools.map((name) => ({ tool: name, path }))
}

/** `//x` is the path `/x`; a single slash, `./x` and `x` start at the session's folder. */
function folderOf(pattern: string, { cwd, home }: RuleContext): string | undefined {
  const path = pattern === "**" ? "." : pattern.replace(/\/\*\*?$/, "")
  if (/[*?[\]{}!]/.test(path)) return undefined
  if (path.startsWith("//")) return resolve(path.slice(1))
  if (path.startsWith("~/")) return home === undefined ? undefined : resolve(home, path.slice(2))
  return resolve(cwd, path.replace(/^\//, ""))
}
