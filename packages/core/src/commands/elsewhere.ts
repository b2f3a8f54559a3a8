/**
 * Words that people try and no command of the engine is: what this version does not have, and what only a screen can do.
 * Told in one sentence each, and listed in no completion.
 */
const NOT_YET: Readonly<Record<string, string>> = {
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
  if (Object.hasOwn(NOT_YET, wanted))
    return `/${wanted} is not available in this version of skein: it has no ${NOT_YET[wanted]} yet.`
  if (SCREENS.includes(wanted)) return `/${wanted} is done by the terminal screen, and this is not one.`
  return undefined
}

/** For help: rows that no terminal is too narrow for. */
export function notYetLines(): readonly string[] {
  const rows: string[] = []
  let row = "Not yet:"
  for (const name of Object.keys(NOT_YET)) {
    const longer = `${row} /${name}`
    if (longer.length > COLUMNS_MAX) rows.push(row)
    row = longer.length > COLUMNS_MAX ? `  /${name}` : longer
  }
  return [...rows, row]
}

const COLUMNS_MAX = 76
