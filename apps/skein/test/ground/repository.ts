import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import type { Scene } from "./scene.ts"

/** A repository in a scene's folder, with commits of one file each. */
export function repository(scene: Scene, ...files: readonly (readonly [path: string, content: string])[]) {
  const git = (...args: readonly string[]): string => {
    const { exitCode, stdout, stderr } = Bun.spawnSync(["git", ...args], {
      cwd: scene.cwd,
      env: { ...scene.env, GIT_CONFIG_NOSYSTEM: "1" },
    })
    if (exitCode !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`)
    return stdout.toString()
  }
  const put = (path: string, content: string) => {
    mkdirSync(dirname(join(scene.cwd, path)), { recursive: true })
    writeFileSync(join(scene.cwd, path), content)
  }
  git("init", "--quiet", "--initial-branch", "main")
  git("config", "user.name", "Ada")
  git("config", "user.email", "ada@example.org")
  for (const [path, content] of files) {
    put(path, content)
    git("add", path)
    git("commit", "--quiet", "-m", `add ${path}`)
  }
  return { git, put }
}
