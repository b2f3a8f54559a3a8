import { existsSync, rmSync, symlinkSync } from "node:fs"
import { dirname, join } from "node:path"
import { writeFiles } from "./files.ts"
import type { Repository } from "./git.ts"
import type { Task } from "./task.ts"

/** Something that was done in a repository: where it began, what was asked, and the commit that ended it, if one did. */
export interface Deed {
  readonly name: string
  readonly prompt: string
  readonly from: string
  readonly to?: string | undefined
  /** Tests that `to` changed: they are what says whether it is done. */
  readonly tests: readonly string[]
}

/** Commits that changed tests and something else with them, newest first: the message is what was asked. */
export async function commitDeeds(
  { git }: Repository,
  { since, countMax }: { readonly since?: string | undefined; readonly countMax: number },
): Promise<readonly Deed[]> {
  const range = since === undefined ? [] : [`--since=${since}`]
  const log = await git([
    "log",
    "--no-merges",
    "--format=%x1e%H%x1f%P%x1f%B%x1d",
    "--name-only",
    "-n",
    String(LOOKED_AT_MAX),
    ...range,
  ])
  const deeds: Deed[] = []
  for (const entry of log.split("\x1e").slice(1)) {
    const [facts = "", names = ""] = entry.split("\x1d")
    const [commit = "", parents = "", message = ""] = facts.split("\x1f")
    const [parent] = parents.split(" ")
    const paths = names.split("\n").filter((name) => name !== "")
    const tests = paths.filter(isTest)
    if (!parent || tests.length === 0 || tests.length === paths.length || paths.length > PATHS_MAX) continue
    const prompt = `${message.trim()}\n\nDo this in the project of this folder. Tests of it come afterwards.`
    deeds.push({ name: commit.slice(0, 12), prompt, from: parent, to: commit, tests })
    if (deeds.length === countMax) break
  }
  return deeds
}

const LOOKED_AT_MAX = 500
/** A commit of more files is rarely one thing. */
const PATHS_MAX = 40

/** Whether a path is a test's, by what projects call them. */
export function isTest(path: string): boolean {
  return (
    /(^|\/)(tests?|__tests__|specs?)\//.test(path) ||
    /([._-](test|spec)\.[^/.]+|_test\.[^/.]+)$/.test(path) ||
    /(^|\/)test_[^/]+\.py$/.test(path)
  )
}

/** First prompts of sessions, each with the commit that was there when it began, and the one that came of it within a day. */
export async function sessionDeeds(
  repository: Repository,
  sessions: readonly { readonly sessionId: string; readonly createdAt: number; readonly prompt: string }[],
): Promise<readonly Deed[]> {
  const found = await Promise.all(sessions.map((session) => sessionDeed(repository, session)))
  return found.flatMap((deed) => deed ?? [])
}

const DAY_MS = 24 * 60 * 60_000

async function sessionDeed(
  { git }: Repository,
  { sessionId, createdAt, prompt }: { readonly sessionId: string; readonly createdAt: number; readonly prompt: string },
): Promise<Deed | undefined> {
  const at = (ms: number) => String(Math.floor(ms / 1_000))
  const from = (await git(["rev-list", "-1", `--before=${at(createdAt)}`, "HEAD"])).trim()
  if (from === "") return undefined
  const until = `--before=${at(createdAt + DAY_MS)}`
  const later = (await git(["rev-list", "--reverse", "--no-merges", until, `${from}..HEAD`])).trim().split("\n")
  for (const to of later.filter((commit) => commit !== "")) {
    const paths = (await git(["diff-tree", "--no-commit-id", "--name-only", "-r", to])).split("\n")
    const tests = paths.filter(isTest)
    if (tests.length > 0) return { name: sessionId.slice(4, 17), prompt, from, to, tests }
  }
  return { name: sessionId.slice(4, 17), prompt, from, tests: [] }
}

/** Untracked things that checks need and that are no part of a commit: seen in the copy, and not writable there. */
const LINKED = ["node_modules", ".venv", "venv"]

/** A deed as a task: a copy of the files as they were then, scored by the tests as they came to be. */
export function taskOf(deed: Deed, check: string, repository: Repository): Task {
  const { name, prompt, from, to, tests } = deed
  return {
    ...{ name, prompt, check, level: 2 },
    async prepare(folder) {
      await repository.checkOut(from, folder)
      for (const linked of LINKED) {
        const own = join(repository.root, linked)
        if (existsSync(own) && !existsSync(join(folder, linked))) symlinkSync(own, join(folder, linked))
      }
    },
    async restore(folder) {
      const files = to === undefined ? new Map() : await repository.filesIn(to, tests)
      for (const [path, bytes] of files) {
        if (bytes === null) rmSync(join(folder, path), { force: true })
        else writeFiles(join(folder, dirname(path)), new Map([[path.slice(path.lastIndexOf("/") + 1), bytes]]))
      }
    },
  }
}

/** The same folder as it was when the deed was done. */
export function doneTask(deed: Deed, check: string, repository: Repository): Task | undefined {
  return deed.to === undefined ? undefined : taskOf({ ...deed, from: deed.to }, check, repository)
}
