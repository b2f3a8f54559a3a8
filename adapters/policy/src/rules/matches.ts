import type { PolicyState, SimpleCommand } from "@skein/core/ports"
import type { Rule } from "@skein/protocol"
import { listing } from "../hosts/listed.ts"
import { targetOf } from "../hosts/name.ts"
import { allowsCommand, mayBeIn, speaksOfCommand } from "./commands.ts"
import { coversPath, partsOf } from "./paths.ts"
import { isExactLine } from "./words.ts"

/** What a part of a call is about, for rules. `line` is the command line it came from. */
export type About =
  | { readonly kind: "call" }
  | { readonly kind: "command"; readonly command: SimpleCommand; readonly line: string; readonly isClear: boolean }
  | { readonly kind: "line"; readonly line: string }
  | {
      readonly kind: "path"
      readonly access: "read" | "write"
      readonly path: string
      readonly line?: string | undefined
    }
  | { readonly kind: "host"; readonly host: string; readonly line?: string | undefined }

/** Whether what a call writes has in it what a rule speaks of. */
export type Holds = (rule: Rule, about: About) => boolean

/** Whether a rule speaks about this part of a call of this tool. All its conditions must hold. */
export function matches(
  rule: Rule,
  tool: string,
  about: About,
  state: Pick<PolicyState, "now" | "agent">,
  holds: Holds,
): boolean {
  if (!holdsNow(rule, state)) return false
  if (!isAboutTool(rule, tool, about) || !conditionsHold(rule, about) || isExcepted(rule, tool, about)) return false
  return holds(rule, about)
}

/** What is left out is held to as narrowly as what is allowed. What a command line reads is the command's own matter. */
function isExcepted({ except = [] }: Rule, tool: string, about: About): boolean {
  if (except.length === 0) return false
  const isReadOfLine = about.kind === "path" && about.line !== undefined && about.access === "read"
  return except.some((pattern) => {
    const rule: Rule = { ...pattern, decision: "allow", scope: "once" }
    if (isReadOfLine && (pattern.command !== undefined || pattern.prefix !== undefined)) return toolMatches(rule, tool)
    return isAboutTool(rule, tool, about) && conditionsHold(rule, about)
  })
}

export function holdsNow({ expiresAt, agent }: Rule, state: Pick<PolicyState, "now" | "agent">): boolean {
  return (expiresAt === undefined || expiresAt > state.now) && (agent === undefined || agent === state.agent)
}

/** `*` at the end stands for any rest. A name is matched whole: `mcp__git` says nothing of `mcp__github__x`. */
export function toolMatches({ tool }: Pick<Rule, "tool">, name: string): boolean {
  return tool.endsWith("*") ? name.startsWith(tool.slice(0, -1)) : tool === name || MEANS[tool] === name
}

/** A search is a search: what holds for one by the model's provider holds for one by our own tool. */
const MEANS: Readonly<Record<string, string>> = { web_search: "websearch" }

/** Tools whose rules about files hold for commands too: a file that may not be read may not be printed either. */
const FILE_TOOLS: Readonly<Record<"read" | "write", readonly string[]>> = {
  read: ["read", "list", "glob", "grep"],
  write: [
    "write",
    "edit",
    "multiedit",
    "apply_patch",
    "advanced_edit",
    "confirm_edit",
    "confirm_multiedit",
    "notebook_edit",
  ],
}

function isAboutTool(rule: Rule, tool: string, about: About): boolean {
  if (toolMatches(rule, tool)) return true
  const isFileRule = rule.path !== undefined && isOfCommand(about)
  if (!isFileRule) return false
  const accesses = about.kind === "path" ? [about.access] : (["read", "write"] as const)
  return accesses.some((access) => FILE_TOOLS[access].some((name) => toolMatches(rule, name)))
}

const isOfCommand = (about: About) =>
  about.kind === "command" || about.kind === "line" || (about.kind === "path" && about.line !== undefined)

function conditionsHold(rule: Rule, about: About): boolean {
  if (rule.command !== undefined || rule.prefix !== undefined) return commandHolds(rule, about)
  if (rule.path !== undefined || rule.access !== undefined) return pathHolds(rule, about)
  if (rule.host !== undefined) return hostHolds(rule.host, about)
  return true
}

function commandHolds(rule: Rule, about: About): boolean {
  // A rule about several things at once fits no part of a call.
  if (rule.path !== undefined || rule.access !== undefined || rule.host !== undefined) return false
  const isStrict = rule.decision !== "allow"
  if ("line" in about && about.line !== undefined && rule.command !== undefined) {
    if (isExactLine(rule.command, about.line)) return true
  }
  if (about.kind === "line") return isStrict && mayBeIn(rule, about.line)
  if (about.kind !== "command") return false
  return isStrict ? speaksOfCommand(rule, about.command) : about.isClear && allowsCommand(rule, about.command)
}

function pathHolds(rule: Rule, about: About): boolean {
  if (rule.host !== undefined) return false
  if (about.kind === "path") {
    if (rule.access !== undefined && rule.access !== about.access) return false
    return rule.path === undefined || coversPath(rule, about.path)
  }
  if (rule.decision === "allow" || rule.path === undefined) return false
  if (about.kind === "line") return namesFile(rule.path, about.line)
  return (
    about.kind === "command" &&
    mayReadCode(about.command) &&
    about.command.argv.some((word) => namesFile(rule.path, word))
  )
}

/** What it runs is written in its words, so that a file may be named there as well. */
function mayReadCode({ risks }: SimpleCommand): boolean {
  return risks.some((risk) => risk === "execute" || risk === "unknown")
}

/** Whether a text has the name of a file or folder in it, standing by itself. Only names that are not everyday words. */
function namesFile(path = "", text = ""): boolean {
  const name = partsOf(path).findLast((part) => !/^\*+$/.test(part)) ?? ""
  const literal = name.split(/[*?]/).toSorted((a, b) => b.length - a.length)[0] ?? ""
  if (!/[^a-z]/i.test(literal) || literal.length < 3) return false
  const [lower, wanted] = [text.toLowerCase().replace(/["'\\]/g, " "), literal.toLowerCase()]
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + 1)) {
    const [before, after] = [lower[at - 1] ?? " ", lower[at + wanted.length] ?? " "]
    if (!/\w/.test(before) && (name !== literal || !/[\w-]/.test(after))) return true
  }
  return false
}

function hostHolds(entry: string, about: About): boolean {
  if (about.kind !== "host") return false
  const target = targetOf(about.host)
  return target !== undefined && listing(entry, target) !== undefined
}
