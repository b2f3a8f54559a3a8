import { CONFIG_FLAGS, HELP_FLAG, JSON_FLAG } from "./flag-sets.ts"
import type { Flag } from "./flags.ts"
import type { Verb } from "./verb.ts"

const LIST_FLAGS: readonly Flag[] = [JSON_FLAG, HELP_FLAG, ...CONFIG_FLAGS]

const USE_FLAGS: readonly Flag[] = [
  { name: "input", kind: "string", value: "json", summary: "All arguments as one JSON object; - reads it from stdin" },
  { name: "yes", kind: "boolean", summary: "Run it also where a person would be asked" },
  { name: "session", kind: "string", value: "id", summary: "Make the call in this session, so that its model sees it" },
  ...LIST_FLAGS,
]

/** What `skein tools` can do. */
export const TOOLS_VERBS: readonly Verb[] = [
  {
    name: "list",
    aliases: ["ls"],
    summary: "List the tools, or those that a glob names: what each may do, and whether the model has it",
    usage: "[glob …]",
    flags: LIST_FLAGS,
    load: () => import("./verbs/tools/list.ts"),
  },
  {
    name: "show",
    summary: "Tell all of one tool: what it is for, its arguments, what it may do, how long it may take",
    usage: "<name>",
    flags: LIST_FLAGS,
    load: () => import("./verbs/tools/show.ts"),
  },
  {
    name: "use",
    summary: "Make one call yourself, judged and confined as a model's is, and recorded in a session",
    usage: "<name> [argument=value …]",
    flags: USE_FLAGS,
    load: () => import("./verbs/tools/use.ts"),
  },
  {
    name: "make",
    summary: "Write a script that is a tool, to be changed: in your config folder, or in the project",
    usage: "<name>",
    flags: [
      {
        name: "lang",
        kind: "string",
        value: "lang",
        summary: "sh (when nothing is said), ts or py; ts is run by skein itself",
      },
      { name: "project", kind: "boolean", summary: "In .skein/tools of this project" },
      HELP_FLAG,
      ...CONFIG_FLAGS,
    ],
    load: () => import("./verbs/tools/make.ts"),
  },
  {
    name: "enable",
    summary: "Take a name or glob out of tools.disable in your settings; into tools.enable where that lists others",
    usage: "<name | glob> …",
    flags: [HELP_FLAG, ...CONFIG_FLAGS],
    load: async () => ({ run: (await import("./verbs/tools/change.ts")).enable }),
  },
  {
    name: "disable",
    summary: "Keep tools from every model, by name or glob, in your settings",
    usage: "<name | glob> …",
    flags: [HELP_FLAG, ...CONFIG_FLAGS],
    load: async () => ({ run: (await import("./verbs/tools/change.ts")).disable }),
  },
]

export const TOOLS_VERB: Verb = {
  name: "tools",
  summary: "List, show, use, make, enable and disable tools",
  usage: "[list | show | use | make | enable | disable] …",
  flags: LIST_FLAGS,
  load: () => import("./verbs/tools/list.ts"),
  inner: async () => TOOLS_VERBS,
}
