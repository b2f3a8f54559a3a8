import {
  type CommandReply,
  type Explanation,
  hostPattern,
  MODE_MEANINGS,
  type Rule,
  type RuleId,
  type SessionId,
  type Settings,
  SkeinError,
  type ToolInfo,
} from "@skein/protocol"
import { nearestTool } from "@skein/protocol/rule-strings"
import { defineCommand, usageReply } from "./command.ts"
import { ruleLine, ruleScope } from "./rule-text.ts"
import { columns, firstLines, oneLine } from "./text.ts"

const RULES_MAX = 60

/** Words that choose how long a rule holds. */
const SCOPES: Readonly<Record<string, Rule["scope"]>> = {
  "--session": "session",
  "--project": "project",
  "--user": "user",
}

export const permissions = defineCommand({
  name: "permissions",
  aliases: ["rules"],
  summary: "What may run unasked, and why; add, remove or try rules.",
  usage: "[allow|ask|deny <tool> [what] [--project|--user] | remove <no.> | explain <command>]",
  whileBusy: true,
  async run(args, { ask, facts, sessionId }) {
    const [word = "", ...rest] = args.split(/\s+/)
    const given = args.slice(word.length).trim()
    switch (word) {
      case "":
      case "list":
        return listed((await facts()).settings, await ask({ type: "rules.list", sessionId }))
      case "allow":
      case "ask":
      case "deny":
        if (rest.length === 0) return usageReply(permissions, `Say which tool: /permissions ${word} bash git push *`)
        return added(word, given, { sessionId, cwd: (await facts()).cwd, tools: await ask({ type: "tools.list" }) })
      case "remove":
        return removed(given, await ask({ type: "rules.list", sessionId }), sessionId)
      case "explain":
      case "test": {
        if (given === "") return usageReply(permissions, "Say which command: /permissions explain git push")
        const call = { tool: "bash", input: { command: given } }
        return explained(given, await ask({ type: "permissions.explain", sessionId, ...call }))
      }
      default:
        return usageReply(permissions, `There is no /permissions ${oneLine(word)}.`)
    }
  },
})

function listed({ mode, sandbox }: Settings, rules: readonly Rule[]): CommandReply {
  const rows = rules.map((rule, at): [string, string] => [
    `${at + 1}  ${rule.decision}`,
    `${ruleLine(rule)}  (${ruleScope(rule)})`,
  ])
  const shown = rows.length === 0 ? ["There are no rules."] : ["The strictest rule that fits holds:", ...columns(rows)]
  const head = columns([
    ["mode", `${mode}: ${MODE_MEANINGS[mode]}`],
    ["sandbox", sandbox],
  ])
  return { kind: "show", text: [...head, ...firstLines(shown, RULES_MAX)].join("\n") }
}

function added(
  decision: Rule["decision"],
  given: string,
  {
    sessionId,
    cwd,
    tools,
  }: { readonly sessionId: SessionId; readonly cwd: string; readonly tools: readonly ToolInfo[] },
): CommandReply {
  const words = given.split(/\s+/)
  const scope = words.map((word) => SCOPES[word]).find((found) => found !== undefined) ?? "session"
  const [tool = "", ...what] = words.filter((word) => SCOPES[word] === undefined)
  mustBeTool(
    tool,
    tools.map(({ name }) => name),
  )
  const rule: Rule = { tool, decision, scope, ...conditionOf(tool, what.join(" "), cwd) }
  const done = `${decision}: ${ruleLine(rule)} (${ruleScope(rule)}).`
  const isWide = decision === "allow" && what.length === 0
  const confirm = isWide ? `Everything that ${tool} does would be allowed (${ruleScope(rule)}). Really?` : undefined
  return { kind: "ops", ops: [{ type: "rule.add", sessionId, rule }], done, confirm }
}

/** A rule of a tool that there is not would hold nothing. A server's tool may come later. Throws SkeinError `op.invalid`. */
function mustBeTool(tool: string, tools: readonly string[]): void {
  if (tools.includes(tool) || tool === "*" || /^mcp__[\w*-]+$/.test(tool)) return
  const near = nearestTool(tool, tools)
  const meant = near === undefined ? `There are ${tools.join(", ")}.` : `Did you mean ${near}?`
  throw new SkeinError("op.invalid", `No rule was made: there is no tool ${oneLine(tool)}. ${meant}`)
}

/** What a rule is about, as it is written: of bash a command, else a path or a host. Throws SkeinError for neither. */
function conditionOf(tool: string, what: string, cwd: string): Pick<Rule, "command" | "path" | "host"> {
  if (what === "") return {}
  if (tool === "bash" && !what.startsWith("host:")) return { command: what }
  const host = hostPattern(what.replace(/^host:/, ""))
  if (what.startsWith("/")) return { path: what }
  if (what.startsWith("./")) return { path: `${cwd}/${what.slice(2)}` }
  if (host !== undefined) return { host }
  const text = `${oneLine(what)} is no path and no host. Write a path from / or ./, or a host as example.org.`
  throw new SkeinError("op.invalid", text)
}

function removed(given: string, rules: readonly Rule[], sessionId: SessionId): CommandReply {
  const rule = /^\d+$/.test(given) ? rules[Number(given) - 1] : rules.find(({ id }) => id === given)
  if (rule === undefined) return usageReply(permissions, `There is no rule ${oneLine(given)}.`)
  if (rule.id === undefined) {
    const where = rule.source === undefined ? "a file or a flag" : rule.source
    return { kind: "usage", text: `That rule stands in ${where}, and is taken out there.` }
  }
  const ruleId: RuleId = rule.id
  const done = `Removed: ${rule.decision} ${ruleLine(rule)} (${ruleScope(rule)}).`
  return { kind: "ops", ops: [{ type: "rule.remove", sessionId, ruleId }], done }
}

function explained(command: string, { decision, reasons, rule, parts }: Explanation): CommandReply {
  const rows: [string, string][] = [
    [decision, oneLine(command)],
    ...reasons.map((reason): [string, string] => ["because", reason]),
    ...(rule === undefined
      ? []
      : [["rule", `${rule.decision} ${ruleLine(rule)} (${ruleScope(rule)})`] as [string, string]]),
    ...parts.map((part): [string, string] => [`  ${part.decision}`, `${oneLine(part.subject)}: ${part.reason}`]),
  ]
  return { kind: "show", text: firstLines(columns(rows), RULES_MAX).join("\n") }
}
