import { CONFIG_FLAGS, HELP_FLAG, PRINT_FLAGS, SESSION_FLAGS } from "./flag-sets.ts"
import type { Flag } from "./flags.ts"
import type { Verb } from "./verb.ts"

const STREAM_FLAGS: readonly Flag[] = [
  {
    name: "wire",
    kind: "string",
    value: "name",
    choices: ["openai-responses", "openai-chat", "anthropic-messages", "google-gemini", "ollama-chat"],
    summary: "The API that it speaks; as it looks when not said",
  },
  { name: "split", kind: "string", value: "bytes", summary: "Feed it to the decoder in pieces of so many bytes" },
  { name: "json", kind: "boolean", summary: "As JSON" },
  HELP_FLAG,
  ...CONFIG_FLAGS,
]

const TURN_FLAGS: readonly Flag[] = [
  ...PRINT_FLAGS.filter(({ name }) => ["output-format", "json", "help"].includes(name)),
  ...SESSION_FLAGS,
  ...CONFIG_FLAGS,
]

const CONTINUE_FLAG: Flag = {
  name: "continue-after-tools",
  kind: "boolean",
  summary: "Ask again with the results of its calls, up to --max-tool-rounds",
}

/** What `skein model` can do: one reply, taken apart. */
export const MODEL_VERBS: readonly Verb[] = [
  {
    name: "stream-summary",
    summary: "Say what a captured stream of a provider holds; asks nobody",
    usage: "<file.sse>",
    flags: STREAM_FLAGS,
    load: async () => ({ run: (await import("./verbs/model/stream.ts")).summary }),
  },
  {
    name: "stream-to-event-log",
    summary: "Print the events that a captured stream becomes in a session, without what only its provider reads",
    usage: "<file.sse>",
    flags: STREAM_FLAGS,
    load: async () => ({ run: (await import("./verbs/model/stream.ts")).toEventLog }),
  },
  {
    name: "run-turn",
    summary: "Ask the model once, without tools",
    usage: "[prompt]",
    flags: TURN_FLAGS,
    load: async () => ({ run: (await import("./verbs/model/turn.ts")).runTurn }),
  },
  {
    name: "run-tool-turn",
    summary: "Ask the model once and run the calls of its reply",
    usage: "[prompt]",
    flags: [CONTINUE_FLAG, ...TURN_FLAGS],
    load: async () => ({ run: (await import("./verbs/model/turn.ts")).runToolTurn }),
  },
]

/** What `skein debug` can do. */
export const DEBUG_VERBS: readonly Verb[] = [
  {
    name: "prompt-input",
    summary: "Print what the model would be sent of a prompt: instructions, words and images, as JSON; asks nobody",
    usage: "[prompt]",
    flags: [
      { name: "image", short: "i", kind: "list", value: "file", summary: "Show the model an image" },
      { name: "add-dir", kind: "list", value: "dir", summary: "Another folder to work in" },
      HELP_FLAG,
      ...CONFIG_FLAGS,
    ],
    load: () => import("./verbs/debug/prompt-input.ts"),
  },
  {
    name: "models",
    summary: "Every model with all that is known of it, as JSON",
    usage: "",
    flags: [{ name: "bundled", kind: "boolean", summary: "Ask no server" }, HELP_FLAG, ...CONFIG_FLAGS],
    load: () => import("./verbs/debug/models.ts"),
  },
  {
    name: "schema",
    summary: "skein's own protocol as JSON Schema, for those who write a client",
    usage: "",
    flags: [
      { name: "openapi", kind: "boolean", summary: "Its paths over HTTP, as OpenAPI 3.1" },
      { name: "out", kind: "string", value: "dir", summary: "Write both there" },
      HELP_FLAG,
    ],
    load: () => import("./verbs/debug/schema.ts"),
  },
]
