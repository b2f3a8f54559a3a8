/** Other spellings that models use for a key, from the tools of other agents. Taken only where the key itself is absent. */
export const ALIASES: Readonly<Record<string, readonly string[]>> = {
  path: [
    "file_path",
    "filePath",
    "filepath",
    "file",
    "filename",
    "file_name",
    "target_file",
    "absolute_path",
    "dir_path",
    "directory",
    "dir",
  ],
  text: ["content", "title", "task", "step"],
  content: ["contents", "text", "file_text", "fileText", "file_content", "code"],
  oldText: ["old_text", "old_string", "oldString", "old_str", "oldStr", "old", "search", "find"],
  todos: ["items", "tasks", "plan"],
  newText: ["new_text", "new_string", "newString", "new_str", "newStr", "new", "replace", "replacement"],
  replaceAll: ["replace_all", "replaceall", "all", "allow_multiple"],
  edits: ["changes", "replacements", "operations"],
  offset: ["start_line", "startLine", "start", "line", "from"],
  limit: ["max_lines", "maxLines", "line_count", "max_results", "maxResults", "head_limit", "count"],
  patch: ["input", "patchText", "patch_text", "diff", "content"],
  pattern: ["query", "regex", "glob_pattern", "search"],
  command: ["cmd", "script", "shell_command"],
  timeoutMs: ["timeout_ms", "timeout"],
  isMultiple: ["multiSelect", "multi_select", "multiple", "allow_multiple"],
  isFree: ["isOther", "allow_other", "custom"],
  ignoreCase: ["ignore_case", "case_insensitive", "caseInsensitive", "-i"],
}

/** Words beside the arguments that mean nothing to a tool. */
export const REMARKS: readonly string[] = [
  "description",
  "explanation",
  "reason",
  "reasoning",
  "thought",
  "purpose",
  "activeForm",
]
