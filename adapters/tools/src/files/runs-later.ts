/**
 * What would run the content of a file later, without anybody asking again: a hook of git, a task of an editor, a shell
 * at its start. `path` is relative to the root it lies in, or absolute outside of all roots.
 */
export function runsLater(path: string): string | undefined {
  // Case-insensitive file systems take ".GIT" for ".git", and some leave out invisible characters.
  const parts = path
    .toLowerCase()
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, "")
    .split("/")
  const folder = parts.find((part) => part in FOLDERS) ?? (parts.some(isBareRepository) ? ".git" : undefined)
  if (folder !== undefined) return FOLDERS[folder]
  const name = parts.at(-1) ?? ""
  return FILES[name] ?? (name.endsWith(".code-workspace") ? "workspace settings of an editor" : undefined)
}

const isBareRepository = (part: string, index: number, parts: readonly string[]) =>
  part.endsWith(".git") && ["hooks", "config"].includes(parts[index + 1] ?? "")

const FOLDERS: Readonly<Record<string, string>> = {
  ".git": "git's own files: hooks and settings run commands",
  ".husky": "git hooks",
  ".vscode": "settings and tasks of an editor",
  ".idea": "settings and tasks of an editor",
  ".devcontainer": "commands of a development container",
  ".claude": "settings of an agent",
  ".codex": "settings of an agent",
  ".cursor": "settings of an agent",
  ".gemini": "settings of an agent",
  ".skein": "settings of an agent",
}

const SHELL = "start-up file of a shell"
const FILES: Readonly<Record<string, string>> = {
  ".envrc": "run by direnv on entering the folder",
  ".mcp.json": "starts MCP servers",
  ".gitconfig": "settings of git, which run commands",
  ".gitmodules": "makes git fetch and run other repositories",
  ".bashrc": SHELL,
  ".bash_profile": SHELL,
  ".bash_login": SHELL,
  ".bash_logout": SHELL,
  ".bash_aliases": SHELL,
  ".profile": SHELL,
  ".zshrc": SHELL,
  ".zshenv": SHELL,
  ".zprofile": SHELL,
  ".zlogin": SHELL,
  ".zlogout": SHELL,
  ".inputrc": SHELL,
  "config.fish": SHELL,
}
