import type { FoundSkills, OfferedSkill } from "@skein/host"
import { jsonPage, SkeinError } from "@skein/protocol"
import type { Io } from "../../io.ts"
import { confirmed } from "../../session/confirm.ts"
import { withHost } from "../../session/host.ts"
import { hostRequest } from "../../session/request.ts"
import { counted } from "../../tell/amounts.ts"
import { oneLine } from "../../tell/visible.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"
import { skillsFolder } from "./place.ts"

/** A person needs this long to see what is to be put there. */
const READING_MS = 500

/** `skein skill add <source> [skill …]`: what it brings is shown before anything is put anywhere. */
export const run: Run = (call) =>
  withHost(call, async ({ call: { flags, words, io }, host, cwd }) => {
    const [source, ...wanted] = words
    if (source === undefined)
      throw new UsageError("Where from? A folder, an archive, an address, owner/repo or npm:package.")
    const { home } = hostRequest(flags, io)
    const into = skillsFolder(flags.has("project"), { cwd, home })
    const installer = await host.skills.installer()
    const found = await installer.look(source, cwd)
    const chosen = chosenOf(found, wanted)
    if (!flags.has("json")) show(found, chosen, into, io)
    if (
      !flags.has("yes") &&
      !(await confirmed(io, `Put ${counted(chosen.length, "skill")} into ${into}?`, READING_MS))
    ) {
      io.err("skein: nothing was added")
      return 1
    }
    const added = []
    for (const skill of chosen) added.push(await installer.put(skill, found.source, into))
    if (flags.has("json")) io.out(jsonPage(added))
    else for (const { folder } of added) io.out(`Added ${folder}`)
    if (flags.has("project"))
      io.err("note    They are used in a folder that is trusted with them as they are: skein trust accept")
    return 0
  })

function chosenOf({ skills }: FoundSkills, wanted: readonly string[]): readonly OfferedSkill[] {
  const missing = wanted.find((name) => !skills.some(({ facts }) => facts.name === name))
  if (missing !== undefined) {
    const names = skills.map(({ facts }) => facts.name).join(", ")
    throw new SkeinError("skill.not_found", `It brings no skill ${oneLine(missing)}. There are: ${names}.`)
  }
  return wanted.length === 0 ? skills : skills.filter(({ facts }) => wanted.includes(facts.name))
}

const SHOWN_MAX = 20

/** What each skill says of itself, and all of it that could be run. */
function show(found: FoundSkills, chosen: readonly OfferedSkill[], into: string, io: Pick<Io, "out" | "err">): void {
  io.out(`From ${oneLine(found.source)} into ${into}:`)
  for (const { facts, files, programs, sha256 } of chosen) {
    const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0)
    io.out(`  ${oneLine(facts.name)}  ${shortly(oneLine(facts.description))}`)
    io.out(`    ${counted(files.length, "file")}, ${bytes} bytes, sha256 ${sha256.slice(0, 12)}`)
    if (programs.length > 0) io.out(`    programs: ${shownList(programs)}`)
    if (facts.toolsAllowed !== undefined && facts.toolsAllowed.length > 0)
      io.out(`    needs no question for: ${oneLine(facts.toolsAllowed.join(" "))}`)
    for (const warning of facts.warnings) io.err(`warning ${oneLine(facts.name)}: ${oneLine(warning)}`)
  }
  for (const broken of found.broken) io.err(`warning left out, ${oneLine(broken)}`)
  if (found.leftOut.length > 0) io.err(`warning links and what is no file are left out: ${shownList(found.leftOut)}`)
}

/** Descriptions say at length when a model is to open it; `skill info` shows them whole. */
const DESCRIPTION_CHARS_MAX = 160

function shortly(text: string): string {
  return text.length <= DESCRIPTION_CHARS_MAX ? text : `${text.slice(0, DESCRIPTION_CHARS_MAX - 1)}…`
}

function shownList(paths: readonly string[]): string {
  const shown = paths
    .slice(0, SHOWN_MAX)
    .map((path) => oneLine(path))
    .join(", ")
  return paths.length > SHOWN_MAX ? `${shown} and ${paths.length - SHOWN_MAX} more` : shown
}
