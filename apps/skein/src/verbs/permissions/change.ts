import type { Permissions } from "@skein/host"
import type { Rule } from "@skein/protocol"
import { jsonPage } from "@skein/protocol"
import { given } from "@skein/protocol/json"
import type { Flags } from "../../flags.ts"
import { withHost } from "../../session/host.ts"
import { path } from "../../session/request.ts"
import { spanMs } from "../../tell/since.ts"
import { oneLine } from "../../tell/visible.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"

/** `skein permissions add allow|ask|deny <what>`. */
export const add: Run = (call) =>
  withHost(call, async ({ host: { permissions } }) => {
    const { flags, io, words, rest } = call
    const scope = flags.text("scope") === "project" ? "project" : "user"
    const more = {
      ...given("expiresAt", endOf(flags.text("expires"), io.now())),
      ...given("reason", flags.text("reason")),
      ...given("agent", flags.text("agent")),
    }
    const kept: Rule[] = []
    for (const rule of proposed([...words, ...rest], scope, permissions)) {
      kept.push(await permissions.keep({ ...rule, ...more }))
    }
    tell(flags, io, kept, permissions, "Added")
    return 0
  })

/** `skein permissions remove <id | number> …`. */
export const remove: Run = (call) =>
  withHost(call, async ({ host: { permissions } }) => {
    const { flags, io, words } = call
    if (words.length === 0)
      throw new UsageError("Name rules by their id, or by their number in skein permissions list.")
    const all = permissions.list()
    const chosen = words.map((word) => named(word, all, permissions))
    const dropped: Rule[] = []
    for (const { id } of chosen) if (id !== undefined) dropped.push(await permissions.drop(id))
    tell(flags, io, dropped, permissions, "Removed")
    return 0
  })

/** `skein permissions import <file>`. */
export const importRules: Run = (call) =>
  withHost(call, async ({ host: { permissions } }) => {
    const { flags, io, words } = call
    const [file] = words
    if (file === undefined || words.length > 1) throw new UsageError("Name one file to take rules from.")
    const { rules, warnings } = permissions.readFile(path(file, io.cwd))
    for (const warning of warnings) io.err(`note    ${warning}`)
    const kept: Rule[] = []
    for (const { id: _, source: __, ...rule } of rules) {
      kept.push(flags.has("dry-run") ? rule : await permissions.keep({ ...rule, scope: "user" }))
    }
    tell(flags, io, kept, permissions, flags.has("dry-run") ? "Would add" : "Added")
    return 0
  })

/** The rules that words on the command line mean. */
export function proposed(words: readonly string[], scope: Rule["scope"], permissions: Permissions): readonly Rule[] {
  const [verb = "", ...what] = words
  const text = what.join(" ")
  if (text === "") throw new UsageError("Say allow, ask or deny, and then what: skein permissions add allow npm test")
  switch (verb) {
    case "allow":
    case "ask":
    case "deny":
      return permissions.read(text, { decision: verb, scope })
    case "block":
      return permissions.read(/\*$|\(/.test(text) ? text : `${text} *`, { decision: "deny", scope })
    case "guard":
      return permissions.read(text.startsWith("/") || text.startsWith("~") ? text : `./${text}`, {
        decision: "ask",
        scope,
      })
    default:
      throw new UsageError(`A rule says allow, ask or deny, not ${JSON.stringify(verb)}.`)
  }
}

function endOf(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined
  const span = spanMs(text)
  const at = span === undefined ? new Date(text).getTime() : now + span
  if (/^\d/.test(text) && Number.isFinite(at) && at > now) return at
  throw new UsageError(
    `--expires takes a span as 30m, 2h, 7d or 2w, or a time still to come, not ${JSON.stringify(text)}.`,
  )
}

function named(word: string, all: readonly Rule[], permissions: Permissions): Rule {
  const at = /^\d{1,6}$/.test(word) ? all[Number(word) - 1] : undefined
  const found = at === undefined ? all.filter(({ id }) => id?.startsWith(word) === true && word.length > 4) : [at]
  const [rule] = found
  if (rule === undefined)
    throw new UsageError(`There is no rule ${JSON.stringify(word)}. skein permissions list shows those there are.`)
  if (found.length > 1) throw new UsageError(`${found.length} rules begin with ${word}: give more of the id.`)
  if (rule.id !== undefined && rule.source === permissions.file) return rule
  const place =
    rule.scope === "managed"
      ? `the administrator's, in ${rule.source}, and stays`
      : `of ${rule.source ?? "this run"}: change it there`
  throw new UsageError(`The rule ${permissions.say(rule)} is ${place}.`)
}

function tell(
  flags: Flags,
  io: Parameters<Run>[0]["io"],
  rules: readonly Rule[],
  permissions: Permissions,
  did: string,
): void {
  if (flags.has("json")) io.out(jsonPage(rules))
  else
    for (const rule of rules)
      io.out(
        oneLine(
          `${did}: ${rule.decision} ${permissions.say(rule)}, ${rule.scope}${rule.id === undefined ? "" : ` (${rule.id})`}`,
        ),
      )
}
