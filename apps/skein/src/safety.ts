import { AUDIT_FLAGS, TRUST_FLAGS } from "./safety-flags.ts"
import type { Verb } from "./verb.ts"

/** What tells what was done, and what may be. */
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
]
