import type { Flag } from "./flags.ts"

/** Claude Code's words for the plain front door; what they ask for is read by that edge. */
export const CLAUDE_FLAGS: readonly Flag[] = [
  {
    name: "allowed-tools",
    aliases: ["allowedTools"],
    kind: "list",
    value: "rules",
    summary: "Tools that need no question: Read,Bash(git status)",
  },
  {
    name: "disallowed-tools",
    aliases: ["disallowedTools"],
    kind: "list",
    value: "rules",
    summary: "Tools that are refused",
  },
  { name: "system-prompt", kind: "string", value: "text", summary: "Instructions in place of skein's own" },
  { name: "append-system-prompt", kind: "string", value: "text", summary: "Instructions after skein's own" },
  {
    name: "json-schema",
    kind: "string",
    value: "schema",
    summary: "The answer must be JSON of this schema, given as text",
  },
  {
    name: "dangerously-skip-permissions",
    aliases: ["dangerously-allow-all"],
    kind: "boolean",
    summary: "The same as --mode full",
  },
  { name: "agent", kind: "string", value: "name", summary: "Be this agent: its instructions, tools and model" },
  {
    name: "agents",
    kind: "string",
    value: "json",
    summary: "Agents of this run: name → {description, prompt, tools, model}",
  },
  {
    name: "settings",
    kind: "string",
    value: "json|file",
    summary: "Claude Code's settings for this run: permissions, sandbox, hooks, env, model",
  },
  { name: "stream-json", kind: "boolean", summary: "Claude Code's lines, without what the model thinks" },
  { name: "stream-json-thinking", kind: "boolean", summary: "The same with what the model thinks" },
  { name: "stream-json-input", kind: "boolean", summary: "Messages come as JSON lines on stdin, with --stream-json" },
  { name: "include-partial-messages", kind: "boolean", summary: "stream-json: text as it comes" },
  { name: "verbose", kind: "boolean", summary: "stream-json and json: every line" },
  {
    name: "permission-prompt-tool",
    kind: "string",
    value: "stdio",
    summary: "The host on stdin answers what must be asked",
  },
  {
    name: "setting-sources",
    kind: "string",
    value: "list",
    summary: "Empty: leave the project's instruction files unread",
  },
  { name: "no-session-persistence", kind: "boolean", summary: "The same as --ephemeral" },
]
