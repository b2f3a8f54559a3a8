import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import type { TakeLock, WorktreesPort } from "@skein/core/ports"
import { worktrees } from "../src/index.ts"

/** A real repository, and worktrees beside it. */
export interface Repository {
  readonly root: string
  /** Where worktrees lie. */
  readonly folder: string
  /** As another skein would see them; `isAlive` keeps the locks of those before. */
  started(how?: { readonly isAlive?: boolean; readonly refusal?: string }): WorktreesPort
  put(path: string, text: string): void
  read(path: string): string | undefined
  git(...args: readonly string[]): string
  [Symbol.dispose](): void
}

export function repository(files: Readonly<Record<string, string>> = {}): Repository {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "skein-worktrees-")))
  const [root, folder, home] = [join(base, "app"), join(base, "worktrees"), join(base, "home")]
  for (const one of [root, home]) mkdirSync(one)
  const env = { PATH: process.env.PATH, HOME: home, GIT_CONFIG_NOSYSTEM: "1" }
  const taken = new Set<string>()
  const git = (...args: readonly string[]) => {
    const who = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main"]
    const { exitCode, stdout, stderr } = Bun.spawnSync(["git", ...who, ...args], { cwd: root, env })
    if (exitCode !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`)
    return stdout.toString()
  }
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  git("init", "--quiet")
  for (const [path, text] of Object.entries(files)) put(path, text)
  if (Object.keys(files).length > 0) {
    git("add", "--all")
    git("commit", "--quiet", "-m", "first")
  }
  let serial = 0
  return {
    ...{ root, folder, put, git },
    started({ isAlive = false, refusal } = {}) {
      if (!isAlive) taken.clear()
      return worktrees({
        ...{
          folder,
          env,
          temporary: base,
          now: () => 1_000 + serial,
          newId: () => `wt${String(++serial).padStart(4, "0")}`,
        },
        include: () => [".env", ".env.*"],
        refusal: async () => refusal,
        objection: async () => undefined,
        onRemoved: async () => undefined,
        lock: async () => lockOf(taken),
      })
    },
    read: (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined),
    [Symbol.dispose]: () => rmSync(base, { recursive: true, force: true }),
  }
}

/** Locks by the file that is open, for as long as the test says that its skein lives. */
function lockOf(taken: Set<string>): TakeLock {
  return (fd) => {
    const path = realpathSync(`/proc/self/fd/${fd}`)
    if (taken.has(path)) return { kind: "held" }
    taken.add(path)
    return { kind: "locked", release: () => void taken.delete(path) }
  }
}
