import { readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import type { Revision } from "@skein/protocol"
import { ownRepositoryOf } from "./locate.ts"

const REF = /^ref: (refs\/[^\s~^:?*[\\]{1,250})$/
const SHA = /^([0-9a-f]{40}|[0-9a-f]{64})$/

/**
 * What is checked out where a folder lies, read from git's own files: no process is run, since a hostile checkout can name
 * programs for git to start. Undefined outside of a repository, and where its files say anything else.
 */
export function revisionOf(path: string): Revision | undefined {
  const root = ownRepositoryOf(path)
  if (root === undefined) return undefined
  const folder = folderOf(root)
  const head = textOf(join(folder, "HEAD"))
  if (head !== undefined && SHA.test(head)) return { sha: head }
  const ref = REF.exec(head ?? "")?.[1]
  if (ref === undefined || ref.split("/").includes("..")) return undefined
  const sha = shaOf(ref, folder)
  return { branch: ref.replace(/^refs\/heads\//, ""), ...(sha === undefined ? {} : { sha }) }
}

/** A worktree's `.git` is a file that says where its folder is. */
function folderOf(root: string): string {
  const git = join(root, ".git")
  const linked = /^gitdir: (.+)$/.exec(textOf(git) ?? "")?.[1]
  return linked === undefined ? git : resolve(root, linked)
}

/** Branches lie with the repository that a worktree is of; where they are packed, in one file. */
function shaOf(ref: string, folder: string): string | undefined {
  const common = textOf(join(folder, "commondir"))
  const places = common === undefined ? [folder] : [folder, resolve(folder, common)]
  for (const place of places) {
    const loose = textOf(join(place, ref))
    if (loose !== undefined && SHA.test(loose)) return loose
    const packed = textOf(join(place, "packed-refs"))
      ?.split("\n")
      .find((line) => line.endsWith(` ${ref}`))
    const sha = packed?.slice(0, packed.indexOf(" "))
    if (sha !== undefined && SHA.test(sha)) return sha
  }
  return undefined
}

/** Undefined where there is no such file, or it is none that can be read. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim()
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined
    throw error
  }
}
