import { existsSync } from "node:fs"
import { basename, join, relative, resolve } from "node:path"
import { ToolFailure, type WorktreeRequest } from "@skein/core/ports"
import type { Git, GitPlace } from "./git.ts"
import { copyIncluded } from "./included.ts"
import type { Kept, Records } from "./record.ts"
import { unmade } from "./remove.ts"
import { treeOf } from "./snapshot.ts"

export interface OpenOptions {
  readonly git: Git
  readonly records: Records
  readonly newId: () => string
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** What is copied besides, where the repository has no list of its own; as lines of a .gitignore. */
  readonly include: (cwd: string) => readonly string[]
  /** Why git is not to be started in this folder, in a sentence. */
  readonly refusal: (cwd: string) => Promise<string | undefined>
  /** Why none is to be made at this path, in a sentence. */
  readonly objection: (path: string, request: WorktreeRequest) => Promise<string | undefined>
}

/** Makes a worktree on a branch of its own. What is not committed in the parent's tree is in its first commit. */
export async function opened(request: WorktreeRequest, options: OpenOptions): Promise<Kept> {
  const { cwd, agent, description, signal } = request
  const { git, records } = options
  const parent = await parentIn(cwd, options)
  const id = options.newId()
  const folder = records.folderOf(id)
  // A name that says what it is a copy of: programs show it.
  const path = join(folder, basename(parent.root) || "tree")
  const branch = `skein/${named(agent)}-${id}`
  const why = await options.objection(path, request)
  if (why !== undefined) throw new ToolFailure(why)
  const base = await baseOf(git, parent, signal)
  const facts = { v: 1 as const, id, agent, description, branch, repository: parent.root, path, base, isMerged: false }
  const kept: Kept = {
    ...facts,
    cwd: join(path, relative(parent.root, resolve(cwd))),
    createdAt: options.now(),
    parentGitDir: parent.gitDir,
    gitDir: "",
  }
  // Known before it is there, so that one that was cut short is found.
  records.write(kept)
  await records.own(id)
  try {
    return await made(kept, parent, request, options)
  } catch (error) {
    await unmade(kept, options)
    throw error
  }
}

async function made(
  kept: Kept,
  parent: GitPlace,
  { cwd, signal }: WorktreeRequest,
  options: OpenOptions,
): Promise<Kept> {
  const { git, records } = options
  const { path, branch, base } = kept
  await git.read(parent, ["worktree", "add", "--quiet", "-b", branch, path, base], { signal })
  const gitDir = (await git.read(path, ["rev-parse", "--absolute-git-dir"])).trim()
  const whole = { ...kept, gitDir }
  records.write(whole)
  await copyIncluded(git, parent, path, options.include(cwd))
  if (!existsSync(whole.cwd))
    throw new ToolFailure(`${cwd} is ignored by git, so a worktree does not have it. Work without isolation there.`)
  return whole
}

async function parentIn(cwd: string, { git, refusal }: OpenOptions): Promise<GitPlace> {
  const why = await refusal(cwd)
  if (why !== undefined) throw new ToolFailure(why)
  const { code, out } = await git.run(cwd, ["rev-parse", "--show-toplevel", "--absolute-git-dir"])
  const [root = "", gitDir = ""] = out.toString().trim().split("\n")
  if (code === 0 && root !== "" && gitDir !== "") return { root, gitDir }
  throw new ToolFailure(
    `Isolation needs a git repository, and ${cwd} is in none. Run "git init" there, or work without isolation.`,
  )
}

/** A commit that holds the tree as it is: HEAD itself where nothing differs from it. */
async function baseOf(git: Git, parent: GitPlace, signal: AbortSignal): Promise<string> {
  const tree = await treeOf(git, parent, signal)
  const head = await git.run(parent, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"])
  const commit = head.code === 0 ? head.out.toString().trim() : undefined
  const headTree = commit === undefined ? undefined : (await git.read(parent, ["rev-parse", `${commit}^{tree}`])).trim()
  if (commit !== undefined && headTree === tree) return commit
  const parents = commit === undefined ? [] : ["-p", commit]
  const words = "What was not committed when a worktree was made"
  return (await git.read(parent, ["commit-tree", tree, ...parents, "-m", words])).trim()
}

/** As a part of a branch's name. */
function named(agent: string): string {
  return (
    agent
      .toLowerCase()
      .replaceAll(/[^a-z0-9_-]+/g, "-")
      .replaceAll(/^-+|-+$/g, "")
      .slice(0, 40) || "agent"
  )
}
