import type { AgentModel } from "@skein/core/ports"
import { MODES, type Mode } from "@skein/protocol"
import { skeinTool } from "@skein/protocol/rule-strings"

/** Tools as other programs call them, in lower case, and which of ours they are. Names without a row are ours, or a server's. */
const TOOLS: Readonly<Record<string, readonly string[]>> = {
  edit: ["edit", "multiedit", "apply_patch"],
  multiedit: ["multiedit"],
  notebookedit: ["notebook_edit"],
  ls: ["list"],
  list_dir: ["list"],
  find: ["glob"],
  shell: ["bash"],
  exec_command: ["bash"],
  todowrite: ["todo_write"],
  todoread: ["todo_read"],
  webfetch: ["webfetch"],
  web_fetch: ["webfetch"],
  websearch: ["websearch"],
  web_search: ["websearch"],
  Agent: ["task"],
  patch: ["apply_patch"],
  bashoutput: ["process"],
  killshell: ["process"],
  lsp: ["lsp", "symbols", "diagnostics"],
}

/**
 * A tool of a file as ours. `Bash(git *)` would hold part of a tool, which rules are for: undefined, so that it is told and
 * never taken for the whole.
 */
export function toolsOf(name: string): readonly string[] | undefined {
  if (name === "*") return ["*"]
  if (!/^[\w*.-]+$/.test(name)) return undefined
  return TOOLS[name] ?? TOOLS[name.toLowerCase()] ?? [skeinTool(name)]
}

const MODE_WORDS: Readonly<Record<string, Mode>> = {
  default: "ask",
  acceptedits: "accept-edits",
  bypasspermissions: "full",
  dontask: "ask",
  "read-only": "plan",
  readonly: "plan",
  ...Object.fromEntries(MODES.map((mode) => [mode, mode])),
}

export function modeOf(word: string): Mode | undefined {
  return MODE_WORDS[word.toLowerCase()]
}

/** Sizes by which one family of models is called, as tiers: another provider has them as well. */
const TIERS: Readonly<Record<string, AgentModel>> = {
  haiku: { kind: "tier", tier: "rush" },
  sonnet: { kind: "tier", tier: "smart" },
  opus: { kind: "tier", tier: "deep" },
  smart: { kind: "tier", tier: "smart" },
  rush: { kind: "tier", tier: "rush" },
  fast: { kind: "tier", tier: "rush" },
  free: { kind: "tier", tier: "free" },
  deep: { kind: "tier", tier: "deep" },
  oracle: { kind: "task", task: "oracle" },
  review: { kind: "task", task: "review" },
}

/** Undefined: the parent's. */
export function asksOf(word: string): AgentModel | undefined {
  if (word === "" || word === "inherit" || word === "default") return undefined
  return TIERS[word.toLowerCase()] ?? { kind: "model", name: word }
}
