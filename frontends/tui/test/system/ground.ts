import { execFileSync } from "node:child_process"
import { folder } from "./folder.ts"

/** A repository with one commit; `git` runs there, with nobody's settings. */
export function repository(files: Readonly<Record<string, string>> = { "a.txt": "a\n" }) {
  const here = folder(files)
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: here.path,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    ...{ GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a@b", GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a@b" },
  }
  const git = (...args: string[]) => execFileSync("git", args, { cwd: here.path, env, encoding: "utf8", stdio: "pipe" })
  git("init", "-q", "-b", "main")
  git("add", "-A")
  git("commit", "-q", "-m", "first")
  return { ...here, git, [Symbol.dispose]: here[Symbol.dispose] }
}
