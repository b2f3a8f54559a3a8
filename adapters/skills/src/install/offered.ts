import { SkeinError, visible } from "@skein/protocol"
import type { PackedFile } from "@skein/unpack"
import { type Head, headOf } from "../skills/head.ts"
import { load, type SkillFacts } from "../skills/load.ts"

/** A skill that a source brings. */
export interface OfferedSkill {
  readonly facts: SkillFacts
  readonly head: Head
  /** The folder in the source; empty where it is all of it. */
  readonly from: string
  /** Paths from the skill's folder. */
  readonly files: readonly PackedFile[]
  /** What a skill could have run: executable files, and those that begin as a script. */
  readonly programs: readonly string[]
  /** Of all paths, modes and bytes: the same as long as nothing of it changes. */
  readonly sha256: string
}

const DEPTH_MAX = 6

/**
 * The skills among files, sorted by name; those that cannot be read are told in `broken`. `sourceName` is what a skill is
 * called whose folder is the whole source. Throws SkeinError `skill.invalid` where there is none at all.
 */
export function offeredIn(files: readonly PackedFile[], sourceName: string): Offered {
  const roots = outermost(files.flatMap(({ path }) => (/(^|\/)(SKILL|skill)\.md$/.test(path) ? [folderOf(path)] : [])))
  const broken: string[] = []
  const skills = roots.flatMap((from): OfferedSkill[] => {
    const own = files.flatMap((file) => within(file, from))
    const head = headOf(new TextDecoder().decode(own.find(({ path }) => /^skill\.md$/i.test(path))?.bytes))
    const loaded = load(head, from === "" ? sourceName : from.slice(from.lastIndexOf("/") + 1))
    if (loaded.kind === "skipped") {
      broken.push(`${visible(from === "" ? sourceName : from)}: ${loaded.why}`)
      return []
    }
    return [{ facts: loaded.facts, head, from, files: own, programs: programsOf(own), sha256: contentHash(own) }]
  })
  if (skills.length === 0) {
    const why = broken.length === 0 ? "no folder of it has a SKILL.md" : broken.join("; ")
    throw new SkeinError("skill.invalid", `There is no skill in it: ${why}.`)
  }
  return { skills: skills.toSorted((a, b) => (a.facts.name < b.facts.name ? -1 : 1)), broken }
}

export interface Offered {
  readonly skills: readonly OfferedSkill[]
  readonly broken: readonly string[]
}

export function contentHash(files: readonly PackedFile[]): string {
  const hasher = new Bun.CryptoHasher("sha256")
  for (const { path, bytes, isExecutable } of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    hasher.update(JSON.stringify([path, isExecutable, Bun.CryptoHasher.hash("sha256", bytes, "hex")]))
  }
  return hasher.digest("hex")
}

/** What lies in a skill is its own. */
function outermost(folders: readonly string[]): readonly string[] {
  return [...new Set(folders)]
    .filter((folder) => folder.split("/").length <= DEPTH_MAX)
    .filter((folder, _, all) => !all.some((other) => other !== folder && isBelow(folder, other)))
}

function isBelow(folder: string, other: string): boolean {
  return other === "" || folder.startsWith(`${other}/`)
}

function folderOf(path: string): string {
  const at = path.lastIndexOf("/")
  return at === -1 ? "" : path.slice(0, at)
}

function within(file: PackedFile, folder: string): PackedFile[] {
  if (folder === "") return [file]
  return file.path.startsWith(`${folder}/`) ? [{ ...file, path: file.path.slice(folder.length + 1) }] : []
}

function programsOf(files: readonly PackedFile[]): readonly string[] {
  const isProgram = ({ path, bytes, isExecutable }: PackedFile) =>
    isExecutable ||
    (bytes[0] === 0x23 && bytes[1] === 0x21) ||
    /\.(sh|py|js|mjs|cjs|ts|rb|pl|ps1|bat|cmd|exe)$/i.test(path)
  return files.filter(isProgram).map(({ path }) => path)
}
