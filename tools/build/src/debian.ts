/** Programs the tests start, with the Debian package that brings each and what it is for. */
const PROGRAMS = [
  { program: "git", debian: "git", why: "workspaces under version control" },
  { program: "bwrap", debian: "bubblewrap", why: "the sandbox around every command" },
  { program: "tmux", debian: "tmux", why: "a real terminal" },
  { program: "dbus-run-session", debian: "dbus-daemon", why: "a D-Bus session to keep keys through" },
  { program: "nvim", debian: "neovim", why: "the editor that a plugin of skein's is for" },
  { program: "gnome-keyring-daemon", debian: "gnome-keyring", why: "a real keyring" },
  { program: "elvish", debian: "elvish", why: "a shell that completes skein's words" },
] as const

/** Installs what is missing where it may, else names it. Tests that need a missing program say so themselves. */
export function ensurePrograms(): void {
  const missing = PROGRAMS.filter(({ program }) => Bun.which(program) === null)
  if (missing.length === 0) return
  const names = missing.map(({ debian }) => debian)
  const mayInstall = process.getuid?.() === 0 && Bun.which("apt-get") !== null
  if (mayInstall && (install(names) || (apt("update") && install(names)))) return
  for (const { program, debian, why } of missing) {
    if (Bun.which(program) === null)
      console.error(`Missing: ${program} (${why}). Install the Debian package ${debian}.`)
  }
}

function install(names: readonly string[]): boolean {
  console.error(`Installing ${names.join(", ")} …`)
  return apt("install", "--yes", "--no-install-recommends", ...names)
}

function apt(...args: string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" }
  return Bun.spawnSync(["apt-get", "--quiet", ...args], { env, stdout: "ignore", stderr: "inherit" }).success
}
