/** Names of tools by what they are for. An agent sees those of them that its parent has. */
export const LOOKING = [
  ...["read", "list", "tree", "glob", "grep", "file_info", "head_tail", "diff"],
  ...["symbols", "repo_map", "lsp", "diagnostics", "code_graph", "look_at"],
] as const
export const WEB = ["webfetch", "websearch"] as const
export const PAST = ["sessions"] as const
export const COMMANDS = ["bash"] as const
/** What siblings tell each other. */
export const SHARING = ["share"] as const

/** With these an agent hands work on. */
export const DELEGATING = [
  ...["task", "parallel_tasks", "orchestrate", "pipeline", "agent", "worktree"],
  ...["oracle", "finder", "librarian"],
] as const
/** The list of what is to do. */
export const LISTING = ["todo_write", "todo_read"] as const
