import type { ListedSkill } from "@skein/host"
import { jsonPage } from "@skein/protocol"
import { withHost } from "../../session/host.ts"
import { table } from "../../tell/table.ts"
import { oneLine, visible } from "../../tell/visible.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"

/** `skein skill list`: all that are found here. What cannot be used is told with why. */
export const run: Run = (call) =>
  withHost(call, async ({ call: { flags, words, io }, host, cwd }) => {
    if (words.length > 0)
      throw new UsageError(`skein skill ${oneLine(words[0] ?? "")}: skein skill --help tells what there is.`)
    const all = await host.skills.all({ cwd })
    const installer = await host.skills.installer()
    if (flags.has("json")) {
      io.out(jsonPage(all.map((row) => asJson(row, installer.of(row.skill.folder)?.source))))
      return 0
    }
    const rows = all.map(({ skill, state }) => [skill.name, placeOf(skill), STATES[state], skill.description])
    const columns = [{ head: "name" }, { head: "from" }, { head: "state" }, { head: "for", isFlexible: true }]
    for (const line of table(columns, rows, await io.columns())) io.out(line)
    for (const { skill, why, state } of all)
      if (why !== undefined && state !== "hidden") io.err(`note    ${oneLine(skill.name)}: ${oneLine(why)}`)
    if (all.some(({ state }) => state === "untrusted"))
      io.err("note    Look at what lies there, and say that you trust it: skein trust accept")
    return 0
  })

const STATES = { ready: "ready", untrusted: "not trusted", hidden: "hidden", broken: "broken" } as const
const SCOPES = { project: "project", user: "you", plugin: "plugin", builtin: "skein" } as const

function placeOf({ scope, plugin }: ListedSkill["skill"]): string {
  return plugin === undefined ? SCOPES[scope] : `plugin ${plugin}`
}

function asJson({ skill, file, state, why }: ListedSkill, source: string | undefined) {
  const { name, description, scope, plugin, toolsAllowed, warnings, isByPersonOnly } = skill
  return { name, description, scope, plugin, file, state, why, toolsAllowed, isByPersonOnly, warnings, source }
}

/** `skein skill info <name>`. */
export const info: Run = (call) =>
  withHost(call, async ({ call: { flags, words, io }, host, cwd }) => {
    const [name, ...more] = words
    if (name === undefined || more.length > 0) throw new UsageError("Name one skill. skein skill list names all.")
    const all = await host.skills.all({ cwd })
    const opened = await host.skills.open(name, { cwd })
    const row = all.find(({ skill, state }) => skill.name === opened.name && state === "ready")
    const installed = (await host.skills.installer()).of(opened.folder)
    if (flags.has("json")) {
      const { forModel: _, forTurn: __, ...told } = opened
      io.out(jsonPage({ ...told, file: row?.file, source: installed?.source }))
      return 0
    }
    const facts: readonly (readonly [string, string | undefined])[] = [
      ["for", opened.description],
      ["from", opened.folder === "" ? "skein itself" : opened.folder],
      ["got", installed?.source],
      [
        "begun",
        opened.isByPersonOnly ? "only by you" : opened.isByModelOnly === true ? "only by the model" : undefined,
      ],
      ["tools", opened.toolsAllowed?.join(" ")],
      ["files", opened.files.length === 0 ? undefined : opened.files.join(", ")],
      ["sha256", opened.sha256],
    ]
    io.out(oneLine(opened.name))
    for (const [key, value] of facts) if (value !== undefined) io.out(`${key.padEnd(8)}${oneLine(value)}`)
    for (const warning of opened.warnings) io.err(`warning ${oneLine(warning)}`)
    io.out("")
    io.out(visible(opened.text))
    return 0
  })
