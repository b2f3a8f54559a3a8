import { join } from "node:path"

/** Under the home folder: keys, logins, keyrings, browser profiles, agents' sockets, what was typed before. */
const IN_HOME = [
  ".ssh",
  ".gnupg",
  ".aws",
  ".azure",
  ".kube",
  ".oci",
  ".config/gcloud",
  ".config/gh",
  ".config/hub",
  ".config/glab-cli",
  ".config/op",
  ".config/rclone",
  ".config/doctl",
  ".config/git/credentials",
  ".netrc",
  ".git-credentials",
  ".npmrc",
  ".pypirc",
  ".pgpass",
  ".my.cnf",
  ".vault-token",
  ".cargo/credentials",
  ".cargo/credentials.toml",
  ".gem/credentials",
  ".docker/config.json",
  ".docker/run",
  ".1password",
  ".terraform.d/credentials.tfrc.json",
  ".password-store",
  ".local/share/keyrings",
  ".local/share/kwalletd",
  ".mozilla",
  ".thunderbird",
  ".config/google-chrome",
  ".config/chromium",
  ".config/BraveSoftware",
  ".config/microsoft-edge",
  ".claude/.credentials.json",
  ".claude.json",
  ".codex/auth.json",
  ".gemini/oauth_creds.json",
  ".config/github-copilot",
  ".bash_history",
  ".zsh_history",
  ".python_history",
  ".node_repl_history",
  ".psql_history",
  ".mysql_history",
] as const

/** Of the machine; a command run as root could read them. */
const OF_MACHINE = [
  "/etc/shadow",
  "/etc/shadow-",
  "/etc/gshadow",
  "/etc/gshadow-",
  "/etc/krb5.keytab",
  "/etc/sudoers.d",
] as const

/** Paths no command may see, there or not. `extra` are the host's own: where skein keeps its data and settings. */
export function secretStores(home: string | undefined, extra: readonly string[]): readonly string[] {
  const ofHome = home?.startsWith("/") === true && home !== "/" ? IN_HOME.map((name) => join(home, name)) : []
  return [...ofHome, ...OF_MACHINE, ...extra]
}
