import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { UsageError } from "../usage.ts"

/** Reads of a repository that write nothing into it: no hook, no watcher and no index of it is used. */
export interface Repository {
  readonly root: string
  git(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>
  /** The files of a commit, in an empty folder that knows nothing of the repository. */
  checkOut(commit: string, folder: string): Promise<void>
  /** The bytes of files in a commit; null for one that it has not. */
  filesIn(commit: string, paths: readonly string[]): Promise<ReadonlyMap<string, Uint8Array | null>>
}

/** The repository of a folder. Throws UsageError when there is none. */
export async function repositoryOf(
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Repository> {
  const run = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    runGit(cwd, args, { ...env, GIT_OPTIONAL_LOCKS: "0", ...more })
  const top = await run(["rev-parse", "--show-toplevel"])
  if (top.code !== 0) throw new UsageError(`${cwd} is in no git repository: --repo has nothing to go back to.`)
  const root = top.out.toString().trim()
  const git: Repository["git"] = async (args, more) => {
    const { code, out, err } = await run(args, more)
    if (code !== 0) throw new UsageError(`git ${args[0]} ended with ${code}: ${err.trim().slice(0, 300)}`)
    return out.toString()
  }
  return {
    ...{ root, git },
    async checkOut(commit, folder) {
      const aside = mkdtempSync(join(tmpdir(), "skein-index-"))
      const index = { GIT_INDEX_FILE: join(aside, "index") }
      try {
        await git(["read-tree", commit], index)
        await git(["-C", root, "checkout-index", "--all", "--force", `--prefix=${folder}/`], index)
      } finally {
        rmSync(aside, { recursive: true, force: true })
      }
    },
    async filesIn(commit, paths) {
      const read = async (path: string) => {
        const { code, out } = await run(["cat-file", "blob", `${commit}:${path}`])
        return [path, code === 0 ? new Uint8Array(out) : null] as const
      }
      return new Map(await Promise.all(paths.map(read)))
    },
  }
}

const NOTHING_RUNS = ["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"]

async function runGit(cwd: string, args: readonly string[], env: Readonly<Record<string, string | undefined>>) {
  const child = Bun.spawn(["git", ...NOTHING_RUNS, ...args], {
    cwd,
    env,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  })
  const [out, err, code] = await Promise.all([child.stdout.bytes(), child.stderr.text(), child.exited])
  return { code, out: Buffer.from(out), err }
}
