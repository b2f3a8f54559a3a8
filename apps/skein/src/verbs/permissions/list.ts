import type { Rule } from "@skein/protocol"
import { jsonPage } from "@skein/protocol"
import { withHost } from "../../session/host.ts"
import { table } from "../../tell/table.ts"
import type { Run } from "../../verb.ts"

/** `skein permissions list`: every rule that holds here, strongest scope first, with its number. */
export const run: Run = (call) =>
  withHost(call, async ({ host }) => {
    const { flags, io } = call
    const { permissions } = host
    const rules = permissions.list()
    for (const warning of host.warnings) io.err(`note    ${warning}`)
    if (flags.has("json")) {
      io.out(jsonPage(rules))
      return 0
    }
    const { mode, sandbox } = host.settings
    io.out(`mode ${mode}, sandbox ${sandbox}`)
    if (rules.length === 0) {
      io.err("note    There are no rules. skein permissions add allow <what> adds one.")
      return 0
    }
    const rows = rules.map((rule, at) => [
      String(at + 1),
      rule.decision,
      permissions.say(rule),
      rule.scope,
      endOf(rule, io.now()),
      rule.id?.slice(0, ID_CHARS),
      placeOf(rule, permissions.file, io.env.HOME),
    ])
    for (const line of table(COLUMNS, rows, await io.columns())) io.out(line)
    return 0
  })

/** Enough of an id to name a rule by. */
export const ID_CHARS = "rul_".length + 13

const COLUMNS = [
  { head: "", isRight: true },
  { head: "says" },
  { head: "to", isFlexible: true },
  { head: "scope" },
  { head: "ends" },
  { head: "id" },
  { head: "from" },
]

/** Of rules that `permissions add` keeps, nothing more need be said. */
function placeOf({ source, scope }: Rule, kept: string, home: string | undefined): string | undefined {
  if (source === kept) return "kept"
  if (source === undefined) return scope === "session" ? "this run" : undefined
  return home !== undefined && source.startsWith(`${home}/`) ? `~${source.slice(home.length)}` : source
}

function endOf({ expiresAt }: Rule, now: number): string {
  if (expiresAt === undefined) return ""
  const minutes = Math.ceil((expiresAt - now) / 60_000)
  if (minutes < 120) return `in ${minutes} min`
  return minutes < 48 * 60 ? `in ${Math.round(minutes / 60)} h` : `in ${Math.round(minutes / 1440)} d`
}
