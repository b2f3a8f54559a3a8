import { lstat, readdir, readFile, realpath } from "node:fs/promises"
import { dirname, join, resolve } from "node:path"
import { gitSettings, gitSubmodules, type SimpleCommand } from "@skein/core/ports"
import { programName } from "./run/names.ts"

/**
 * A command of git that only looks runs whatever the repository's own settings name for that: a watcher of files, an
 * outer diff, filters. Where there are such settings, it counts as running other code of the workspace. The person's own
 * settings are theirs. Threats T10 and T38.
 */
export async function withRepositories(commands: readonly SimpleCommand[]): Promise<readonly SimpleCommand[]> {
  const known = new Map<string, Promise<string | undefined>>()
  const whyIn = (folder: string, isMerging: boolean) => {
    const key = `${isMerging} ${folder}`
    const found = known.get(key) ?? whyLookingRuns(folder, isMerging)
    known.set(key, found)
    return found
  }
  return await Promise.all(commands.map((command) => withRepository(command, whyIn)))
}

type WhyIn = (folder: string, isMerging: boolean) => Promise<string | undefined>

async function withRepository(command: SimpleCommand, whyIn: WhyIn): Promise<SimpleCommand> {
  const { argv, risks, cwd } = command
  const [program] = argv
  if (program === undefined || programName(program) !== "git" || !risks.every((risk) => risk === "read")) return command
  const folders = elsewhere(argv, cwd)
  const isMerging = argv.includes("merge-tree")
  const reasons =
    folders === undefined ? [UNKNOWN_PLACE] : await Promise.all(folders.map((folder) => whyIn(folder, isMerging)))
  const reason = reasons.find((found) => found !== undefined)
  return reason === undefined ? command : { ...command, risks: ["execute"], reason }
}

const UNKNOWN_PLACE = "It is not known which repository git would look at, and so not what its settings make git run"

/** The folders that git may take its settings from; undefined when that is not known. */
function elsewhere(argv: SimpleCommand["argv"], cwd: string | undefined): readonly string[] | undefined {
  if (cwd === undefined) return undefined
  const folders = [cwd]
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at]
    const inline = word === undefined ? undefined : /^--git-dir=(.*)$/s.exec(word)?.[1]
    const isNamed = word === "-C" || word === "--git-dir"
    const path = isNamed ? argv[at + 1] : inline
    if (isNamed && path === undefined) return undefined
    if (path !== undefined) folders.push(resolve(folders.at(-1) ?? cwd, path))
    // Behind the verb `-C` means something else.
    if (isNamed) at++
    else if (word === undefined || !word.startsWith("-")) break
  }
  return folders
}

/** Why looking at the repository of this folder runs other programs; undefined when it does not. */
async function whyLookingRuns(folder: string, isMerging: boolean): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    const repository = (await gitFolderOf(join(at, ".git"))) ?? (await bareIn(at))
    if (repository !== undefined) return await whyOf({ repository, tree: at, isMerging, depth: 0 })
    if (dirname(at) === at) return undefined
  }
}

/** A `.git` folder, or the one that a `.git` file names. */
async function gitFolderOf(path: string): Promise<string | undefined> {
  const found = await statOf(path)
  if (found === undefined) return undefined
  if (!found.isFile()) return path
  const named = /^gitdir: (.+)/.exec((await textOf(path)) ?? "")?.[1]
  return named === undefined ? undefined : resolve(dirname(path), named.trim())
}

/** A folder laid out like a repository is one to git, whoever put those files there. */
async function bareIn(folder: string): Promise<string | undefined> {
  const parts = await Promise.all(["HEAD", "objects", "refs"].map((name) => statOf(join(folder, name))))
  return parts.every((part) => part !== undefined) ? folder : undefined
}

interface Looked {
  readonly repository: string
  /** Its working tree. */
  readonly tree: string
  readonly isMerging: boolean
  /** How many repositories it lies in. */
  readonly depth: number
}

async function whyOf(looked: Looked): Promise<string | undefined> {
  const { repository, tree } = looked
  const named = (await textOf(join(repository, "commondir")))?.trim()
  const common = named === undefined ? repository : resolve(repository, named)
  const hooks = [join(common, "hooks")]
  const all: Setting[] = []
  for (const file of [join(common, "config"), join(repository, "config.worktree")]) {
    const settings = await settingsIn(file)
    if (settings === undefined) return `${file} cannot be read as git's settings, and they can make git run programs`
    const running = settings.find(([key, value]) => runsWhenLooking(key, value, looked))
    if (running !== undefined) return `${running[0]} in ${file} makes git run another program when it looks`
    // Hooks and submodules are found from there.
    const tops = settings.flatMap(([key, value]) => (key === "core.worktree" ? [resolve(repository, value)] : []))
    for (const top of tops)
      if ((await realOf(top)) !== (await realOf(tree))) return `core.worktree in ${file} makes git look in ${top}`
    hooks.push(...settings.flatMap(([key, value]) => (key === "core.hookspath" ? [resolve(tree, value)] : [])))
    all.push(...settings)
  }
  return fetchesMissing(all) ?? (await hookIn(hooks)) ?? (await whyInside(looked))
}

type Setting = readonly [key: string, value: string]

/** None where there is no such file; undefined where it cannot be read. */
async function settingsIn(file: string): Promise<readonly Setting[] | undefined> {
  const found = await statOf(file)
  if (found === undefined) return []
  const text = found.isFile() && found.size <= BYTES_MAX ? await textOf(file) : undefined
  return text === undefined ? undefined : gitSettings(text)
}

/** What a partial clone lacks is fetched when it is looked at, in whatever way the settings say. */
function fetchesMissing(settings: readonly Setting[]): string | undefined {
  const isPartial = settings.some(([key]) =>
    /^(?:extensions\.partialclone|remote\..*\.(?:promisor|partialclonefilter))$/.test(key),
  )
  if (!isPartial) return undefined
  const odd = settings.find(([key, value]) =>
    /^remote\..*\.url$/.test(key)
      ? !/^(?:https:\/\/|ssh:\/\/|[\w.]+@[\w.]+:)[\w.@:/~%+-]*$/.test(value)
      : /^(?:remote\..*\.(?:uploadpack|vcs|proxy)|core\.(?:sshcommand|gitproxy|askpass)|ssh\.|protocol\.|credential\.|url\.|http\.)/.test(
          key,
        ),
  )
  return odd === undefined ? undefined : `${odd[0]} can make git run another program when it fetches what is missing`
}

/** git runs this one when it has looked at files whose times changed. */
async function hookIn(folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    const hook = join(folder, "post-index-change")
    if ((await statOf(hook)) !== undefined) return `git runs ${hook} when it looks`
  }
  return undefined
}

/** git looks into the repositories of submodules too, each with settings of its own. */
async function whyInside({ repository, tree, isMerging, depth }: Looked): Promise<string | undefined> {
  const paths = await submodulesIn(repository)
  if (paths === undefined || depth > DEPTH_MAX)
    return `It cannot be told which submodules ${tree} has, and git looks into them with their own settings`
  for (const path of paths) {
    const inner = resolve(tree, path)
    const found = await gitFolderOf(join(inner, ".git"))
    const why =
      found === undefined ? undefined : await whyOf({ repository: found, tree: inner, isMerging, depth: depth + 1 })
    if (why !== undefined) return why
  }
  return undefined
}

const DEPTH_MAX = 8
/** A larger index is not looked into. */
const INDEX_BYTES_MAX = 64_000_000

async function submodulesIn(repository: string): Promise<readonly string[] | undefined> {
  const found: string[] = []
  for (const name of await namesIn(repository)) {
    if (name !== "index" && !name.startsWith("sharedindex.")) continue
    const path = join(repository, name)
    const stat = await statOf(path)
    if (stat?.isFile() !== true || stat.size > INDEX_BYTES_MAX) return undefined
    const paths = await readFile(path).then(gitSubmodules, () => undefined)
    if (paths === undefined) return undefined
    found.push(...paths.map((bytes) => Buffer.from(bytes, "latin1").toString()))
  }
  return found
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch {
    // Not a folder that can be looked at: git does not get further either.
    return []
  }
}

const BYTES_MAX = 1_000_000

const RUNS =
  /^(core\.(fsmonitor|alternaterefscommand)|diff\.external|diff\..*\.(command|textconv|external)|filter\..*\.(clean|smudge|process)|(gpg|gpg\..*)\.program|include(if\..*)?\.path)$/

function runsWhenLooking(key: string, value: string, { isMerging }: Looked): boolean {
  if (isMerging && /^merge\..*\.driver$/.test(key)) return true
  if (!RUNS.test(key) || value === "") return false
  if (key === "core.fsmonitor") return !/^(true|false|yes|no|on|off|0|1)$/i.test(value)
  // What everybody's large files go through; found on the person's own path.
  return !(key.startsWith("filter.lfs.") && /^git-lfs (clean|smudge|filter-process)\b[\w %-]*$/.test(value))
}

async function statOf(path: string) {
  try {
    return await lstat(path)
  } catch {
    // Not there, or not to be looked at: git does not get further either.
    return undefined
  }
}

async function realOf(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch {
    // Not there: its name is all that is known of it.
    return path
  }
}

async function textOf(path: string): Promise<string | undefined> {
  const found = await statOf(path)
  if (found?.isFile() !== true || found.size > BYTES_MAX) return undefined
  try {
    return await readFile(path, "utf8")
  } catch {
    // Not readable: git is refused it too.
    return undefined
  }
}
