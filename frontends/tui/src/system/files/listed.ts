import { askGit } from "../git/ask.ts"
import { repositoryOf } from "../git/repository.ts"
import type { Machine } from "../machine.ts"
import type { Ran } from "../programs.ts"
import { FILES_MAX } from "./bounds.ts"

/** Undefined where there is no ripgrep. What it found until it was stopped counts. */
export async function byRipgrep(cwd: string, own: string | undefined, machine: Machine) {
  const args = ["--no-config", "--files", "--hidden", "--null", "--no-messages", "--sort=path", "--glob=!.git"]
  const ran = await machine.programs.run([own ?? "rg", ...args], { cwd, ...BOUNDS })
  // 1: nothing was found; 2: something could not be looked at.
  return ran === undefined ? undefined : pathsOf(ran)
}

/** Undefined outside of a repository, and where git could not be asked. */
export async function byGit(cwd: string, machine: Machine) {
  const repository = await repositoryOf(cwd)
  if (repository === undefined) return undefined
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"]
  const ran = await askGit(repository, { args, cwd, ...BOUNDS }, machine)
  return ran === undefined || (ran.exitCode !== 0 && ran.exitCode !== undefined) ? undefined : pathsOf(ran)
}

const BOUNDS = { timeoutMs: 5_000, bytesMax: 8 * 1024 * 1024 } as const

function pathsOf({ out }: Ran): readonly string[] {
  const text = new TextDecoder().decode(out)
  // After the last NUL there is nothing, or half a path.
  return text.split("\0", FILES_MAX + 1).slice(0, -1)
}
