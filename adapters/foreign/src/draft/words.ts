import { isAbsolute, join } from "node:path"
import type { ToolKind } from "@skein/protocol"
import { asList, asObject, asText, asTexts, type Json } from "@skein/protocol/json"

/** One tool of another program, as one of ours. Names and keys that are spelled alike on both sides need no row. */
interface ToolWord {
  readonly theirs: readonly string[]
  readonly ours: string
  readonly kind: ToolKind
  /** Their key → ours. */
  readonly keys?: Readonly<Record<string, string>>
}

const FILE = { file_path: "path", filePath: "path" }
const CHANGE = {
  old_string: "oldText",
  new_string: "newText",
  replace_all: "replaceAll",
  oldString: "oldText",
  newString: "newText",
}

const TOOLS: readonly ToolWord[] = [
  {
    theirs: ["Bash", "bash", "shell", "shell_command", "exec_command", "container.exec", "local_shell"],
    ours: "bash",
    kind: "execute",
    keys: { cmd: "command", timeout_ms: "timeoutMs", workdir: "cwd", run_in_background: "background" },
  },
  {
    theirs: ["BashOutput", "TaskOutput", "KillShell", "KillBash", "TaskStop", "write_stdin"],
    ours: "process",
    kind: "execute",
    keys: { bash_id: "process", shell_id: "process", task_id: "process", session_id: "process", chars: "text" },
  },
  { theirs: ["Read", "read"], ours: "read", kind: "read", keys: FILE },
  { theirs: ["Write", "write"], ours: "write", kind: "edit", keys: FILE },
  { theirs: ["Edit", "edit"], ours: "edit", kind: "edit", keys: { ...FILE, ...CHANGE } },
  { theirs: ["MultiEdit", "multiedit"], ours: "multiedit", kind: "edit", keys: { ...FILE, ...CHANGE } },
  { theirs: ["apply_patch", "patch"], ours: "apply_patch", kind: "edit", keys: { input: "patch", patchText: "patch" } },
  {
    theirs: ["NotebookEdit"],
    ours: "notebook_edit",
    kind: "edit",
    keys: { notebook_path: "path", cell_id: "cell", new_source: "source", cell_type: "type", edit_mode: "mode" },
  },
  { theirs: ["Glob", "glob", "find"], ours: "glob", kind: "search" },
  {
    theirs: ["Grep", "grep"],
    ours: "grep",
    kind: "search",
    keys: { "-i": "ignoreCase", "-C": "context", "-B": "before", "-A": "after", head_limit: "limit" },
  },
  { theirs: ["LS", "ls", "list", "list_dir"], ours: "list", kind: "search", keys: { dir_path: "path" } },
  {
    theirs: ["LSP", "lsp"],
    ours: "lsp",
    kind: "search",
    keys: { operation: "action", filePath: "path", character: "column" },
  },
  { theirs: ["diagnostics", "mcp__ide__getDiagnostics"], ours: "diagnostics", kind: "search" },
  { theirs: ["TodoWrite", "todowrite"], ours: "todo_write", kind: "think" },
  { theirs: ["TodoRead", "todoread"], ours: "todo_read", kind: "think" },
  { theirs: ["Skill", "skill", "activate_skill"], ours: "skill", kind: "think", keys: { skill: "name" } },
  { theirs: ["EnterPlanMode", "plan_enter"], ours: "plan_enter", kind: "think" },
  { theirs: ["ExitPlanMode", "exit_plan_mode", "plan_exit"], ours: "plan_exit", kind: "think" },
  {
    theirs: ["AskUserQuestion", "question", "ask_user", "request_user_input"],
    ours: "question",
    kind: "think",
    keys: { multiSelect: "isMultiple" },
  },
  { theirs: ["update_plan"], ours: "update_plan", kind: "think" },
  { theirs: ["Task", "Agent", "task"], ours: "task", kind: "other", keys: { subagent_type: "agent" } },
  { theirs: ["WebFetch", "webfetch"], ours: "webfetch", kind: "fetch" },
  { theirs: ["WebSearch", "websearch", "web_search"], ours: "websearch", kind: "search" },
]
const BY_THEIRS = new Map(TOOLS.flatMap((tool) => tool.theirs.map((name) => [name, tool] as const)))

/** A call as our transcript tells it. */
export interface CallWords {
  readonly name: string
  readonly input: unknown
  readonly title: string
  readonly kind: ToolKind
  readonly locations: readonly string[]
}

/** A foreign call in our words. A tool without a row keeps its name and input. */
export function callWords(name: string, input: unknown, cwd: string): CallWords {
  const tool = BY_THEIRS.get(name)
  const ours = tool?.ours ?? name
  const object = asObject(input)
  const renamed = object === undefined ? input : ourInput(object, tool)
  const named = asObject(renamed) ?? {}
  const locations = asTexts([asText(named.path) ?? patched(named)]).map((path) =>
    isAbsolute(path) ? path : join(cwd, path),
  )
  return {
    name: ours,
    input: renamed,
    title: titleOf(ours, asObject(renamed) ?? {}, cwd),
    kind: tool?.kind ?? "other",
    locations,
  }
}

function ourInput(input: Json, tool: ToolWord | undefined): Json {
  const keys = tool?.keys ?? {}
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => {
      const name = Object.hasOwn(keys, key) ? (keys[key] ?? key) : key
      if (name === "command" && tool?.kind === "execute") return [name, commandText(value)]
      if (name === "edits") return [name, asList(value).map((edit) => ourInput(asObject(edit) ?? {}, tool))]
      return [name, value]
    }),
  )
}

/** A command may be written as its words: `["bash", "-lc", "npm test"]` runs `npm test`. */
export function commandText(command: unknown): unknown {
  if (!Array.isArray(command)) return command
  const words = asTexts(command)
  const [shell = "", flag = "", script] = words
  if (words.length === 3 && script !== undefined && /(^|\/)(ba|z|da)?sh$/.test(shell) && /^-l?c$/.test(flag))
    return script
  return words.map(quoted).join(" ")
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** The first file that a patch is about. */
function patched({ patch }: Json): string | undefined {
  return /^\*\*\* (?:Add|Update|Delete) File: (.+)$/m.exec(asText(patch) ?? "")?.[1]
}

const TITLE_CHARS_MAX = 100

/** What a call is about, in one line, the way our own tools say it. */
function titleOf(name: string, input: Json, cwd: string): string {
  const target = [
    input.command,
    input.path,
    patched(input),
    input.pattern,
    input.query,
    input.url,
    input.description,
  ].find((value) => typeof value === "string")
  const [line = "", ...more] = String(target ?? "")
    .trim()
    .split("\n")
  const short = line.length > TITLE_CHARS_MAX ? `${line.slice(0, TITLE_CHARS_MAX - 1)}…` : line
  const text = `${short}${more.length > 0 ? ` (+${more.length} line${more.length > 1 ? "s" : ""})` : ""}`
  if (name === "bash" && text !== "") return text
  return `${name}${text === "" ? "" : ` ${text.replaceAll(`${cwd}/`, "")}`}`
}
