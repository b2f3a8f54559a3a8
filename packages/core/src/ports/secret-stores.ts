/** Under a home folder: keys, logins, keyrings, browser profiles, agents' sockets, what was typed before. */
const IN_HOME: readonly string[] = [
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
  ".config/containers/auth.json",
  ".config/github-copilot",
  ".netrc",
  ".git-credentials",
  ".npmrc",
  ".yarnrc.yml",
  ".pypirc",
  ".pgpass",
  ".my.cnf",
  ".vault-token",
  ".cargo/credentials",
  ".cargo/credentials.toml",
  ".gem/credentials",
  ".m2/settings.xml",
  ".gradle/gradle.properties",
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
  ".local/share/opencode/auth.json",
  ".bash_history",
  ".zsh_history",
  ".python_history",
  ".node_repl_history",
  ".psql_history",
  ".mysql_history",
  "Library/Keychains",
  "Library/Application Support/Google/Chrome",
  "Library/Application Support/Firefox",
]

/** Of the machine; root could read them. */
const OF_MACHINE: readonly string[] = [
  "/etc/shadow",
  "/etc/shadow-",
  "/etc/gshadow",
  "/etc/gshadow-",
  "/etc/krb5.keytab",
  "/etc/sudoers",
  "/etc/sudoers.d",
  "/etc/ssl/private",
  "/run/secrets",
]

/**
 * Where keys, tokens and passwords are kept: what no file tool opens and no confined command sees, in any mode. One list
 * for both, because what one of them shows the other need not hide. Absolute; most are not there.
 */
export function secretStores(homes: readonly string[]): readonly string[] {
  const ofHomes = homes
    .filter((home) => home.startsWith("/") && home !== "/")
    .flatMap((home) => IN_HOME.map((name) => `${home.replace(/\/+$/, "")}/${name}`))
  return [...new Set([...ofHomes, ...OF_MACHINE])]
}

/** Folders that hold people's home folders, and the one of root: as root, or where modes are loose, others' can be read. */
export const HOMES = { parents: ["/home", "/Users"], root: "/root" } as const
