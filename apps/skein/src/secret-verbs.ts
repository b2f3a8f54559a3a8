import { CONFIG_FLAGS, HELP_FLAG } from "./flag-sets.ts"
import type { Verb } from "./verb.ts"

/** Where keys are kept, and no longer. */
export const SECRET_VERBS: readonly Verb[] = [
  {
    name: "login",
    summary: "Keep a provider's key in the OS keyring, in Vault or in a file; say where keys are",
    usage: "[provider] | status",
    flags: [
      { name: "with-api-key", kind: "boolean", summary: "Read the key from stdin" },
      {
        name: "source",
        kind: "string",
        value: "place",
        choices: ["keyring", "vault", "file"],
        summary: "Where to keep it: keyring, vault, or file (unencrypted)",
      },
      { name: "check", kind: "boolean", summary: "Ask the provider first whether it takes the key" },
      { name: "browser", kind: "boolean", summary: "Log in with an account, in a browser (not yet)" },
      { name: "device-auth", kind: "boolean", summary: "Log in with an account, by a code (not yet)" },
      { name: "json", kind: "boolean", summary: "As JSON (status)" },
      HELP_FLAG,
      ...CONFIG_FLAGS,
    ],
    load: () => import("./verbs/login/login.ts"),
  },
  {
    name: "logout",
    summary: "Remove a provider's key from where login kept it",
    usage: "[provider]",
    flags: [{ name: "all", kind: "boolean", summary: "The keys of all providers" }, HELP_FLAG, ...CONFIG_FLAGS],
    load: () => import("./verbs/login/logout.ts"),
  },
]
