import type { Io } from "../io.ts"
import { gitAct } from "./act.ts"
import type { GitLook } from "./look.ts"

/**
 * Keeps what is checked out, and what is not committed of known files, under refs of their own that nothing moves or cleans
 * away. Lines that say how to go back; none in a repository without a commit.
 */
export async function keptBefore(
  git: GitLook,
  { io, cwd }: { readonly io: Io; readonly cwd: string },
): Promise<readonly string[]> {
  const head = (await git.tried(["rev-parse", "--verify", "--quiet", "HEAD"]))?.trim()
  if (head === undefined) return []
  const name = `refs/skein/before-${new Date(io.now()).toISOString().slice(0, 19).replaceAll(/[:T]/g, "-")}`
  const stash = (await gitAct(["stash", "create", "before skein git"], { io, cwd })).said.trim()
  const isDirty = /^[0-9a-f]{40,64}$/.test(stash)
  await gitAct(["update-ref", name, head], { io, cwd })
  if (isDirty) await gitAct(["update-ref", `${name}-work`, stash], { io, cwd })
  return [
    `before  ${head.slice(0, 12)}: git reset --soft ${name} goes back to it`,
    ...(isDirty ? [`        what was not committed then: git stash apply ${name}-work`] : []),
  ]
}
