import { CONFIG_FLAGS, HELP_FLAG, JSON_FLAG } from "./flag-sets.ts"
import type { Flag } from "./flags.ts"
import type { Verb } from "./verb.ts"

const FLAGS: readonly Flag[] = [JSON_FLAG, HELP_FLAG, ...CONFIG_FLAGS]
const YES: Flag = { name: "yes", short: "y", kind: "boolean", summary: "Do it without asking" }
const UNSIGNED: Flag = { name: "unsigned", kind: "boolean", summary: "Although nobody that you trust signed it" }
const DOWNGRADE: Flag = { name: "downgrade", kind: "boolean", summary: "Although a newer one was here" }
const KEY: Flag = { name: "key", kind: "string", value: "file", summary: "Your private key" }
const OUT: Flag = { name: "out", short: "o", kind: "string", value: "file", summary: "Where it is written" }

const KEYS_VERBS: readonly Verb[] = [
  {
    name: "list",
    aliases: ["ls"],
    summary: "List the keys whose signatures you trust",
    usage: "",
    flags: FLAGS,
    load: () => import("./verbs/plugin/keys.ts"),
  },
  {
    name: "add",
    summary: "Trust what a key signs: a file in PEM, or 32 bytes in base64",
    usage: "<file | key>",
    flags: [{ name: "name", kind: "string", value: "name", summary: "What you call whose key it is" }, YES, ...FLAGS],
    load: async () => ({ run: (await import("./verbs/plugin/keys.ts")).add }),
  },
  {
    name: "remove",
    aliases: ["rm"],
    summary: "Trust a key no more; what it signed and you agreed to stays",
    usage: "<name | id>",
    flags: FLAGS,
    load: async () => ({ run: (await import("./verbs/plugin/keys.ts")).remove }),
  },
]

const MARKET_VERBS: readonly Verb[] = [
  {
    name: "list",
    aliases: ["ls"],
    summary: "List the marketplaces that you added",
    usage: "",
    flags: FLAGS,
    load: () => import("./verbs/plugin/market.ts"),
  },
  {
    name: "add",
    summary: "Add one: a folder, owner/repo, an address of its list, a repository",
    usage: "<source>",
    flags: FLAGS,
    load: async () => ({ run: (await import("./verbs/plugin/market.ts")).add }),
  },
  {
    name: "update",
    aliases: ["upgrade"],
    summary: "Get the lists of all, or of one, anew",
    usage: "[name]",
    flags: FLAGS,
    load: async () => ({ run: (await import("./verbs/plugin/market.ts")).update }),
  },
  {
    name: "remove",
    aliases: ["rm"],
    summary: "Forget one; what was installed from it stays",
    usage: "<name>",
    flags: FLAGS,
    load: async () => ({ run: (await import("./verbs/plugin/market.ts")).remove }),
  },
  {
    name: "sign",
    summary: "Sign the list of a marketplace: skein-index.json",
    usage: "<file>",
    flags: [KEY, HELP_FLAG],
    load: async () => ({ run: (await import("./verbs/plugin/sign.ts")).index }),
  },
]

/** What `skein plugin` can do. */
const PLUGIN_VERBS: readonly Verb[] = [
  {
    name: "list",
    aliases: ["ls"],
    summary: "List the plugins of this machine and whether they are on",
    usage: "",
    flags: FLAGS,
    load: () => import("./verbs/plugin/list.ts"),
  },
  {
    name: "inventory",
    summary: "The same with all that each brings, and what is wrong with its manifest",
    usage: "",
    flags: FLAGS,
    load: async () => ({ run: (await import("./verbs/plugin/list.ts")).inventory }),
  },
  {
    name: "info",
    aliases: ["show"],
    summary: "Tell all of one plugin",
    usage: "<name>",
    flags: FLAGS,
    load: async () => ({ run: (await import("./verbs/plugin/list.ts")).info }),
  },
  {
    name: "install",
    aliases: ["add"],
    summary:
      "Get a plugin, see what it brings, and agree: folder, archive, https, owner/repo, git+, npm:, name@marketplace",
    usage: "<source>",
    flags: [UNSIGNED, DOWNGRADE, YES, ...FLAGS],
    load: () => import("./verbs/plugin/install.ts"),
  },
  {
    name: "update",
    aliases: ["upgrade"],
    summary: "Get a newer state of one plugin, or of all, and agree to it",
    usage: "[name]",
    flags: [UNSIGNED, DOWNGRADE, YES, ...FLAGS],
    load: async () => ({ run: (await import("./verbs/plugin/install.ts")).update }),
  },
  {
    name: "remove",
    aliases: ["rm", "uninstall"],
    summary: "Take a plugin away",
    usage: "<name>",
    flags: [YES, ...FLAGS],
    load: () => import("./verbs/plugin/change.ts"),
  },
  {
    name: "enable",
    summary: "Turn an installed plugin on",
    usage: "<name>",
    flags: FLAGS,
    load: async () => ({ run: (await import("./verbs/plugin/change.ts")).enable }),
  },
  {
    name: "disable",
    summary: "Turn an installed plugin off",
    usage: "<name>",
    flags: FLAGS,
    load: async () => ({ run: (await import("./verbs/plugin/change.ts")).disable }),
  },
  {
    name: "validate",
    aliases: ["verify"],
    summary: "Say what is wrong with a plugin's folder or archive, and who signed it; exit 1 when it cannot be loaded",
    usage: "<folder | archive>",
    flags: FLAGS,
    load: () => import("./verbs/plugin/validate.ts"),
  },
  {
    name: "keygen",
    summary: "Make a pair of keys for signing plugins",
    usage: "",
    flags: [OUT, HELP_FLAG],
    load: async () => ({ run: (await import("./verbs/plugin/sign.ts")).keygen }),
  },
  {
    name: "sign",
    summary: "Write skein-plugin.json, which holds a plugin to its bytes, signed",
    usage: "<folder>",
    flags: [KEY, ...FLAGS],
    load: () => import("./verbs/plugin/sign.ts"),
  },
  {
    name: "pack",
    summary: "Make an archive of a plugin, the same bytes for the same files",
    usage: "<folder>",
    flags: [OUT, HELP_FLAG],
    load: async () => ({ run: (await import("./verbs/plugin/sign.ts")).pack }),
  },
  {
    name: "keys",
    summary: "The keys whose signatures you trust",
    usage: "list | add | remove",
    flags: FLAGS,
    load: () => import("./verbs/plugin/keys.ts"),
    inner: async () => KEYS_VERBS,
  },
  {
    name: "marketplace",
    aliases: ["market"],
    summary: "Lists of plugins that somebody offers",
    usage: "list | add | update | remove | sign",
    flags: FLAGS,
    load: () => import("./verbs/plugin/market.ts"),
    inner: async () => MARKET_VERBS,
  },
  {
    name: "search",
    summary: "Find plugins in your marketplaces",
    usage: "[words] [@marketplace]",
    flags: FLAGS,
    load: async () => ({ run: (await import("./verbs/plugin/market.ts")).search }),
  },
  {
    name: "make",
    aliases: ["new"],
    summary: "Make the folder of a new plugin, with an extension in TypeScript when you say so",
    usage: "<name>",
    flags: [{ name: "extension", kind: "boolean", summary: "With a module, its test and its types" }, ...FLAGS],
    load: () => import("./verbs/plugin/make.ts"),
  },
  {
    name: "dev",
    summary: "Load the extensions of a plugin's folder as they are now, confined, and say what they declare",
    usage: "<folder>",
    flags: [
      { name: "watch", short: "w", kind: "boolean", summary: "Again with every change" },
      HELP_FLAG,
      ...CONFIG_FLAGS,
    ],
    load: () => import("./verbs/plugin/dev.ts"),
  },
  {
    name: "runner",
    summary: "Run one extension for another skein, which confines it and speaks to it over stdin and stdout",
    usage: "<plan>",
    flags: [HELP_FLAG],
    load: () => import("./verbs/plugin/runner.ts"),
  },
]

export const PLUGIN_VERB: Verb = {
  name: "plugin",
  aliases: ["plugins"],
  summary: "Install, check and sign plugins: skills, commands, agents, hooks and servers in one package",
  usage: "[list | install | search | …]",
  flags: FLAGS,
  load: () => import("./verbs/plugin/list.ts"),
  inner: async () => PLUGIN_VERBS,
}
