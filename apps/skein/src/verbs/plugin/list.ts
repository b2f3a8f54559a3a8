import { jsonPage } from "@skein/protocol"
import { table } from "../../tell/table.ts"
import { oneLine } from "../../tell/visible.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"
import { broughtLines, countsText, oneWord, problemLines, type Row, withPlugins } from "./told.ts"

/** `skein plugin list`: a line for each, with what is wrong with it below all. */
export const run: Run = (call) =>
  withPlugins(call, async (plugins, { flags, words, io }) => {
    if (words.length > 0)
      throw new UsageError(
        `There is no skein plugin ${JSON.stringify(words[0])}; skein plugin --help lists what there is.`,
      )
    const rows = plugins.inventory()
    if (flags.has("json")) {
      io.out(jsonPage(rows))
      return 0
    }
    if (rows.length === 0) io.out("No plugin is installed. Get one: skein plugin install <source>")
    const columns = [
      { head: "name" },
      { head: "version" },
      { head: "state" },
      { head: "from" },
      { head: "brings", isFlexible: true },
    ]
    const cells = rows.map((row) => [row.name, row.version, row.state, fromText(row), countsText(row.brings)])
    if (rows.length > 0) for (const line of table(columns, cells, await io.columns())) io.out(line)
    for (const row of rows) if (row.state === "changed" || row.state === "broken") io.err(`warning ${troubleText(row)}`)
    return 0
  })

/** `skein plugin inventory`: all of every plugin, whoever installed it. */
export const inventory: Run = (call) =>
  withPlugins(call, async (plugins, { flags, io }) => {
    const rows = plugins.inventory()
    if (flags.has("json")) io.out(jsonPage(rows))
    else for (const row of rows) for (const line of [...linesOf(row), ""]) io.out(line)
    if (!flags.has("json") && rows.length === 0) io.out("No plugin is installed.")
    return 0
  })

export const info: Run = (call) =>
  withPlugins(call, async (plugins, own) => {
    const name = oneWord(own, "plugin")
    const found = plugins.inventory().filter((row) => row.name === name)
    if (found.length === 0) {
      own.io.err(`skein: there is no plugin ${oneLine(name)}; see skein plugin list`)
      return 1
    }
    if (own.flags.has("json")) own.io.out(jsonPage(found.length === 1 ? found[0] : found))
    else for (const row of found) for (const line of linesOf(row)) own.io.out(line)
    return 0
  })

function linesOf(row: Row): readonly string[] {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["is", row.description],
    ["state", row.state],
    ["from", fromText(row)],
    ["signed", row.signedBy],
    ["folder", row.root],
  ]
  return [
    oneLine(`${row.name} ${row.version ?? ""}`),
    ...facts.flatMap(([key, value]) => (value === undefined ? [] : [`  ${key.padEnd(9)}  ${oneLine(value)}`])),
    ...broughtLines(row.brings),
    ...problemLines(row.problems).map((line) => `  ${line}`),
  ]
}

function fromText({ by, source }: Row): string {
  return by === "skein" ? source : `${source} (${by})`
}

function troubleText({ name, state, source, problems, root }: Row): string {
  const error = problems.find(({ isError }) => isError)
  return oneLine(
    state === "changed"
      ? `${name} is off: its files in ${root} are not those that you agreed to. Get it anew: skein plugin install ${source}`
      : `${name} cannot be loaded: ${[error?.file, error?.place, error?.why].filter(Boolean).join(": ")}`,
  )
}
