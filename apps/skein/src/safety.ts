import { CONFIG_FLAGS, HELP_FLAG } from "./flag-sets.ts"
import { PERMISSION_ROWS } from "./permission-rows.ts"
import { POLICY_VERB } from "./policy-verbs.ts"
import { AUDIT_FLAGS, TRUST_FLAGS } from "./safety-flags.ts"
import { SECRET_VERBS } from "./secret-verbs.ts"
import { EGRESS_FLAGS } from "./session-flags.ts"
import { TOOL_VERB } from "./tool-verbs.ts"
import { TOOLS_VERB } from "./tools-verbs.ts"
import type { Verb } from "./verb.ts"

/** What says what may be done, confines it, tells what was done, and keeps keys. */
export const SAFETY_VERBS: readonly Verb[] = [
  ...PERMISSION_ROWS,
  POLICY_VERB,
  TOOLS_VERB,
  TOOL_VERB,
  {
    name: "sandbox",
    summary: "Run a program confined as commands are; its exit code is the verb's",
    usage: "[linux] [--] program [arguments]",
    flags: [
      {
        name: "sandbox",
        short: "s",
        kind: "string",
        value: "mode",
        choices: ["read-only", "workspace-write", "full-access", "danger-full-access", "danger"],
        summary: "What it may change; read-only when not said",
      },
      { name: "add-dir", kind: "list", value: "dir", summary: "Another folder that it may write" },
      { name: "no-sandbox", kind: "boolean", summary: "Run it unconfined" },
      HELP_FLAG,
      ...CONFIG_FLAGS,
    ],
    load: () => import("./verbs/sandbox.ts"),
  },
  {
    name: "egress",
    summary: "What left this machine, by destination and purpose",
    usage: "",
    flags: EGRESS_FLAGS,
    load: () => import("./verbs/egress.ts"),
  },
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
  ...SECRET_VERBS,
]
