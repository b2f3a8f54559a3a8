import { basename } from "node:path"
import type { Host, InstalledSkill, OfferedSkill } from "@skein/host"
import { jsonPage, SkeinError } from "@skein/protocol"
import { confirmed } from "../../session/confirm.ts"
import { withHost } from "../../session/host.ts"
import { oneLine } from "../../tell/visible.ts"
import type { Run } from "../../verb.ts"

type Installer = Awaited<ReturnType<Host["skills"]["installer"]>>

const READING_MS = 500

/** `skein skill update [name …]`: what is new is told and asked about; what the person changed is never written over. */
export const run: Run = (call) =>
  withHost(call, async ({ call: { flags, words, io }, host, cwd }) => {
    const installer = await host.skills.installer()
    const done: { readonly name: string; readonly outcome: string }[] = []
    let hasFailed = false
    for (const skill of chosenOf(installer.installed(), words)) {
      const name = basename(skill.folder)
      const tell = (outcome: string) => {
        done.push({ name, outcome })
        if (!flags.has("json")) io.out(`${oneLine(name)}: ${outcome}`)
      }
      const found = await newOf(skill, installer, cwd)
      if (typeof found === "string") {
        hasFailed = true
        tell(found)
      } else if (found.sha256 === skill.sha256) tell("as it was")
      else if (!installer.isUntouched(skill)) {
        hasFailed = true
        tell(`not updated: you changed it. Take it away to get it anew: skein skill remove ${name}`)
      } else if (
        flags.has("yes") ||
        (await confirmed(io, `${name}: ${differenceOf(skill, found)}. Update it?`, READING_MS))
      ) {
        await installer.replace(found, skill)
        tell(`updated, sha256 ${found.sha256.slice(0, 12)}`)
      } else tell("left as it is")
    }
    if (flags.has("json")) io.out(jsonPage(done))
    else if (done.length === 0) io.err("note    No skill was installed by skein skill add.")
    return hasFailed ? 1 : 0
  })

function chosenOf(all: readonly InstalledSkill[], names: readonly string[]): readonly InstalledSkill[] {
  const missing = names.find((name) => !all.some(({ folder }) => basename(folder) === name))
  if (missing === undefined)
    return names.length === 0 ? all : all.filter(({ folder }) => names.includes(basename(folder)))
  throw new SkeinError("skill.not_found", `No skill ${oneLine(missing)} was installed by skein skill add.`)
}

/** The skill as its source has it now; a sentence where it has it no more. */
async function newOf(skill: InstalledSkill, installer: Installer, cwd: string): Promise<OfferedSkill | string> {
  try {
    const { skills } = await installer.look(skill.source, cwd)
    return skills.find(({ from }) => from === skill.from) ?? `not updated: ${skill.source} has it no more`
  } catch (error) {
    if (error instanceof SkeinError) return `not updated: ${error.message}`
    throw error
  }
}

function differenceOf(before: InstalledSkill, now: OfferedSkill): string {
  const programs = now.programs.length === 0 ? "no programs" : `programs ${now.programs.slice(0, 5).join(", ")}`
  return `it is another one now (sha256 ${before.sha256.slice(0, 12)} before, ${now.sha256.slice(0, 12)} now; ${programs})`
}
