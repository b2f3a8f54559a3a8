import { ACP_FLAGS, CONFIG_FLAGS } from "./flag-sets.ts"
import type { Flag } from "./flags.ts"

/** Where clients come from, and what their sessions begin with. */
export const SERVE_FLAGS: readonly Flag[] = [
  {
    name: "listen",
    kind: "list",
    value: "address",
    summary: "stdio, unix, unix:/path or http://host:port; more than one with --listen again; unix when left out",
  },
  { name: "port", kind: "string", value: "number", summary: "The same as --listen http://127.0.0.1:number" },
  {
    name: "token-file",
    kind: "string",
    value: "file",
    summary: "With http: the token is in this file, which nobody else can read; else one is made and kept",
  },
  {
    name: "allow-remote",
    kind: "boolean",
    summary: "With http: also at an address that other machines reach, unencrypted",
  },
  {
    name: "server-name",
    kind: "list",
    value: "name",
    summary: "With http: a further name that clients call this machine by",
  },
  ...ACP_FLAGS,
  ...CONFIG_FLAGS,
]
