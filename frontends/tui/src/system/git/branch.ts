import { visible } from "@skein/protocol"
import type { Machine } from "../machine.ts"
import { askGit } from "./ask.ts"
import { headOf, type Repository, repositoryOf } from "./repository.ts"

/** `main`, or `main ±3` when three files are not as they were committed. Undefined outside of git. */
export async function branchLine(cwd: string, machine: Machine): Promise<string | undefined> {
  const repository = await repositoryOf(cwd)
  if (repository === undefined) return undefined
  const head = await headOf(repository)
  if (head === undefined) return undefined
  const name = visible([...head].slice(0, NAME_MAX).join(""))
  const count = await changesOf(repository, machine)
  return count === undefined || count === 0 ? name : `${name} ±${count}`
}

/** Characters. */
const NAME_MAX = 60
/** A count that takes longer is left out. */
const TIMEOUT_MS = 3_000
const BYTES_MAX = 4 * 1024 * 1024

async function changesOf(repository: Repository, machine: Machine): Promise<number | undefined> {
  // A submodule has settings of its own, which looking into it would run.
  const args = ["status", "--porcelain", "-z", "--no-renames", "--untracked-files=normal", "--ignore-submodules=all"]
  const question = { args, cwd: repository.root, timeoutMs: TIMEOUT_MS, bytesMax: BYTES_MAX }
  const ran = await askGit(repository, question, machine)
  if (ran?.exitCode !== 0) return undefined
  return ran.out.reduce((count, byte) => (byte === 0 ? count + 1 : count), 0)
}
