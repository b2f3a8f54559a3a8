import { AUDIT_FLAGS, TRUST_FLAGS, VERIFY_FLAGS, YES_FLAG } from "./safety-flags.ts"
import type { Verb } from "./verb.ts"

/** What `skein audit` can do. */
export const AUDIT_VERBS: readonly Verb[] = [
  {
    name: "query",
    summary: "Show what was done, by whom, and who allowed it",
    usage: "",
    flags: AUDIT_FLAGS,
    load: () => import("./verbs/audit.ts"),
  },
  {
    name: "verify",
    summary: "Follow the chain to its end; exit 1 names the first line that does not hold",
    usage: "",
    flags: VERIFY_FLAGS,
    load: async () => ({ run: (await import("./verbs/audit.ts")).verify }),
  },
  {
    name: "path",
    summary: "Print where the record is",
    usage: "",
    flags: TRUST_FLAGS,
    load: async () => ({ run: (await import("./verbs/audit.ts")).path }),
  },
]

/** What `skein trust` can do. */
export const TRUST_VERBS: readonly Verb[] = [
  {
    name: "status",
    summary: "Say whether a folder is trusted, and what is new in it",
    usage: "[folder]",
    flags: TRUST_FLAGS,
    load: () => import("./verbs/trust.ts"),
  },
  {
    name: "items",
    summary: "List all of a folder that could make something run, with hashes",
    usage: "[folder]",
    flags: TRUST_FLAGS,
    load: async () => ({ run: (await import("./verbs/trust.ts")).items }),
  },
  {
    name: "list",
    summary: "List the folders that were decided about",
    usage: "",
    flags: TRUST_FLAGS,
    load: async () => ({ run: (await import("./verbs/trust.ts")).list }),
  },
  {
    name: "accept",
    summary: "Trust a folder, with exactly what is in it now",
    usage: "[folder]",
    flags: [YES_FLAG, ...TRUST_FLAGS],
    load: async () => ({ run: (await import("./verbs/trust.ts")).accept }),
  },
  {
    name: "refuse",
    summary: "Go by nothing of a folder, its instruction files neither",
    usage: "[folder]",
    flags: TRUST_FLAGS,
    load: async () => ({ run: (await import("./verbs/trust.ts")).refuse }),
  },
  {
    name: "revoke",
    summary: "Forget what was decided about a folder",
    usage: "[folder]",
    flags: TRUST_FLAGS,
    load: async () => ({ run: (await import("./verbs/trust.ts")).revoke }),
  },
]
