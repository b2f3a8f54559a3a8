import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  type Stats,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import type { RestoreStep, Watched } from "@skein/core/ports"
import type { FileVersion, PathChange } from "@skein/protocol"
import { type CheckpointsOptions, checkpoints } from "../../src/index.ts"

/** A workspace, a store and a person's home, each in a folder of its own. Removed at the end of the scope. */
export function workspace(options: Partial<CheckpointsOptions> = {}) {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "skein-checkpoints-")))
  const [root, dataDir, home] = ["work", "data", "home"].map((name) => join(base, name)) as [string, string, string]
  for (const folder of [root, home]) mkdirSync(folder)
  const open = (other: Partial<CheckpointsOptions> = {}) =>
    checkpoints({ dataDir, home, now: Date.now, ...options, ...other })
  const port = open()
  const signal = new AbortController().signal
  const at = (path: string) => join(root, path)
  const watching = async (work: () => unknown, paths?: readonly string[]): Promise<Watched> => {
    const watch = await port.watch({ sessionId: "ses_a", roots: [root], paths: paths?.map(at), signal })
    await work()
    return await watch.settle()
  }
  return {
    base,
    root,
    dataDir,
    home,
    port,
    /** Another process's view of the same store. */
    open,
    at,
    put(path: string, content: string | Uint8Array, mode?: number) {
      mkdirSync(dirname(at(path)), { recursive: true })
      writeFileSync(at(path), content, mode === undefined ? {} : { mode })
    },
    read: (path: string) => readFileSync(at(path), "utf8"),
    /** What a call that does this changes. */
    watching,
    /** A call that runs a command. */
    bash: (script: string) => watching(() => bash(root, script)),
    async [Symbol.asyncDispose]() {
      await port.idle()
      Bun.spawnSync(["chmod", "-R", "u+rwx", base])
      rmSync(base, { recursive: true, force: true })
    },
  }
}

export async function bash(cwd: string, script: string): Promise<void> {
  const env = { PATH: process.env.PATH ?? "", HOME: "/nonexistent", ...GIT }
  const child = Bun.spawn(["bash", "-c", script], { cwd, env, stdout: "ignore", stderr: "ignore" })
  await child.exited
}

const GIT = {
  GIT_AUTHOR_NAME: "a",
  GIT_AUTHOR_EMAIL: "a@example.com",
  GIT_COMMITTER_NAME: "a",
  GIT_COMMITTER_EMAIL: "a@example.com",
  GIT_CONFIG_NOSYSTEM: "1",
}

/** Everything there is below a folder: kind, mode, and bytes or target of each path. */
export function stateOf(folder: string): Record<string, string> {
  const state: Record<string, string> = {}
  const see = (path: string) => {
    const stats = lstatSync(path)
    const mode = (stats.mode & 0o7777).toString(8)
    const name = path.slice(folder.length + 1)
    if (stats.isSymbolicLink()) state[name] = `link ${readlinkSync(path)}`
    else if (path.endsWith(".git/index")) state[name] = `index ${mode} ${staged(path)}`
    else if (stats.isFile())
      state[name] = `file ${mode} ${isClosed(stats, 0o400) ? "closed" : Bun.hash(readFileSync(path)).toString(36)}`
    else state[name] = `${stats.isDirectory() ? "folder" : "other"} ${mode}`
    if (stats.isDirectory() && !isClosed(stats, 0o500)) for (const entry of readdirSync(path)) see(join(path, entry))
  }
  see(folder)
  return state
}

/** To its own owner; root is stopped by no mode. */
function isClosed({ mode }: Stats, needed: number): boolean {
  return process.getuid?.() !== 0 && (mode & needed) !== needed
}

/** Each git status writes the times of files into it; what counts is what is staged. */
function staged(path: string): string {
  const bytes = readFileSync(path)
  const key = Bun.hash(bytes).toString(36)
  const known = STAGED.get(key) ?? listed(path, bytes)
  STAGED.set(key, known)
  return known
}

/** What an index stages is in its bytes alone, and most of them are seen again and again. */
const STAGED = new Map<string, string>()

function listed(path: string, bytes: Uint8Array): string {
  const listed = Bun.spawnSync(["git", "ls-files", "--stage", "-z"], {
    env: { PATH: process.env.PATH ?? "", GIT_DIR: dirname(path) },
  })
  return Bun.hash(listed.exitCode === 0 ? listed.stdout : bytes).toString(36)
}

/** The steps that take back what these calls did. */
export function undoing(...calls: readonly (readonly PathChange[])[]): RestoreStep[] {
  const steps = new Map<string, { expected: FileVersion | null; target: FileVersion | null }>()
  for (const { path, before, after } of calls.flat()) {
    steps.set(path, { expected: after, target: steps.has(path) ? (steps.get(path)?.target ?? null) : before })
  }
  return [...steps].map(([path, step]) => ({ path, ...step }))
}

/** The same, the other way. */
export function reversed(steps: readonly RestoreStep[]): RestoreStep[] {
  return steps.map(({ path, expected, target }) => ({ path, expected: target, target: expected }))
}

/** A dirty repository: tracked, changed, staged, untracked and ignored files, links, modes, and a repository inside. */
export const DIRTY_REPOSITORY = `
  git init -q --template= -b main . && mkdir -p src/deep docs logs empty bin
  printf 'one\\ntwo\\nthree\\n' > src/a.txt; printf '%s\\n' {1..200} > src/b.txt; printf 'x\\0y\\1' > src/binary
  echo deep > src/deep/c.txt; echo doc > docs/d.md; printf '#!/bin/sh\\necho hi\\n' > bin/run; chmod 755 bin/run
  ln -s ../src/a.txt docs/link; ln -s nowhere dangling; ln -s src folder-link
  printf 'logs/\\n*.secret\\n' > .gitignore; : > empty-file; echo 'with space' > 'a b'; echo umlaut > 'ä\\"x'
  git add -A && git commit -qm first && git branch side && echo more >> src/a.txt && git commit -qam second
  echo stashed >> docs/d.md && git stash -q
  echo changed >> src/b.txt; echo staged > staged.txt; git add staged.txt; git rm -q --cached docs/d.md; echo dirty >> docs/d.md
  echo untracked > untracked.txt; echo log > logs/l.log; echo key > key.secret; chmod 600 key.secret; chmod 444 src/deep/c.txt
  mkdir nested && cd nested && git init -q --template= -b main . && echo n > n.txt && git add -A && git commit -qm nested && echo m >> n.txt
`
