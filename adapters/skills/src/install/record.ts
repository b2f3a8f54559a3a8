import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { SkeinError } from "@skein/protocol"
import * as z from "@skein/protocol/schema"

/** Where an installed skill came from, and what it was then. */
export interface InstalledSkill {
  /** Absolute. */
  readonly folder: string
  readonly source: string
  /** Its folder in the source; empty where it is all of it. */
  readonly from: string
  /** See `OfferedSkill.sha256`. */
  readonly sha256: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** A file for each skill, so that two that install at the same time take nothing from each other. */
export interface InstalledRecord {
  of(folder: string): InstalledSkill | undefined
  all(): readonly InstalledSkill[]
  put(skill: InstalledSkill): void
  drop(folder: string): void
}

const Row = () =>
  z.object({ folder: z.string(), source: z.string(), from: z.string(), sha256: z.string(), at: z.number() })

/** The record in a folder of the person's data. Throws SkeinError `config.invalid` where a file of it cannot be read. */
export function installedRecord(dir: string): InstalledRecord {
  const fileOf = (folder: string) => join(dir, `${Bun.CryptoHasher.hash("sha256", folder, "hex").slice(0, 32)}.json`)
  return {
    of: (folder) => (existsSync(fileOf(folder)) ? readRow(fileOf(folder)) : undefined),
    all() {
      if (!existsSync(dir)) return []
      const names = readdirSync(dir).filter((name) => /^[0-9a-f]{32}\.json$/.test(name))
      return names.map((name) => readRow(join(dir, name))).toSorted((a, b) => (a.folder < b.folder ? -1 : 1))
    },
    put(skill) {
      mkdirSync(dir, { recursive: true, mode: 0o700 })
      const file = fileOf(skill.folder)
      writeFileSync(`${file}.new`, `${JSON.stringify(skill)}\n`, { mode: 0o600 })
      renameSync(`${file}.new`, file)
    },
    drop: (folder) => rmSync(fileOf(folder), { force: true }),
  }
}

function readRow(file: string): InstalledSkill {
  try {
    return Row().parse(JSON.parse(readFileSync(file, "utf8")))
  } catch (cause) {
    const text = `Cannot read ${file}, the record of an installed skill. Take it away to go on without it.`
    throw new SkeinError("config.invalid", text, { cause })
  }
}
