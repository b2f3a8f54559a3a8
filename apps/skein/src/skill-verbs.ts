import { CONFIG_FLAGS, HELP_FLAG, JSON_FLAG } from "./flag-sets.ts"
import type { Flag } from "./flags.ts"
import type { Verb } from "./verb.ts"

const FLAGS: readonly Flag[] = [JSON_FLAG, HELP_FLAG, ...CONFIG_FLAGS]
const YES: Flag = { name: "yes", kind: "boolean", summary: "Do it without asking" }
const TRUST: Flag = { name: "trust", kind: "boolean", summary: "Trust this folder for this run: its own skills too" }
const PROJECT: Flag = {
  name: "project",
  kind: "boolean",
  summary: "In .agents/skills of this project, not in your own",
}

const SKILL_VERBS: readonly Verb[] = [
  {
    name: "list",
    aliases: ["ls"],
    summary: "List the skills there are here, and why some cannot be used",
    usage: "",
    flags: [TRUST, ...FLAGS],
    load: () => import("./verbs/skill/list.ts"),
  },
  {
    name: "info",
    aliases: ["show"],
    summary: "Tell all of one skill: where it is from, its files, its text",
    usage: "<name>",
    flags: [TRUST, ...FLAGS],
    load: async () => ({ run: (await import("./verbs/skill/list.ts")).info }),
  },
  {
    name: "add",
    aliases: ["install"],
    summary: "Get skills from a folder, an archive, a repository or npm; nothing of them is run",
    usage: "<folder | file | address | owner/repo[/path][@ref] | npm:package> [skill …]",
    flags: [YES, PROJECT, ...FLAGS],
    load: () => import("./verbs/skill/add.ts"),
  },
  {
    name: "update",
    summary: "Get installed skills anew from where they came from",
    usage: "[name …]",
    flags: [YES, ...FLAGS],
    load: () => import("./verbs/skill/update.ts"),
  },
  {
    name: "remove",
    aliases: ["rm", "uninstall"],
    summary: "Take a skill of yours, or of this project, away",
    usage: "<name>",
    flags: [YES, ...FLAGS],
    load: () => import("./verbs/skill/remove.ts"),
  },
  {
    name: "validate",
    summary: "Tell whether a skill's folder is valid, as the reference validator would",
    usage: "<folder …>",
    flags: FLAGS,
    load: () => import("./verbs/skill/validate.ts"),
  },
  {
    name: "make",
    aliases: ["new"],
    summary: "Write the folder of a new skill, to be filled in",
    usage: "<name>",
    flags: [
      { name: "description", kind: "string", value: "text", summary: "What it does, and when to use it" },
      PROJECT,
      ...FLAGS,
    ],
    load: () => import("./verbs/skill/make.ts"),
  },
]

/** Knowledge that models open when they need it. */
export const SKILL_VERB: Verb = {
  name: "skill",
  aliases: ["skills"],
  summary: "List, get, make and check skills: knowledge for kinds of work",
  usage: "[list | info | add | update | remove | validate | make]",
  flags: [TRUST, ...FLAGS],
  load: () => import("./verbs/skill/list.ts"),
  inner: async () => SKILL_VERBS,
}
