import type { Host } from "@skein/host"
import { startProgram } from "./programs.ts"

const BYTES_MAX = 8 * 1024 * 1024
/** Files that git does not know yet; of more nothing is said here. */
const NEW_FILES_MAX = 1_000
/** Nothing of the repository runs: no hook, no watcher, no program that shows differences. */
const GIT = ["git", "--no-optional-locks", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"]
const DIFF = ["diff", "--no-ext-diff", "--no-textconv", "--no-color", "--src-prefix=a/", "--dst-prefix=b/"]

/**
 * How a folder's repository differs, with what is not committed, from the newest commit behind it that a remote is known to
 * have. Asks no remote. Undefined where there is no repository, or no such commit.
 */
export async function diffToRemote(
  exec: Host["exec"],
  cwd: string,
): Promise<{ readonly sha: string; readonly diff: string } | undefined> {
  const git = (args: readonly string[], folder = cwd) => said(exec, [...GIT, ...args], folder)
  const root = (await git(["rev-parse", "--show-toplevel"]))?.trim()
  if (root === undefined) return undefined
  const own = await git(["rev-list", "--boundary", "HEAD", "--not", "--remotes"])
  if (own === undefined) return undefined
  // Without a commit of its own it is where a remote is; else the commit below the last of its own begins with `-`.
  const sha = own.trim() === "" ? (await git(["rev-parse", "HEAD"]))?.trim() : /^-([0-9a-f]{40,64})$/m.exec(own)?.[1]
  if (sha === undefined) return undefined
  const known = await git([...DIFF, "--binary", sha, "--"], root)
  const others = await git(["ls-files", "--others", "--exclude-standard", "-z"], root)
  if (known === undefined || others === undefined) return undefined
  const files = others.split("\0").filter((file) => file !== "")
  if (files.length > NEW_FILES_MAX) {
    throw new Error(
      `There are ${files.length} files that git does not know, and ${NEW_FILES_MAX} are compared at most.`,
    )
  }
  if (files.length === 0) return { sha, diff: known }
  const each = `for file; do ${[...GIT, ...DIFF].join(" ")} --binary --no-index -- /dev/null "$file"; done; true`
  const added = await said(exec, ["sh", "-c", each, "sh", ...files], root)
  return added === undefined ? undefined : { sha, diff: known + added }
}

/** What a program said on stdout; undefined where it did not succeed. */
async function said(exec: Host["exec"], command: readonly string[], cwd: string): Promise<string | undefined> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  const running = await startProgram(exec, {
    ...{ command, cwd, sandbox: "read-only", roots: [], hasNetwork: false, env: {} },
    onOutput(piece, stream) {
      if (stream !== "stdout") return
      bytes += piece.length
      if (bytes <= BYTES_MAX) pieces.push(Uint8Array.from(piece))
    },
  })
  running.closeInput()
  const { exitCode } = await running.exited
  if (bytes > BYTES_MAX) throw new Error(`The difference has more than ${BYTES_MAX} bytes.`)
  return exitCode === 0 ? Buffer.concat(pieces).toString() : undefined
}
