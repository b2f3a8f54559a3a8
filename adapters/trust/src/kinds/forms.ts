import { bound, type Item, type ItemKind, quoted } from "../item.ts"
import { gitConfigItems } from "./git-config.ts"
import { type Named, namedWords } from "./mentioned.ts"
import { type SettingsForm, settingItems } from "./settings.ts"
import { isTree, parsedJson } from "./tree.ts"

/** A file that was read, and how it is called from the folder. */
export interface Found {
  readonly name: string
  /** As the most careless file system would compare it, from the folder it is looked for in. */
  readonly folded: string
  readonly bytes: Uint8Array
  readonly isExecutable: boolean
}

/** What kind of file it is, by its folded path, and what of it could make something run. */
export interface Form {
  readonly path: RegExp
  readonly items: (found: Found) => Item[]
  /** Words of it that may name other files of the folder which it makes run. */
  readonly mentions?: (found: Found) => readonly Named[]
}

/** Hidden folders that programs look into. Everything in them is looked at that a form below names. */
export const PROGRAM_FOLDERS: ReadonlySet<string> = new Set([
  ...[
    ".skein",
    ".claude",
    ".codex",
    ".gemini",
    ".qwen",
    ".opencode",
    ".agents",
    ".cursor",
    ".windsurf",
    ".roo",
    ".kiro",
  ],
  ...[".amazonq", ".continue", ".junie", ".codesm", ".pi", ".crush", ".copilot", ".claude-plugin", ".codex-plugin"],
  ...[
    ".vscode",
    ".idea",
    ".run",
    ".zed",
    ".fleet",
    ".devcontainer",
    ".husky",
    ".githooks",
    ".mvn",
    ".cargo",
    ".yarn",
    ".mise",
  ],
])

/** Below those: what is only kept there. */
export const KEPT_FOLDERS: ReadonlySet<string> = new Set([
  "cache",
  "unplugged",
  "node_modules",
  "sessions",
  "worktrees",
  "checkpoints",
])

/** The form of a file by its folded path: the first that fits counts. Most files of a folder have none. */
export function formOf(path: string): Form | undefined {
  return MAY_HAVE_FORM.test(path) ? FORMS.find((form) => form.path.test(path)) : undefined
}

const MAY_HAVE_FORM =
  /^\.|^(mcp-servers|opencode|crush|codesm|package|bunfig|binding|lefthook|mise|sitecustomize|usercustomize)\.|\.code-workspace$/

const FORMS: readonly Form[] = [
  settings(
    /^(\.mcp\.json|mcp-servers\.json|\.(vscode|cursor|roo|amazonq|codesm|claude|skein|pi)\/mcp\.json|\.junie\/mcp\/mcp\.json|\.kiro\/settings\/mcp\.json)$/,
    "json",
    ["$schema", "inputs"],
  ),
  settings(
    /^\.(claude|gemini|qwen|pi|cursor|windsurf|roo|continue|zed)\/(settings|hooks|config|environment|tasks|debug)[^/]*\.json$/,
    "json",
    ["$schema", "theme", "outputStyle", "model", "language", "verbose", "includeCoAuthoredBy", "cleanupPeriodDays"],
  ),
  settings(/^\.(codex|skein|agents)\/(hooks|settings)\.json$/, "json", ["$schema"]),
  settings(/^(\.?opencode|\.opencode\/opencode|\.?crush|codesm|\.crush\/crush)\.jsonc?$/, "json", [
    "$schema",
    "theme",
    "model",
    "small_model",
    "autoupdate",
    "share",
    "keybinds",
  ]),
  settings(/^\.codex\/config\.toml$/, "toml", [
    "model",
    "model_reasoning_effort",
    "model_verbosity",
    "personality",
    "tui",
    "history",
  ]),
  // What narrows is harmless; what would widen is never gone by, and is named when it is tried.
  settings(/^\.skein\/config\.toml$/, "toml", [
    "model",
    "mode",
    "sandbox",
    "effort",
    "limits",
    "rules",
    "instructions",
  ]),
  { path: /^package\.json$/, items: packageItems },
  { path: /^\.vscode\/settings\.json$/, items: editorItems },
  { path: /^\.gitmodules$/, items: ({ name, bytes }) => gitConfigItems(name, textOf(bytes)) },
  {
    path: /^\.env(\..*)?$/,
    items: (found) => (/\.(example|sample|template|dist|defaults|schema)$/.test(found.folded) ? [] : [envItem(found)]),
  },
  whole(/^\.envrc$/, "env", "Is run by the shell of whoever enters the folder with direnv"),
  whole(
    /^\.(npmrc|yarnrc|yarnrc\.yml|lfsconfig)$|^\.?bunfig\.toml$/,
    "package",
    "Says where packages come from and what runs when they are installed",
  ),
  whole(
    /^\.pnpmfile\.[cm]?js$|^binding\.gyp$|^\.yarn\/(plugins|releases|sdks)\//,
    "package",
    "Is run when packages are installed",
  ),
  whole(
    /^\.husky\/|^\.githooks\/|^\.?lefthook(-local)?\.(ya?ml|toml|json)$|^\.pre-commit-(config|hooks)\.ya?ml$|^\.lintstagedrc/,
    "hook",
    "Runs programs when something is committed",
  ),
  whole(
    /^\.vscode\/(tasks|launch)\.json$|^[^/]+\.code-workspace$|^\.idea\/(runconfigurations\/.*|workspace\.xml|tools\/.*|watchertasks\.xml|externaltools\.xml)$|^\.run\/|^\.fleet\//,
    "task",
    "Says what an editor starts, some of it when the folder is opened",
  ),
  whole(/^\.devcontainer(\/.*|\.json)$/, "container", "Says what is built and run for the folder"),
  whole(
    /^\.cargo\/config(\.toml)?$|^\.mvn\/|^\.bazelrc$|^\.?mise(\.[a-z]+)?\.toml$|^\.mise\//,
    "script",
    "Says what a build runs besides the build",
  ),
  whole(
    /^(\.gdbinit|\.lldbinit|\.exrc|\.n?vimrc|\.nvim\.lua|\.dir-locals\.el|\.pryrc|\.irbrc|sitecustomize\.py|usercustomize\.py)$/,
    "script",
    "Is run by a program that is started in the folder",
  ),
  whole(
    /^\.(claude|codex)-plugin\/|^\.agents\/plugins\/|^\.[a-z]+\/(plugins?|extensions)\//,
    "plugin",
    "Is a part of a plugin that an agent loads",
  ),
  whole(/^\.[a-z]+\/hooks\//, "hook", "Is run at a point of a turn"),
  whole(/^\.[a-z]+\/skills\//, "skill", "Is a part of a skill"),
  whole(/^\.[a-z]+\/(agents?|modes)\//, "agent", "Describes an agent, and what it may do"),
  whole(/^\.[a-z]+\/(commands?|prompts|workflows)\//, "command", "Is a command, which may run programs for its text"),
  whole(
    /^\.[a-z]+\/output-styles?\//,
    "setting",
    "Stands with the model's instructions, or in the place of a part of them",
  ),
  whole(/^\.[a-z]+\/(tools|scripts)\//, "script", "Is a script that an agent offers as a tool"),
  whole(/^\.codex\/rules\/|^\.skein\/rules\//, "rule", "Says which commands need no question"),
]

function settings(path: RegExp, format: SettingsForm["format"], harmless: readonly string[]): Form {
  const form: SettingsForm = { format, harmless: new Set(harmless) }
  const mentions = ({ bytes }: Found) => namedWords(textOf(bytes), format)
  return { path, items: ({ name, bytes }) => settingItems(name, textOf(bytes), form), mentions }
}

function whole(path: RegExp, kind: ItemKind, deed: string): Form {
  return {
    path,
    items: ({ name, bytes, isExecutable }) => {
      const size = `${bytes.length} bytes${isExecutable ? ", executable" : ""}`
      return [bound(kind, name, bytes, `${deed} (${size}${starting(bytes)}).`)]
    },
  }
}

/** How a script begins, so that a person sees what it is. */
export function starting(bytes: Uint8Array): string {
  const first = textOf(bytes.subarray(0, 400)).split("\n")[0] ?? ""
  return first.startsWith("#!") ? `, ${quoted(first)}` : ""
}

function envItem({ name, bytes }: Found): Item {
  const names = [...textOf(bytes).matchAll(/^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=/gm)].map(
    ([, variable]) => variable,
  )
  const shown = names.slice(0, 8).join(", ")
  const more = names.length > 8 ? ` and ${names.length - 8} more` : ""
  return bound(
    "env",
    name,
    bytes,
    `Sets variables for programs that read it: ${shown || "none that are known"}${more}.`,
  )
}

/** Scripts that nobody starts by name. */
const UNASKED =
  /^(pre|post)?(install|prepare|prepublish|pack|version)$|^(pre|post)(test|start|build|publish)$|^prepublishonly$|^dependencies$/

const ALSO_RUN = new Set([
  "trusteddependencies",
  "pnpm",
  "husky",
  "lint-staged",
  "simple-git-hooks",
  "pre-commit",
  "gypfile",
])

function packageItems({ name, bytes }: Found): Item[] {
  const text = textOf(bytes)
  const tree = parsedJson(text)
  if (tree === undefined)
    return [bound("package", name, text, "It cannot be read as a package without doubt, so it counts as a whole.")]
  const scripts = isTree(tree.scripts) ? Object.entries(tree.scripts) : []
  return [
    ...scripts
      .filter(([script]) => UNASKED.test(script.toLowerCase()))
      .map(([script, line]) =>
        bound(
          "package",
          `${name}#scripts.${script}`,
          JSON.stringify(line),
          `Runs ${quoted(String(line))} unasked, when packages are installed or another script is run.`,
        ),
      ),
    ...Object.entries(tree)
      .filter(([key]) => ALSO_RUN.has(key.toLowerCase()))
      .map(([key, value]) =>
        bound(
          "package",
          `${name}#${key}`,
          JSON.stringify(value),
          `Says what runs unasked: ${quoted(JSON.stringify(value))}.`,
        ),
      ),
  ]
}

/** Keys of an editor's settings that name a program, what it is given, or where it talks to. */
const EDITOR_KEYS =
  /path|executable|command|args|env|server|interpreter|task|shell|proxy|url|script|binary|program|terminal\.integrated|trust|hook|tool|python\.|mcp|allow|approve/i

function editorItems({ name, bytes }: Found): Item[] {
  const isHarmless = (key: string) => !EDITOR_KEYS.test(key)
  return settingItems(name, textOf(bytes), { format: "json", harmless: isHarmless }).map((item) => ({
    ...item,
    kind: "editor" as const,
  }))
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
