import { AUTH_FLAGS } from "./app-server-verbs.ts"
import { CONFIG_FLAGS, HELP_FLAG, SESSION_FLAGS } from "./flag-sets.ts"
import type { Verb } from "./verb.ts"

const FILES_VERB: Verb = {
  name: "files",
  summary: "Do with files what an exec-server asks for, which confines it and speaks to it over stdin and stdout",
  usage: "",
  flags: [HELP_FLAG],
  load: () => import("./verbs/exec-server/files.ts"),
}

/** Programs and files of this machine, for another program. */
export const EXEC_SERVER_VERB: Verb = {
  name: "exec-server",
  summary: "Run programs and serve files for another program, held by one sandbox, in Codex's exec-server protocol",
  usage: "",
  flags: [
    {
      name: "listen",
      kind: "string",
      value: "address",
      summary: "ws://IP:PORT, stdio or stdio://; a free port of 127.0.0.1 when left out",
    },
    ...AUTH_FLAGS,
    { name: "no-auth", kind: "boolean", summary: "Let every user of this machine in, on loopback" },
    ...SESSION_FLAGS.filter(({ name }) => ["sandbox", "no-sandbox", "add-dir"].includes(name)),
    { name: "remote", kind: "string", value: "url", summary: "Not available: it says why" },
    HELP_FLAG,
    ...CONFIG_FLAGS,
  ],
  load: () => import("./verbs/exec-server.ts"),
  hasOtherWords: true,
  inner: async () => [FILES_VERB],
}
