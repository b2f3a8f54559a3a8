import type { ToolFacts } from "@skein/core/ports"

/** What the tool is called. */
export const RUN_CODE = "run_code"

/** What other programs call theirs. */
export const RUN_CODE_ALIASES: ReadonlySet<string> = new Set(["mcp_execute", "code_mode"])

/** A call within may wait for a person. */
export const TIMEOUT_MS = 6 * 3_600_000

/** What is told of the tool; by itself, so that nothing more is loaded for telling it. */
export const RUN_CODE_FACTS: ToolFacts = {
  name: RUN_CODE,
  summary: "run a TypeScript program that calls tools; only its result comes back",
  description:
    "Run a TypeScript program that calls tools, for work with many calls or long results: only what it exports as default (or gives " +
    'to result(value)), and the end of what it prints, comes back. search or list tell what can be imported: import { search } from "servers/github"; ' +
    "await search({…}) gives the tool's answer, parsed where it is JSON. call(name, input) calls any other tool by its name. A call that fails throws. " +
    "Each call is judged as your own. The program has no network and writes only to /tmp; top-level await works.",
  inputSchema: {
    type: "object",
    properties: {
      code: { type: "string" },
      search: { type: "string", description: "Words: the functions that fit, with their types" },
      list: { type: "boolean", description: "All modules and functions" },
    },
    additionalProperties: false,
  },
  kind: "execute",
  effects: ["execute", "none"],
  needs: ["calls"],
  isConcurrent: false,
  timeoutMs: TIMEOUT_MS,
}
