import { FEATURE_LIST_FLAGS } from "./features-verbs.ts"
import { ACP_FLAGS, ANSWERS_FLAG, APP_SERVER_FLAGS, CONFIG_FLAGS, EXEC_FLAGS, SESSION_FLAGS } from "./flag-sets.ts"
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
  {
    name: "app-server",
    summary: "Be driven over stdin and stdout by a client of Codex's app-server",
    usage: "",
    flags: [...APP_SERVER_FLAGS, ...CONFIG_FLAGS],
    load: () => import("./verbs/app-server.ts"),
  },
  {
    name: "acp",
    summary: "Be driven by an editor over stdin and stdout, in the Agent Client Protocol",
    usage: "",
    flags: [...ACP_FLAGS, ...CONFIG_FLAGS],
    load: () => import("./verbs/acp.ts"),
  },
  {
    name: "serve",
    summary: "Serve the engine to clients: over a Unix socket, stdin and stdout, or HTTP",
    usage: "",
    flags: SERVE_FLAGS,
    load: () => import("./verbs/serve.ts"),
  },
  {
    name: "features",
    summary: "The parts that can be switched as a whole, and whether each is on",
    usage: "list | enable | disable",
    flags: FEATURE_LIST_FLAGS,
    load: async () => ({ run: (await import("./verbs/features.ts")).list }),
    inner: async () => (await import("./features-verbs.ts")).FEATURE_VERBS,
  },
]
