import { type Dirent, realpathSync } from "node:fs"
import { basename, join } from "node:path"
import { isWithin } from "@skein/protocol"
import { entriesOf } from "../entries.ts"
import { type Reading, readStart } from "../files/read.ts"
import { HEAD_BYTES_MAX, type Head, headOf } from "./head.ts"
import type { SkillPlace } from "./places.ts"

/** A folder with a SKILL.md, as it lies there. */
export interface FoundSkill {
  /** Absolute, with links resolved. */
  readonly folder: string
  /** Absolute, with links resolved. */
  readonly file: string
  readonly folderName: string
  /** The folder by the way it was found: the same, but for links. */
  readonly asFound: string
  readonly head: Head
  readonly place: SkillPlace
}

const DEPTH_MAX = 6
const FOLDERS_MAX = 2000
const SKILLS_MAX = 500
const FILES_MAX = 200
/** A text of more is cut: the rest is read as a file. */
export const TEXT_BYTES_MAX = 256 * 1024
/** What is never a part of a skill. */
const NOT_ENTERED = new Set(["node_modules", ".git", "__pycache__", ".venv"])

/** The skills in a place, by path. A link that leads out of where it may is not followed. */
export function skillsIn(place: SkillPlace): readonly FoundSkill[] {
  const found: FoundSkill[] = []
  const seen = new Set<string>()
  const waiting = [{ folder: place.folder, depth: 0 }]
  for (let next = waiting.shift(); next !== undefined && found.length < SKILLS_MAX; next = waiting.shift()) {
    const real = realFolder(next.folder, place)
    // Links may lead around in circles.
    if (real === undefined || seen.has(real) || seen.size >= FOLDERS_MAX) continue
    seen.add(real)
    const entries = entriesOf(real)
    const file = fileOf(entries)
    // What lies in a skill is its own.
    if (file !== undefined) found.push(...skillAt(real, file, { place, asFound: next.folder }))
    else if (next.depth < DEPTH_MAX)
      for (const entry of entries)
        if (mayHold(entry)) waiting.push({ folder: join(next.folder, entry.name), depth: next.depth + 1 })
  }
  return found
}

/** The skill that a folder is; undefined when it has no SKILL.md that can be looked at. */
export function skillIn(folder: string, place: SkillPlace): FoundSkill | undefined {
  const real = realFolder(folder, place)
  const file = real === undefined ? undefined : fileOf(entriesOf(real))
  return real === undefined || file === undefined ? undefined : skillAt(real, file, { place, asFound: folder })[0]
}

/** Its whole text, up to `TEXT_BYTES_MAX`. */
export function contentOf(file: string): Reading | undefined {
  return readStart(file, TEXT_BYTES_MAX)
}

/** Other files of a skill as paths from its folder, sorted; no links, nothing hidden, a bounded number. */
export function filesOf(folder: string): readonly string[] {
  const files: string[] = []
  const waiting = [{ path: "", depth: 0 }]
  for (let next = waiting.shift(); next !== undefined && files.length < FILES_MAX; next = waiting.shift()) {
    for (const entry of entriesOf(join(folder, next.path))) {
      const path = next.path === "" ? entry.name : `${next.path}/${entry.name}`
      if (entry.name.startsWith(".") || NOT_ENTERED.has(entry.name)) continue
      if (entry.isDirectory() && next.depth < DEPTH_MAX) waiting.push({ path, depth: next.depth + 1 })
      if (entry.isFile() && !FILE_NAMES.includes(path) && files.length < FILES_MAX) files.push(path)
    }
  }
  return files.toSorted()
}

const FILE_NAMES = ["SKILL.md", "skill.md"]

function fileOf(entries: readonly Dirent[]): string | undefined {
  return FILE_NAMES.find((name) => entries.some((entry) => entry.name === name && !entry.isDirectory()))
}

function mayHold(entry: Dirent): boolean {
  const isHidden = entry.name.startsWith(".") && entry.name !== ".system"
  return (entry.isDirectory() || entry.isSymbolicLink()) && !isHidden && !NOT_ENTERED.has(entry.name)
}

function skillAt(folder: string, name: string, found: Pick<FoundSkill, "place" | "asFound">): FoundSkill[] {
  // What stands elsewhere is no part of what was looked over.
  const reading = readStart(join(folder, name), HEAD_BYTES_MAX, [folder])
  if (reading === undefined) return []
  const base = { folder, file: join(folder, name), folderName: basename(found.asFound), ...found }
  if (reading.kind === "refused") return [{ ...base, head: { kind: "hopeless", why: reading.reason } }]
  return [{ ...base, head: headOf(new TextDecoder().decode(reading.start)) }]
}

/** Undefined where nothing is, or where it leads out. */
function realFolder(folder: string, { within }: SkillPlace): string | undefined {
  try {
    const real = realpathSync(folder)
    return within === undefined || isWithin(real, realpathSync(within)) ? real : undefined
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined
    throw error
  }
}
