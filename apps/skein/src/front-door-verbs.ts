import { APP_SERVER_VERB, REMOTE_CONTROL_VERB, STDIO_TO_UDS_VERB } from "./app-server-verbs.ts"
import { EXEC_SERVER_VERB } from "./exec-server-verbs.ts"
import { FEATURE_LIST_FLAGS } from "./features-verbs.ts"
import { ACP_FLAGS, ANSWERS_FLAG, CONFIG_FLAGS, EXEC_FLAGS, HELP_FLAG, SESSION_FLAGS } from "./flag-sets.ts"
import { PARITY_VERBS } from "./parity-verbs.ts"
import { SERVE_FLAGS } from "./serve-flags.ts"
import type { Verb } from "./verb.ts"
import { REVIEW_FLAGS } from "./work-flags.ts"

/** The protocols that other people's programs drive skein by, in the order of help. */
export const FRONT_DOOR_VERBS: readonly Verb[] = [
  {
    name: "exec",
    aliases: ["e"],
    summary: "Run one prompt as Codex's exec does, with its events and exit codes",
    usage: "[prompt | -] | resume | fork [id | --last] [prompt | -] | review",
    flags: [...EXEC_FLAGS, ...REVIEW_FLAGS, ...SESSION_FLAGS, ANSWERS_FLAG, ...CONFIG_FLAGS],
    load: () => import("./verbs/exec.ts"),
  },
  APP_SERVER_VERB,
  STDIO_TO_UDS_VERB,
  REMOTE_CONTROL_VERB,
  {
    name: "acp",
    summary: "Be driven by an editor over stdin and stdout, in the Agent Client Protocol",
    usage: "[login <provider>]",
    flags: [...ACP_FLAGS, ...CONFIG_FLAGS],
    load: () => import("./verbs/acp.ts"),
    // Editors run their agent's own command with more words behind it, for a person to log in.
    inner: async () => (await import("./secret-verbs.ts")).SECRET_VERBS.filter(({ name }) => name === "login"),
  },
  {
    name: "features",
    summary: "The parts that can be switched as a whole, and whether each is on",
    usage: "list | enable | disable",
    flags: FEATURE_LIST_FLAGS,
    load: async () => ({ run: (await import("./verbs/features.ts")).list }),
    inner: async () => (await import("./features-verbs.ts")).FEATURE_VERBS,
  },
  {
    name: "serve",
    summary: "Serve the engine to clients: over a Unix socket, stdin and stdout, or HTTP",
    usage: "",
    flags: SERVE_FLAGS,
    load: () => import("./verbs/serve.ts"),
  },
  EXEC_SERVER_VERB,
  {
    name: "cloud",
    summary: "Codex's hosted tasks: not available, and each word says why and what does the same here",
    usage: "exec | status | list | apply | diff",
    flags: [HELP_FLAG],
    load: () => import("./verbs/cloud.ts"),
    inner: async () => (await import("./cloud-verbs.ts")).CLOUD_VERBS,
  },
  ...PARITY_VERBS,
]
