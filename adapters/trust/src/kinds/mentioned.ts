import { isTree, parsedJson, parsedToml, textsAt } from "./tree.ts"

/** A word that may name a file of the folder, which is run as if it stood in the settings. */
export interface Named {
  readonly word: string
  readonly kind: "hook" | "mcp"
}

/**
 * Words of the commands of a settings file's hooks and servers that may name a file of the folder: what a person trusts when
 * they say yes to one is also what its script says. Of a server only programs count: what else it is given, such as a
 * database, it may change itself.
 */
export function namedWords(text: string, format: "json" | "toml"): readonly Named[] {
  const settings = format === "json" ? parsedJson(text) : parsedToml(text)
  if (settings === undefined) return []
  const servers = SERVERS.flatMap((key) => wordsIn(settings[key])).filter((word) => PROGRAM.test(word))
  return [
    ...wordsIn(settings.hooks).map((word) => ({ word, kind: "hook" as const })),
    ...servers.map((word) => ({ word, kind: "mcp" as const })),
  ].slice(0, WORDS_MAX)
}

/** Where the programs whose files are read keep their servers. */
const SERVERS = ["mcpServers", "mcp_servers", "servers", "mcp"]
const PROGRAM = /\.([cm]?[jt]sx?|pyz?|sh|bash|zsh|fish|rb|pl|php|lua|jar|exe|ps1|wasm)$|(^|\/)[^./]+$/i

function wordsIn(settings: unknown): readonly string[] {
  if (!isTree(settings)) return []
  const words = textsAt(settings, COMMANDS).flatMap((line) => line.split(BETWEEN_WORDS))
  const paths = words.map((word) => word.replace(PROJECT, "").replace(/^(\.\/|\/(?=\.))+/, ""))
  return [...new Set(paths)].filter((path) => path !== "" && !path.startsWith("-"))
}

const COMMANDS = new Set(["command", "args"])
const BETWEEN_WORDS = /[\s"'`;|&()<>=,]+/
/** As a hook or a server is told where the folder is. */
const PROJECT =
  /^\$(?:\{workspaceFolder\}|\{(?:CLAUDE|SKEIN)_PROJECT_DIR(?::-[^}]*)?\}|(?:CLAUDE|SKEIN)_PROJECT_DIR|PWD|\{PWD\})\/?/
const WORDS_MAX = 200
