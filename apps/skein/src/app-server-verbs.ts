import { CONFIG_FLAGS, HELP_FLAG } from "./flag-sets.ts"
import type { Flag } from "./flags.ts"
import type { Verb } from "./verb.ts"

/** Who may come in over WebSocket, in Codex's words. */
export const AUTH_FLAGS: readonly Flag[] = [
  {
    name: "ws-auth",
    kind: "string",
    value: "kind",
    choices: ["capability-token", "signed-bearer-token"],
    summary: "What a client over WebSocket must send: a token, or one that is signed",
  },
  { name: "ws-token-file", kind: "string", value: "file", summary: "The token is in this file" },
  { name: "ws-token-sha256", kind: "string", value: "hex", summary: "The token's SHA-256, instead of the token" },
  { name: "ws-shared-secret-file", kind: "string", value: "file", summary: "What tokens are signed with (HS256)" },
  { name: "ws-issuer", kind: "string", value: "name", summary: "Who a signed token must be from" },
  { name: "ws-audience", kind: "string", value: "name", summary: "Who it must be for" },
  { name: "ws-max-clock-skew-seconds", kind: "string", value: "n", summary: "How far clocks may differ; 30" },
]

const APP_SERVER_FLAGS: readonly Flag[] = [
  {
    name: "listen",
    kind: "string",
    value: "address",
    summary: "stdio://, unix://, unix://PATH, ws://IP:PORT or off; stdio:// when left out",
  },
  { name: "stdio", kind: "boolean", summary: "The same as --listen stdio://" },
  ...AUTH_FLAGS,
  { name: "strict-config", kind: "boolean", summary: "Refuse -c with a key that nobody knows" },
  { name: "no-sandbox", kind: "boolean", summary: "Run commands unconfined; for a machine you can lose" },
  { name: "enable", kind: "list", value: "feature", summary: "Switch a feature on; Codex's own are without effect" },
  { name: "disable", kind: "list", value: "feature", summary: "Switch a feature off" },
  { name: "analytics-default-enabled", kind: "boolean", summary: "Nothing is reported anywhere, whatever this says" },
  { name: "record", kind: "string", value: "file", summary: "Record the provider's traffic to a cassette" },
  { name: "replay", kind: "string", value: "file", summary: "Answer from a cassette instead of a provider" },
  HELP_FLAG,
  ...CONFIG_FLAGS,
]

const OUT_FLAGS: readonly Flag[] = [
  { name: "out", short: "o", kind: "string", value: "dir", summary: "Where the files go; made when it is not there" },
  { name: "experimental", kind: "boolean", summary: "With what a client must ask for in its first request" },
]

const INNER: readonly Verb[] = [
  {
    name: "proxy",
    summary: "Copy bytes between stdin and stdout and a server's Unix socket",
    usage: "",
    flags: [
      { name: "sock", kind: "string", value: "path", summary: "Where the socket is; skein's own when left out" },
      HELP_FLAG,
      ...CONFIG_FLAGS,
    ],
    load: () => import("./verbs/app-server/proxy.ts"),
  },
  {
    name: "generate-ts",
    summary: "Write what is said between client and server as TypeScript",
    usage: "--out <dir>",
    flags: [
      ...OUT_FLAGS,
      {
        name: "prettier",
        short: "p",
        kind: "string",
        value: "program",
        summary: "Format the files with this prettier",
      },
      HELP_FLAG,
    ],
    load: () => import("./verbs/app-server/generate-ts.ts"),
  },
  {
    name: "generate-json-schema",
    summary: "Write what is said between client and server as JSON Schema",
    usage: "--out <dir>",
    flags: [...OUT_FLAGS, HELP_FLAG],
    load: () => import("./verbs/app-server/generate-json-schema.ts"),
  },
  {
    name: "daemon",
    summary: "Not available in this version: let your system's own service manager keep the server",
    usage: "",
    flags: [HELP_FLAG, ...CONFIG_FLAGS],
    load: () => import("./verbs/app-server/daemon.ts"),
  },
]

export const APP_SERVER_VERB: Verb = {
  name: "app-server",
  summary: "Be driven by clients of Codex's app-server, over stdin and stdout, a Unix socket or WebSocket",
  usage: "[proxy | generate-ts | generate-json-schema]",
  flags: APP_SERVER_FLAGS,
  inner: async () => INNER,
  load: () => import("./verbs/app-server/serve.ts"),
}

export const STDIO_TO_UDS_VERB: Verb = {
  name: "stdio-to-uds",
  summary: "Copy bytes between stdin and stdout and a Unix socket",
  usage: "<socket>",
  flags: [HELP_FLAG],
  load: () => import("./verbs/app-server/stdio-to-uds.ts"),
}

export const REMOTE_CONTROL_VERB: Verb = {
  name: "remote-control",
  summary: "Not available in this version: it needs OpenAI's own relay",
  usage: "",
  flags: [HELP_FLAG],
  load: () => import("./verbs/app-server/remote-control.ts"),
}
