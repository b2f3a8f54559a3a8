import { mkdir, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { isRefusal } from "../disk.ts"
import type { Machine } from "../machine.ts"
import { inPrivateFolder } from "../private-folder.ts"
import type { Ran } from "../programs.ts"
import { type Repository, textOf } from "./repository.ts"

/** What git is asked, and where. */
export interface GitQuestion {
  readonly args: readonly string[]
  readonly cwd: string
  readonly timeoutMs: number
  readonly bytesMax?: number
}

/**
 * Asks git about a repository without any setting of it: a monitor, a filter or a hook that a stranger wrote into it would run
 * with every look. So git is led to a folder of our own, whose settings are ours, and from there to the repository's index,
 * objects and branches, which are data. Undefined when there is no git or nobody may write here.
 */
export async function askGit(
  repository: Repository,
  { args, cwd, timeoutMs, bytesMax }: GitQuestion,
  machine: Machine,
): Promise<Ran | undefined> {
  const { env, programs } = machine
  const excludes = await excludesFile(machine)
  try {
    return await inPrivateFolder(machine, async (own) => {
      await writeOwn(own, repository, excludes)
      const led = { GIT_DIR: own, GIT_WORK_TREE: repository.root, GIT_INDEX_FILE: join(repository.gitDir, "index") }
      const running = { cwd, env: { ...bare(env), ...led }, timeoutMs, bytesMax }
      return await programs.run(["git", "--no-optional-locks", ...args], running)
    })
  } catch (error) {
    if (isRefusal(error)) return undefined
    throw error
  }
}

/** What of a repository is data is the repository's; what can say that something is to be run is ours. */
async function writeOwn(own: string, { gitDir, commonDir }: Repository, excludes: string | undefined): Promise<void> {
  await mkdir(join(own, "info"))
  const theirs = (await textOf(join(commonDir, "config"))) ?? ""
  await writeFile(join(own, "config"), ownSettings(theirs, excludes))
  await writeFile(join(own, "HEAD"), (await textOf(join(gitDir, "HEAD"))) ?? "")
  await writeFile(join(own, "info", "exclude"), (await textOf(join(commonDir, "info", "exclude"))) ?? "")
  for (const name of ["refs", "packed-refs", "objects", "shallow"])
    await symlink(join(commonDir, name), join(own, name))
}

/** Nothing that leads git anywhere, and no network: objects that a repository left elsewhere are not fetched for this. */
function bare(env: Machine["env"]): Machine["env"] {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith("GIT_"))
  return {
    ...Object.fromEntries(kept),
    ...{ GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null", GIT_ATTR_NOSYSTEM: "1" },
    ...{ GIT_NO_LAZY_FETCH: "1", GIT_ALLOW_PROTOCOL: "none", GIT_TERMINAL_PROMPT: "0" },
  }
}

/** How files are compared, in words that can mean nothing else. */
const KEPT = /^\s*(filemode|ignorecase|symlinks|autocrlf|eol|trustctime|checkstat|precomposeunicode)\s*=\s*(\w+)\s*$/i
const FORMAT = /^\s*(objectformat)\s*=\s*(sha1|sha256)\s*$/i

function ownSettings(theirs: string, excludes: string | undefined): string {
  const core: string[] = []
  const extensions: string[] = []
  let section = ""
  for (const line of theirs.split("\n")) {
    section = /^\s*\[([^\]]*)\]/.exec(line)?.[1]?.trim().toLowerCase() ?? section
    const [, name, value] =
      (section === "core" ? KEPT : section === "extensions" ? FORMAT : undefined)?.exec(line) ?? []
    if (name !== undefined) (section === "core" ? core : extensions).push(`\t${name} = ${value}`)
  }
  if (excludes !== undefined) core.push(`\texcludesFile = ${JSON.stringify(excludes)}`)
  const version = extensions.length > 0 ? 1 : 0
  const lines = ["[core]", `\trepositoryformatversion = ${version}`, "\tbare = false", ...core]
  return `${[...lines, ...(version === 1 ? ["[extensions]", ...extensions] : [])].join("\n")}\n`
}

/** What the person ignores everywhere; git's usual place for it is looked at anyway. Their own settings alone are read, once. */
function excludesFile(machine: Machine): Promise<string | undefined> {
  const known = excludesFiles.get(machine.programs) ?? askedExcludesFile(machine)
  excludesFiles.set(machine.programs, known)
  return known
}

const excludesFiles = new WeakMap<Machine["programs"], Promise<string | undefined>>()

async function askedExcludesFile({ programs }: Machine): Promise<string | undefined> {
  const args = ["config", "--global", "--type=path", "--get", "core.excludesFile"] as const
  const ran = await programs.run(["git", ...args], { timeoutMs: 1_000 })
  const path = ran?.exitCode === 0 ? new TextDecoder().decode(ran.out).trim() : ""
  return /^[^\p{Cc}"\\]+$/u.test(path) ? path : undefined
}
