import { COMMANDS_TO_COME } from "@skein/protocol"

/**
 * Words that people try and no command of the engine is: what this version does not have, and what only a screen can do.
 * Told in one sentence each, and listed in no completion.
 */
const NOT_YET: Readonly<Record<(typeof COMMANDS_TO_COME)[number], string>> = {
  skills: "skills",
  mcp: "MCP servers",
  go: "way to work towards a goal by itself",
  autochat: "conversations between agents",
  swarm: "swarm of agents",
  ralph: "way to work through a list of stories by itself",
  rlm: "recursive model calls",
  bus: "bus between agents",
  lsp: "language servers",
  symbols: "language servers to know symbols from",
  spawn: "sub-agents",
  kill: "sub-agents",
  agents: "sub-agents",
}

const SCREENS: readonly string[] = ["copy", "keys", "quit", "theme", "file", "image"]

/** What is said of such a word; undefined for any other. */
export function elsewhereText(name: string): string | undefined {
  const wanted = name.toLowerCase()
  const toCome = COMMANDS_TO_COME.find((one) => one === wanted)
  if (toCome !== undefined)
    return `/${toCome} is not available in this version of skein: it has no ${NOT_YET[toCome]} yet.`
  if (SCREENS.includes(wanted)) return `/${wanted} is done by the terminal screen, and this is not one.`
  return undefined
}

/** For help, within its width. */
export function notYetLines(): readonly string[] {
  const lines: string[] = []
  let line = "Not yet:"
  for (const name of Object.keys(NOT_YET)) {
    if (line.length + name.length + 2 > COLUMNS_MAX) {
      lines.push(line)
      line = "        "
    }
    line += ` /${name}`
  }
  return [...lines, line]
}

const COLUMNS_MAX = 78
