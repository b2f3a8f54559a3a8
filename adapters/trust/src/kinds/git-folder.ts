import { dirname, join, resolve } from "node:path"
import { isWithin } from "@skein/protocol"
import { bound, type Item, unbound } from "../item.ts"
import { folded } from "../read/folded.ts"
import type { Look } from "../read/look.ts"
import { gitConfigItems } from "./git-config.ts"

/** What git would run for a folder: by its `.git`, or because it is laid out as a repository itself. */
export function gitItems(look: Look, folder: string, nameOf: (path: string) => string): Item[] {
  const entries = look.entries(folder)
  const named = entries.filter(({ name }) => folded(name) === ".git")
  const bare = isBare(entries.map(({ name }) => folded(name))) ? insideGit(look, folder, nameOf) : []
  return [...named.flatMap(({ name }) => atGit(look, join(folder, name), nameOf)), ...bare]
}

/** What git itself goes by to know one. */
export function isBare(foldedNames: readonly string[]): boolean {
  return ["head", "objects", "refs"].every((name) => foldedNames.includes(name))
}

function atGit(look: Look, path: string, nameOf: (path: string) => string): Item[] {
  const real = look.inside(path)
  if (real === undefined) return [unbound(nameOf(path), "It is a link out of the folder, to what git would go by.")]
  if (look.isFolder(real)) return insideGit(look, real, nameOf)
  const content = look.content(real)
  if (content?.kind !== "content") return content === undefined ? [] : [unbound(nameOf(path), content.why)]
  const named = /^gitdir:\s*(.+)$/m.exec(new TextDecoder().decode(content.bytes))?.[1]?.trim()
  const there = named === undefined ? undefined : resolve(dirname(path), named)
  const pointed = bound(
    "git",
    nameOf(path),
    content.bytes,
    `Leads git to \`${named ?? "?"}\`, whose settings and hooks it goes by.`,
  )
  const isHere = there !== undefined && isWithin(there, look.root) && look.isFolder(there)
  return isHere ? [pointed, ...insideGit(look, there, nameOf)] : [pointed]
}

function insideGit(look: Look, git: string, nameOf: (path: string) => string): Item[] {
  return look.entries(git).flatMap((entry): Item[] => {
    const path = join(git, entry.name)
    const name = folded(entry.name)
    if (name === "config" || name === "config.worktree")
      return fileItems(look, path, nameOf, (text) => gitConfigItems(nameOf(path), text))
    if (name === "commondir" && !entry.isDirectory())
      return fileItems(look, path, nameOf, (text) => [
        bound("git", nameOf(path), text, "Leads git to settings and hooks elsewhere."),
      ])
    return name === "hooks" ? hookItems(look, path, nameOf) : []
  })
}

function fileItems(
  look: Look,
  path: string,
  nameOf: (path: string) => string,
  items: (text: string) => Item[],
): Item[] {
  const real = look.inside(path)
  if (real === undefined) return [unbound(nameOf(path), "It is a link out of the folder, to what git would go by.")]
  const content = look.content(real)
  if (content === undefined) return []
  if (content.kind === "strange") return [unbound(nameOf(path), content.why)]
  return items(new TextDecoder().decode(content.bytes))
}

/** Git runs those that are executable and have no `.sample` at their end. */
function hookItems(look: Look, folder: string, nameOf: (path: string) => string): Item[] {
  const real = look.inside(folder)
  if (real === undefined)
    return [unbound(nameOf(folder), "It is a link out of the folder, to hooks that git would run.")]
  return look.entries(real).flatMap(({ name }): Item[] => {
    const path = join(real, name)
    if (name.endsWith(".sample") || look.isFolder(path)) return []
    const target = look.inside(path)
    if (target === undefined)
      return [unbound(nameOf(join(folder, name)), "It is a link out of the folder, to a hook that git would run.")]
    const content = look.content(target)
    if (content?.kind === "strange") return [unbound(nameOf(join(folder, name)), content.why)]
    if (content === undefined || !content.isExecutable) return []
    return [bound("hook", nameOf(join(folder, name)), content.bytes, `Is run by git (${content.bytes.length} bytes).`)]
  })
}
