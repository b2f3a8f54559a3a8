import { editDistance } from "./distance.ts"
import type { Rule } from "./settings.ts"

/** A permission rule as Claude Code writes it: `Bash`, `Bash(git *)`, `Edit(src/**)`, `WebFetch(domain:example.org)`. */
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
  /** Rules that cannot be said in ours; sentences for a person. */
  readonly unsupported: readonly string[]
  /** What is no rule, with a parenthesis too few or a tool that there is not; sentences for a person. */
  readonly refused: readonly string[]
}

/**
 * Reads a list as flags carry it. Commas and spaces inside parentheses belong to the rule; where one is not closed, all
 * that is left does, so that no part of it passes for a rule of its own.
 */
export function splitRules(texts: readonly string[]): readonly string[] {
  return texts.flatMap(
    (text) => text.match(/(?:[^\s,(\\]|\\.|\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*(?:\)|.*$))+/gs) ?? [],
  )
}

export function parseHostRule(text: string): HostRule {
  const match = /^([^(]+)\((.*)\)$/s.exec(text)
  return match?.[1] === undefined ? { toolName: text } : { toolName: match[1], ruleContent: match[2] }
}

/** Translates rules of that form. A rule that would say more, or less, in our words is left out and named. */
export function readRules(
  hostRules: readonly HostRule[],
  decision: Rule["decision"],
  scope: Rule["scope"],
  context: RuleContext,
): ReadRules {
  const refused = hostRules.flatMap((rule) => flawOf(rule) ?? [])
  const read = hostRules.filter((rule) => flawOf(rule) === undefined).map((rule) => conditionsOf(rule, context))
  return {
    rules: read.flatMap((conditions) =>
      typeof conditions === "string" ? [] : conditions.map((condition) => ({ ...condition, decision, scope })),
    ),
    unsupported: read.filter((conditions) => typeof conditions === "string"),
    refused,
  }
}

/** Why this is no rule, in a sentence; undefined when it is one. A tool of a server (`mcp__a__b`) need not be there yet. */
export function flawOf({ toolName, ruleContent }: HostRule): string | undefined {
  const said = ruleContent === undefined ? toolName : `${toolName}(${ruleContent})`
  if (!isClosed(said)) return `${JSON.stringify(said)} is no rule: its parentheses do not match, as in Bash(npm test).`
  if (/[^\w*.-]/.test(toolName) || toolName === "")
    return `${JSON.stringify(said)} is no rule: write a tool, or a tool with what it is about in parentheses, as Bash(npm test).`
  if (toolName.startsWith("mcp__") || toolName.includes("*") || KNOWN.includes(toolName)) return undefined
  const near = nearestTool(toolName)
  // Hosts of other versions name tools that nobody here has heard of, as a whole: those hold nothing and hurt nothing.
  if (near === undefined && ruleContent === undefined) return undefined
  const meant = near === undefined ? "" : ` Did you mean ${near}?`
  return `${JSON.stringify(said)} is no rule: there is no tool ${toolName}.${meant}`
}

/** The tool that a slip of the fingers meant, of those given; a letter of the other case is the smallest slip. */
export function nearestTool(name: string, tools: readonly string[] = KNOWN): string | undefined {
  const slips = Math.max(1, Math.min(2, name.length / 3))
  return tools
    .map((tool) => ({
      tool,
      slips: editDistance(tool.toLowerCase(), name.toLowerCase()),
      all: editDistance(tool, name),
    }))
    .filter((each) => each.slips <= slips)
    .toSorted((a, b) => a.slips - b.slips || a.all - b.all)[0]?.tool
}

/** Whether each parenthesis is opened before it is closed, and closed. What follows a backslash is none. */
function isClosed(text: string): boolean {
  let depth = 0
  for (const sign of text.replaceAll(/\\./gs, "")) {
    if (sign === "(") depth += 1
    if (sign === ")") depth -= 1
    if (depth < 0) return false
  }
  return depth === 0
}

/** Our rule in that form. */
export function writeRule(rule: Rule): HostRule {
  const toolName = claudeTool(rule.tool)
  const ruleContent = contentOf(rule)
  return ruleContent === undefined ? { toolName } : { toolName, ruleContent }
}

/** Our names of tools beside theirs. Tools without a row have the same name on both sides. */
const NAMES: Readonly<Record<string, string>> = {
  read: "Read",
  write: "Write",
  edit: "Edit",
  multiedit: "MultiEdit",
  notebook_edit: "NotebookEdit",
  bash: "Bash",
  glob: "Glob",
  grep: "Grep",
  list: "LS",
  todo_write: "TodoWrite",
  todo_read: "TodoRead",
  plan_enter: "EnterPlanMode",
  plan_exit: "ExitPlanMode",
  question: "AskUserQuestion",
  skill: "Skill",
  task: "Task",
  webfetch: "WebFetch",
  websearch: "WebSearch",
}
const OUR_NAMES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(NAMES).map(([ours, theirs]) => [theirs, ours]),
)
/** Ours without a name of theirs, and theirs that nothing here answers to. */
const OTHERS = [
  "web_search",
  "http_request",
  "tree",
  "sessions",
  "undo",
  "plan",
  "code_review",
  "testgen",
  "bug_localize",
  "refactor",
  "Agent",
  "NotebookRead",
]
const ON_FILES = [
  "apply_patch",
  "diff",
  "file_info",
  "head_tail",
  "redo",
  "advanced_edit",
  "confirm_edit",
  "confirm_multiedit",
]
const AGENTS = [
  "parallel_tasks",
  "orchestrate",
  "pipeline",
  "oracle",
  "finder",
  "librarian",
  "agent",
  "worktree",
  "share",
]
const HOUSEKEEPING = ["BashOutput", "KillBash", "KillShell", "SlashCommand"]
const TASKS = ["TaskOutput", "TaskStop", "TaskCreate", "TaskGet", "TaskList", "TaskUpdate"]
const TREES = ["EnterWorktree", "ExitWorktree"]
const KNOWN = [
  ...Object.values(NAMES),
  ...Object.keys(NAMES),
  ...OTHERS,
  ...ON_FILES,
  ...AGENTS,
  ...HOUSEKEEPING,
  ...TASKS,
  ...TREES,
]

export function claudeTool(name: string): string {
  return (Object.hasOwn(NAMES, name) ? NAMES[name] : undefined) ?? name
}

export function skeinTool(name: string): string {
  return (Object.hasOwn(OUR_NAMES, name) ? OUR_NAMES[name] : undefined) ?? name
}

function contentOf({ command, prefix, path, host }: Rule): string | undefined {
  if (command !== undefined) return command
  if (prefix?.every((word) => typeof word === "string") === true) return `${prefix.join(" ")} *`
  if (path !== undefined) return `/${path}`
  return host === undefined ? undefined : `domain:${host}`
}

type Condition = Pick<Rule, "tool" | "command" | "path" | "host">

const EDITING = [
  "edit",
  "multiedit",
  "write",
  "apply_patch",
  "advanced_edit",
  "confirm_edit",
  "confirm_multiedit",
  "notebook_edit",
]
/** A path given for `Edit` or `Read` holds for every tool that edits or reads, as the contract has it. */
const FILE_TOOLS: Readonly<Record<string, readonly string[]>> = {
  Edit: EDITING,
  Write: ["write"],
  MultiEdit: EDITING,
  NotebookEdit: ["notebook_edit"],
  Read: ["read", "list", "glob", "grep"],
  Glob: ["glob"],
  Grep: ["grep"],
  LS: ["list"],
}

/** Tools of ours that one name of theirs means together: a search is one, whoever does it. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  Edit: EDITING.filter((name) => name !== "write"),
  WebSearch: ["websearch", "web_search"],
}

function conditionsOf({ toolName: name, ruleContent }: HostRule, context: RuleContext): readonly Condition[] | string {
  const toolName = ruleContent === undefined ? name : claudeTool(name)
  const said = ruleContent === undefined ? toolName : `${toolName}(${ruleContent})`
  const tool = wholeServer(skeinTool(toolName))
  if (/\*./.test(tool)) return `The rule ${said} is left out: a tool's name takes "*" only at its end.`
  if (ruleContent === undefined || ruleContent === "" || ruleContent === "*") {
    return (ALSO[toolName] ?? [tool]).map((name) => ({ tool: name }))
  }
  if (toolName === "Bash") return [{ tool, command: commandOf(ruleContent) }]
  const domain = /^domain:(\S+)$/.exec(ruleContent)?.[1]
  if (toolName === "WebFetch" && domain !== undefined) return [{ tool, host: domain }]
  const tools = FILE_TOOLS[toolName]
  const path = tools && pathOf(ruleContent, context)
  if (!tools || path === undefined)
    return `The rule ${said} is left out: only a path is understood, with the wildcards *, ** and ?.`
  return tools.map((name) => ({ tool: name, path }))
}

/** `mcp__github` alone means all tools of that server. */
function wholeServer(tool: string): string {
  return /^mcp__[^_*]+(?:_[^_*]+)*$/.test(tool) ? `${tool}__*` : tool
}

/** `npm run test:*` is `npm run test *`; `git*` is any program of that beginning, and whatever follows. */
function commandOf(content: string): string {
  const command = content.replace(/:\*$/, " *")
  return /[^\s*\\]\*$/.test(command) ? `${command} *` : command
}

/**
 * As in a .gitignore: `//x` is the path `/x`; `/x`, `./x` and `a/x` start at the session's folder; a name without a slash
 * is found at any depth. Undefined for what cannot be said.
 */
function pathOf(pattern: string, { cwd, home }: RuleContext): string | undefined {
  if (/[[\]{}!]/.test(pattern)) return undefined
  const path = pattern === "**" ? "." : pattern.replace(/\/\*\*?$/, "")
  if (path.startsWith("//")) return joined("/", path)
  if (path === "~" || path.startsWith("~/")) return home === undefined ? undefined : joined(home, path.slice(1))
  const isAnywhere = path !== "." && !path.includes("/") && pattern === path && /[*?]|^\./.test(path)
  return joined(cwd, isAnywhere ? `**/${path}` : path)
}

/** Absolute, without `.`, `..` and doubled slashes. Protocol has no platform to ask for this. */
function joined(folder: string, path: string): string {
  const parts: string[] = []
  for (const part of `${folder}/${path}`.split("/")) {
    if (part === "..") parts.pop()
    else if (part !== "" && part !== ".") parts.push(part)
  }
  return `/${parts.join("/")}`
}
