import { join } from "node:path"
import { jsonPage, SkeinError } from "@skein/protocol"
import { confirmed } from "../../session/confirm.ts"
import { withHost } from "../../session/host.ts"
import { oneLine } from "../../tell/visible.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"

/** `skein skill remove <name>`: the nearest of that name, with all its files. */
export const run: Run = (call) =>
  withHost(call, async ({ call: { flags, words, io }, host, cwd }) => {
    const [name, ...more] = words
    if (name === undefined || more.length > 0) throw new UsageError("Name one skill. skein skill list names all.")
    const all = await host.skills.all({ cwd })
    const row =
      all.find(({ skill }) => skill.name === name) ?? all.find(({ file }) => file.endsWith(join("/", name, "SKILL.md")))
    if (row === undefined)
      throw new SkeinError("skill.not_found", `There is no skill ${oneLine(name)}. skein skill list names all.`)
    const { scope, folder } = row.skill
    if (scope === "builtin" || scope === "plugin") {
      const whose = scope === "plugin" ? `the plugin ${row.skill.plugin ?? ""}` : "skein itself"
      throw new SkeinError(
        "op.invalid",
        `The skill ${oneLine(name)} is a part of ${oneLine(whose)}, and goes only with it.`,
      )
    }
    if (!flags.has("yes") && !(await confirmed(io, `Remove ${folder} with all its files?`))) {
      io.err("skein: nothing was removed")
      return 1
    }
    await (await host.skills.installer()).remove(folder)
    if (flags.has("json")) io.out(jsonPage({ removed: folder }))
    else io.out(`Removed ${oneLine(folder)}`)
    return 0
  })
