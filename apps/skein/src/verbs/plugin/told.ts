import type { PersonalPlugins } from "@skein/host"
import { withHost } from "../../session/host.ts"
import { oneLine } from "../../tell/visible.ts"
import { UsageError } from "../../usage.ts"
import type { VerbCall } from "../../verb.ts"

export type Row = ReturnType<PersonalPlugins["inventory"]>[number]
export type Brought = Row["brings"][number]

/** Runs a verb with the person's plugins. */
export function withPlugins(
  call: VerbCall,
  use: (plugins: PersonalPlugins, call: VerbCall) => Promise<number>,
): Promise<number> {
  return withHost(call, async ({ call: own, host }) => await use(await host.plugins(), own))
}

/** The one word that a verb takes. */
export function oneWord({ words }: VerbCall, what: string): string {
  const [word, ...more] = words
  if (word === undefined || more.length > 0) throw new UsageError(`Name one ${what}.`)
  return word
}

const WORDS: Readonly<Record<Brought["kind"], string>> = {
  skill: "skill",
  command: "command",
  agent: "agent",
  output_style: "style",
  hook: "hook",
  mcp_server: "server",
  extension: "extension",
  capability: "may",
}

/** Each thing that a plugin brings on a line of its own, nothing left out and nothing cut in the middle of it. */
export function broughtLines(brings: readonly Brought[]): readonly string[] {
  if (brings.length === 0) return ["  nothing that skein knows"]
  return brings.map(({ kind, name, does }) => {
    const runs = does === undefined ? "" : `  ${oneLine(does)}`
    return `  ${WORDS[kind].padEnd(9)}  ${oneLine(name)}${runs}`
  })
}

/** `12 skills, 1 hook`. */
export function countsText(brings: readonly Brought[]): string {
  const counts = new Map<string, number>()
  for (const { kind } of brings) if (kind !== "capability") counts.set(WORDS[kind], (counts.get(WORDS[kind]) ?? 0) + 1)
  return [...counts].map(([word, count]) => `${count} ${word}${count === 1 ? "" : "s"}`).join(", ")
}

export function problemLines(problems: Row["problems"]): readonly string[] {
  return problems.map(({ file, place, why, isError }) => {
    const where = [file, place].filter((word) => word !== "").join(": ")
    return `${isError ? "error  " : "warning"} ${oneLine(where === "" ? why : `${where}: ${why}`)}`
  })
}

export function sizeText(bytes: number): string {
  return bytes < 100_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
