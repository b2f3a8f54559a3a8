import { CONFIG_FLAGS, HELP_FLAG } from "./flag-sets.ts"
import { AUDIT_FLAGS, TRUST_FLAGS } from "./safety-flags.ts"
import type { Verb } from "./verb.ts"

/** What tells what was done and what may be, and what keeps keys. */
export const SAFETY_VERBS: readonly Verb[] = [
  {
    name: "audit",
    summary: "What was done, by whom, and who allowed it; and whether the record of it still holds",
    usage: "query | verify | path",
    flags: AUDIT_FLAGS,
    load: () => import("./verbs/audit.ts"),
    inner: async () => (await import("./safety-verbs.ts")).AUDIT_VERBS,
  },
  {
    name: "trust",
    summary: "Which folders are trusted, and what in them could make something run",
    usage: "[status | items | list | accept | refuse | revoke] [folder]",
    flags: TRUST_FLAGS,
    load: () => import("./verbs/trust.ts"),
    inner: async () => (await import("./safety-verbs.ts")).TRUST_VERBS,
  },
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
