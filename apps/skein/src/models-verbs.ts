import { CONFIG_FLAGS, HELP_FLAG, JSON_FLAG, MODEL_LIST_FLAGS } from "./flag-sets.ts"
import type { Flag } from "./flags.ts"
import type { Verb } from "./verb.ts"

const SUM: Flag = { name: "sha256", kind: "string", value: "hex", summary: "The sum the file must have" }

/** What a word behind `skein models` means that is no search: one model, what was learned, and models that are files of this machine. */
export const MODELS_VERBS: readonly Verb[] = [
  {
    name: "list",
    aliases: ["ls", "search"],
    summary: "The same as models alone: all, or those whose name holds the words",
    usage: "[words]",
    flags: MODEL_LIST_FLAGS,
    load: () => import("./verbs/models.ts"),
  },
  {
    name: "show",
    summary: "Tell all that is known of one model, where its requests go, and whose key signs them",
    usage: "<name>",
    flags: [JSON_FLAG, HELP_FLAG, ...CONFIG_FLAGS],
    load: () => import("./verbs/models-show.ts"),
  },
  {
    name: "quirks",
    summary: "What was learned of servers that want something otherwise; list, show, test or delete it",
    usage: "[list | show <model> | test <model> | delete <model>]",
    flags: [JSON_FLAG, HELP_FLAG, ...CONFIG_FLAGS],
    load: () => import("./verbs/models-quirks.ts"),
  },
  {
    name: "add",
    summary: "Ask a model file of this machine from now on, as local/<name>; it stays where it is",
    usage: "<file.gguf>",
    flags: [SUM, HELP_FLAG, ...CONFIG_FLAGS],
    load: async () => ({ run: (await import("./verbs/models/files.ts")).add }),
  },
  {
    name: "pull",
    summary: "Get a model: a GGUF file by its address, or one of an Ollama's by its name",
    usage: "<https://… | hf:owner/repo/file.gguf | ollama/name>",
    flags: [SUM, HELP_FLAG, ...CONFIG_FLAGS],
    load: async () => ({ run: (await import("./verbs/models/pull.ts")).pull }),
  },
  {
    name: "rm",
    aliases: ["remove"],
    summary: "Forget a local model, and remove its file when it was pulled",
    usage: "<name>",
    flags: [HELP_FLAG, ...CONFIG_FLAGS],
    load: async () => ({ run: (await import("./verbs/models/files.ts")).remove }),
  },
  {
    name: "runtime",
    summary: "What runs model files: llama.cpp, got once from npm's registry",
    usage: "status | install",
    flags: [HELP_FLAG, ...CONFIG_FLAGS],
    load: async () => ({ run: (await import("./verbs/models/runtime.ts")).runtime }),
  },
  {
    name: "runner",
    summary: "Run one model for another skein, which asks it over stdin and stdout",
    usage: "",
    flags: [HELP_FLAG],
    load: () => import("./verbs/models/runner.ts"),
  },
]
