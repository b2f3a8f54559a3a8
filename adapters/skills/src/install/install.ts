import { existsSync, lstatSync, realpathSync } from "node:fs"
import { rename, rm } from "node:fs/promises"
import { basename, dirname, isAbsolute, join, resolve } from "node:path"
import { SkeinError } from "@skein/protocol"
import { place } from "@skein/unpack"
import { readStart } from "../files/read.ts"
import { HEAD_BYTES_MAX, headOf } from "../skills/head.ts"
import { validate } from "../skills/validate.ts"
import { readFolder } from "./folder.ts"
import { type Gathered, gather, type Reaching } from "./gather.ts"
import { contentHash, type OfferedSkill, offeredIn } from "./offered.ts"
import { type InstalledSkill, installedRecord } from "./record.ts"
import { type Source, sourceOf, sourceText } from "./source.ts"

export interface InstallerOptions extends Reaching {
  /** Where the record of what was installed lies; absolute. */
  readonly recordDir: string
  readonly now: () => number
  /** A word that nobody has. */
  readonly token: () => string
}

/** What a source brings, before anything of it is anywhere. */
export interface Found {
  readonly source: string
  readonly skills: readonly OfferedSkill[]
  /** Skills that cannot be read, and links that are not taken; sentence parts. */
  readonly broken: readonly string[]
  readonly leftOut: readonly string[]
}

export interface Installer {
  /** Gets a source and looks at it; writes nothing that stays. `cwd`: where paths start. Throws SkeinError. */
  look(source: string, cwd: string): Promise<Found>
  /** Puts one of them into a folder of skills. Throws SkeinError `op.invalid` where one of its name is. */
  put(skill: OfferedSkill, source: string, folder: string): Promise<InstalledSkill>
  /** Puts it in the place of what is there, all or none. */
  replace(skill: OfferedSkill, before: InstalledSkill): Promise<InstalledSkill>
  /** Takes a skill's folder away, or the link that stands for it. */
  remove(folder: string): Promise<void>
  installed(): readonly InstalledSkill[]
  of(folder: string): InstalledSkill | undefined
  /** Whether what lies there is what was installed. */
  isUntouched(skill: InstalledSkill): boolean
  /** What the reference validator would say of a folder; empty when it is valid. Throws SkeinError where there is none. */
  validate(folder: string): readonly string[]
}

export function installer(options: InstallerOptions): Installer {
  const record = installedRecord(options.recordDir)
  const kept = (skill: OfferedSkill, source: string, folder: string): InstalledSkill => {
    const row = { folder, source, from: skill.from, sha256: skill.sha256, at: options.now() }
    record.put(row)
    return row
  }
  return {
    async look(text, cwd) {
      const source = sourceOf(text, (path) => pathAt(path, cwd))
      const { files, leftOut }: Gathered = await gather(source, options)
      return { ...offeredIn(files, nameOf(source)), source: sourceText(source), leftOut }
    },
    async put(skill, source, into) {
      const folder = join(into, skill.facts.name)
      if (lstatSync(folder, { throwIfNoEntry: false }) !== undefined)
        throw new SkeinError(
          "op.invalid",
          `${folder} is there already. skein skill remove ${skill.facts.name} takes it away.`,
        )
      await place(skill.files, folder, options.token())
      return kept(skill, source, folder)
    },
    async replace(skill, before) {
      const aside = join(dirname(before.folder), `.${basename(before.folder)}.${options.token()}.old`)
      await rename(before.folder, aside)
      try {
        await place(skill.files, before.folder, options.token())
      } catch (error) {
        await rename(aside, before.folder)
        throw error
      }
      await rm(aside, { recursive: true })
      return kept(skill, before.source, before.folder)
    },
    async remove(folder) {
      await rm(folder, { recursive: true })
      record.drop(folder)
    },
    installed: () => record.all().filter(({ folder }) => existsSync(folder)),
    of: (folder) => record.of(folder),
    isUntouched: ({ folder, sha256 }) => contentHash(readFolder(folder).files) === sha256,
    validate: (folder) => validated(folder),
  }
}

function pathAt(path: string, cwd: string): string | undefined {
  const absolute = isAbsolute(path) ? path : resolve(cwd, path)
  return existsSync(absolute) ? realpathSync(absolute) : undefined
}

/** What a skill is called whose folder is the whole source. */
function nameOf(source: Source): string {
  switch (source.kind) {
    case "path":
      return basename(source.path).replace(ENDS, "")
    case "archive":
      return basename(new URL(source.url).pathname).replace(ENDS, "")
    case "npm":
      return basename(source.name)
    case "git":
      return basename(source.path ?? new URL(source.url).pathname).replace(ENDS, "")
  }
}

const ENDS = /\.(zip|skill|tar|tgz|tar\.gz|git)$/i

function validated(folder: string): readonly string[] {
  if (!existsSync(folder)) throw new SkeinError("op.invalid", `There is no folder ${folder}.`)
  if (!lstatSync(realpathSync(folder)).isDirectory()) return [`${folder} is no folder.`]
  const readings = ["SKILL.md", "skill.md"].map((name) => readStart(join(folder, name), HEAD_BYTES_MAX))
  const reading = readings.find((one) => one !== undefined)
  if (reading === undefined) return ["The required file SKILL.md is missing."]
  if (reading.kind === "refused") return [`Its SKILL.md cannot be read: ${reading.reason}.`]
  return validate(headOf(new TextDecoder().decode(reading.start)), basename(realpathSync(folder)))
}
