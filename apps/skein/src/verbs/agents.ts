import type { Host } from "@skein/host"
import { jsonPage } from "@skein/protocol"
import { withHost } from "../session/host.ts"
import { table } from "../tell/table.ts"
import { oneLine, visible } from "../tell/visible.ts"
import { UsageError } from "../usage.ts"
import type { Run, VerbCall } from "../verb.ts"

type Row = Awaited<ReturnType<Host["agents"]["read"]>>["agents"][number]

/** `skein agents list`: who work can be handed to here. What is wrong with a file is told with its line. */
export const run: Run = (call) =>
  withHost(call, async ({ call: { flags, words, io }, host, cwd }) => {
    if (words.length > 0) throw new UsageError(`agents takes list, show or make, not ${JSON.stringify(words[0])}.`)
    const { agents, warnings } = await host.agents.read(cwd)
    if (flags.has("json")) {
      io.out(jsonPage({ agents, warnings }))
      return 0
    }
    const rows = agents.map((row) => [row.name, ORIGINS[row.origin], asksOf(row), row.mode, row.summary])
    const columns = [
      { head: "name" },
      { head: "from" },
      { head: "model" },
      { head: "mode" },
      { head: "for", isFlexible: true },
    ]
    for (const line of table(columns, rows, await io.columns())) io.out(line)
    told(warnings, io)
    return 0
  })

/** `skein agents show <name>`. */
export const show: Run = (call) =>
  withHost(call, async ({ call: { flags, words, io }, host, cwd }) => {
    const [name, ...more] = words
    if (name === undefined || more.length > 0) throw new UsageError("Name one agent. skein agents list names all.")
    const { agents, warnings } = await host.agents.read(cwd)
    const row = agents.find((one) => one.name === name)
    if (row === undefined) {
      told(warnings, io)
      io.err(`skein: there is no agent ${oneLine(name)}; there are ${agents.map((one) => one.name).join(", ")}`)
      return 1
    }
    if (flags.has("json")) io.out(jsonPage(row))
    else for (const line of linesOf(row)) io.out(line)
    return 0
  })

const ORIGINS = { built_in: "skein", person: "you", project: "project" } as const

function linesOf(row: Row): readonly string[] {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["for", row.summary],
    ["from", row.path ?? ORIGINS[row.origin]],
    ["model", asksOf(row) ?? "its parent's"],
    ["mode", row.mode ?? "its parent's"],
    ["tools", row.tools?.join(", ") ?? "its parent's"],
    ["without", row.toolsDenied?.length ? row.toolsDenied.join(", ") : undefined],
    ["steps", row.stepsMax === undefined ? undefined : `at most ${row.stepsMax}`],
    ["time", row.timeoutMs === undefined ? undefined : `at most ${row.timeoutMs / 60_000} min`],
    ["works", row.isIsolated === true ? "in a worktree of its own" : undefined],
  ]
  const shown = facts.flatMap(([key, value]) => (value === undefined ? [] : [`${key.padEnd(8)}${oneLine(value)}`]))
  return [oneLine(row.name), ...shown, "", ...visible(row.instructions ?? "").split("\n")]
}

function asksOf({ asks }: Row): string | undefined {
  if (asks === undefined) return undefined
  return asks.kind === "model" ? asks.name : asks.kind === "tier" ? `tier ${asks.tier}` : `tasks.${asks.task}`
}

function told(warnings: readonly string[], io: VerbCall["io"]): void {
  for (const warning of warnings) io.err(`warning ${oneLine(warning)}`)
}
