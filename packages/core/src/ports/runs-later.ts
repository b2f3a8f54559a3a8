const GIT = "git's own files: hooks and settings run commands"
const EDITOR = "settings and tasks of an editor"
const AGENT = "settings of an agent"
const SHELL = "start-up file of a shell"
const SETTINGS = "settings of a program, which can run commands"

/**
 * Names of files and folders whose content something runs later without asking anybody, in lower case, and what does.
 * File tools ask before they write one; a confined command cannot change those at the top of a folder it may write.
 */
export const RUNS_LATER: Readonly<Record<string, string>> = {
  ".git": GIT,
  ".husky": "git hooks",
  ".gitmodules": "makes git fetch and run other repositories",
  ".gitconfig": "settings of git, which run commands",
  ".vscode": EDITOR,
  ".idea": EDITOR,
  ".fleet": EDITOR,
  ".zed": EDITOR,
  ".exrc": EDITOR,
  ".nvimrc": EDITOR,
  ".nvim.lua": EDITOR,
  ".vimrc": EDITOR,
  ".dir-locals.el": EDITOR,
  ".devcontainer": "commands of a development container",
  ".envrc": "run by direnv on entering the folder",
  ".mcp.json": "starts MCP servers",
  ".skein": AGENT,
  ".claude": AGENT,
  ".codex": AGENT,
  ".cursor": AGENT,
  ".gemini": AGENT,
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

/** In a home folder, besides. */
export const RUNS_LATER_AT_HOME: Readonly<Record<string, string>> = {
  ".config": SETTINGS,
  ".local": SETTINGS,
  ".npmrc": SETTINGS,
  ".vim": EDITOR,
  ".emacs": EDITOR,
  ".emacs.d": EDITOR,
  ".xprofile": SHELL,
  ".xinitrc": SHELL,
  ".xsession": SHELL,
  ".pam_environment": SHELL,
  ".ssh": SETTINGS,
  ".gnupg": SETTINGS,
  ".aws": SETTINGS,
  ".kube": SETTINGS,
  ".docker": SETTINGS,
  ".netrc": SETTINGS,
}
