import type { CommandInfo } from "@skein/protocol"

/** Words that people try and that no command is yet: what this version does not have. */
const NOT_YET: Readonly<Record<string, string>> = {
  go: "way to work towards a goal by itself",
  autochat: "conversations between agents",
  swarm: "swarm of agents",
  ralph: "way to work through a list of stories by itself",
  rlm: "recursive model calls",
  bus: "bus between agents",
}

/** Words for what only a screen can do. */
const SCREENS: readonly string[] = ["copy", "keys", "quit", "theme", "file", "image"]

/** Whether a word is what only a screen can do. */
export function isReserved(name: string): boolean {
  return SCREENS.includes(name)
}

/** The commands that are not there yet, each with why. */
export function commandsToCome(): readonly CommandInfo[] {
  return Object.entries(NOT_YET).map(([name, what]) => ({
    ...{ name, aliases: [], summary: "Not there yet.", usage: "", whileBusy: true },
    blocker: `/${name} is not available in this version of skein: it has no ${what} yet.`,
  }))
}

/** What is said of a word that is no command of the engine; undefined for one that nobody knows. */
export function elsewhereText(name: string): string | undefined {
  const wanted = name.toLowerCase()
  if (SCREENS.includes(wanted)) return `/${wanted} is done by the terminal screen, and this is not one.`
  return commandsToCome().find((command) => command.name === wanted)?.blocker
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
