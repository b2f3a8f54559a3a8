import { existsSync, mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { jsonPage, SkeinError } from "@skein/protocol"
import { withHost } from "../../session/host.ts"
import { hostRequest } from "../../session/request.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"
import { skillsFolder } from "./place.ts"

const DESCRIPTION = "What it does, and when to use it: a model decides by this sentence whether to open it."

/** `skein skill make <name>`: a folder with a SKILL.md that is valid as it is. Nothing is overwritten. */
export const run: Run = (call) =>
  withHost(call, async ({ call: { flags, words, io }, host, cwd }) => {
    const [name, ...more] = words
    if (name === undefined || more.length > 0) throw new UsageError("Give the new skill one name.")
    const text = await host.skills.skeleton(name, flags.text("description") ?? DESCRIPTION)
    const { home } = hostRequest(flags, io)
    const folder = join(skillsFolder(flags.has("project"), { cwd, home }), name)
    if (existsSync(folder)) throw new SkeinError("op.invalid", `${folder} is there already.`)
    mkdirSync(folder, { recursive: true })
    const file = join(folder, "SKILL.md")
    writeFileSync(file, text, { flag: "wx" })
    if (flags.has("json")) io.out(jsonPage({ file }))
    else io.out(file)
    io.err("note    Fill it in; the skill make-skill says how. skein skill validate checks it.")
    if (flags.has("project"))
      io.err("note    It is used in a folder that is trusted with it as it is: skein trust accept")
    return 0
  })
