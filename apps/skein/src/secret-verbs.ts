import { CONFIG_FLAGS, HELP_FLAG } from "./flag-sets.ts"
import type { Flag } from "./flags.ts"
import type { Verb } from "./verb.ts"

export const SOURCE_FLAG: Flag = {
  name: "source",
  kind: "string",
  value: "place",
  choices: ["keyring", "vault", "file"],
  summary: "Where to keep it: keyring, vault, or file (unencrypted)",
}

const WAY_FLAGS: readonly Flag[] = [
  { name: "browser", kind: "boolean", summary: "With an account: by a page in a browser" },
  { name: "no-browser", kind: "boolean", summary: "The same, and only show the page's address" },
  { name: "device-auth", kind: "boolean", summary: "With an account: by a code that is typed in on any device" },
]

const GITHUB_FLAGS: readonly Flag[] = [
  { name: "client-id", kind: "string", value: "id", summary: "An OAuth application of your own (github-copilot)" },
  { name: "enterprise", kind: "string", value: "host", summary: "The host of your GitHub enterprise (github-copilot)" },
]

const AUTH_VERBS: readonly Verb[] = [
  {
    name: "codex",
    summary: "Log in with a ChatGPT account, as skein login openai-codex does",
    usage: "",
    flags: [...WAY_FLAGS, SOURCE_FLAG, HELP_FLAG, ...CONFIG_FLAGS],
    load: async () => ({ run: (await import("./verbs/login/auth.ts")).codex }),
  },
  {
    name: "copilot",
    summary: "Log in with a GitHub account, as skein login github-copilot does",
    usage: "",
    flags: [...GITHUB_FLAGS, SOURCE_FLAG, HELP_FLAG, ...CONFIG_FLAGS],
    load: async () => ({ run: (await import("./verbs/login/auth.ts")).copilot }),
  },
]

/** Where keys and logins are kept, and no longer. */
export const SECRET_VERBS: readonly Verb[] = [
  {
    name: "login",
    summary:
      "Log in with an account, or keep a provider's key in the OS keyring, in Vault or in a file; say where they are",
    usage: "[provider] | status",
    flags: [
      { name: "with-api-key", kind: "boolean", summary: "Read the key from stdin" },
      SOURCE_FLAG,
      { name: "check", kind: "boolean", summary: "Ask the provider first whether it takes the key" },
      ...WAY_FLAGS,
      ...GITHUB_FLAGS,
      { name: "profile", kind: "string", value: "name", summary: "The AWS profile to log in with (bedrock)" },
      { name: "cookies", kind: "string", value: "file", summary: "A browser's cookies.txt (gemini-web)" },
      { name: "json", kind: "boolean", summary: "As JSON (status)" },
      HELP_FLAG,
      ...CONFIG_FLAGS,
    ],
    load: () => import("./verbs/login/login.ts"),
  },
  {
    name: "auth",
    summary: "Log in with an account of ChatGPT or GitHub Copilot, as skein login does",
    usage: "codex | copilot",
    flags: [HELP_FLAG],
    load: () => import("./verbs/login/auth.ts"),
    inner: async () => AUTH_VERBS,
  },
  {
    name: "logout",
    summary: "Log out of a provider: remove its key and login from where they are kept",
    usage: "[provider]",
    flags: [{ name: "all", kind: "boolean", summary: "Of all providers" }, HELP_FLAG, ...CONFIG_FLAGS],
    load: () => import("./verbs/login/logout.ts"),
  },
]
