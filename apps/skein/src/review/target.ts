import type { Flags } from "../flags.ts"
import { type Forge, forgeOf } from "../git/forge.ts"
import { type GitLook, plainRef } from "../git/look.ts"
import type { Io } from "../io.ts"
import { UsageError } from "../usage.ts"

/** What is to be reviewed, as it was asked for. */
export type Target =
  | { readonly kind: "uncommitted" }
  | { readonly kind: "base"; readonly branch: string }
  | { readonly kind: "commit"; readonly sha: string; readonly title?: string | undefined }
  | { readonly kind: "pull-request"; readonly number: string }
  | { readonly kind: "custom"; readonly instructions: string }

/** What the reviewer is told. */
export interface Assignment {
  /** For a person: `current changes`. */
  readonly name: string
  readonly words: string
  /** Bounded; undefined where the reviewer finds for itself what to look at. */
  readonly diff?: string | undefined
}

/** Exactly one of the flags, or instructions. Throws UsageError. */
export function targetOf(flags: Flags, instructions: string): Target {
  const base = flags.text("base")
  const commit = flags.text("commit")
  const number = flags.text("pr")
  const given: Target[] = [
    ...(flags.has("uncommitted") ? [{ kind: "uncommitted" } as const] : []),
    ...(base === undefined ? [] : [{ kind: "base", branch: plainRef(base) } as const]),
    ...(commit === undefined ? [] : [{ kind: "commit", sha: plainRef(commit), title: flags.text("title") } as const]),
    ...(number === undefined ? [] : [{ kind: "pull-request", number: numberOf(number) } as const]),
    ...(instructions.trim() === "" ? [] : [{ kind: "custom", instructions: instructions.trim() } as const]),
  ]
  const [target, another] = given
  if (flags.has("title") && commit === undefined) throw new UsageError("--title is the title of a --commit.")
  if (target !== undefined && another === undefined) return target
  const ways = "--uncommitted, --base BRANCH, --commit SHA, --pr NUMBER, or instructions in your own words"
  throw new UsageError(`${target === undefined ? "What is to be reviewed? Say" : "Say only one of"} ${ways}.`)
}

function numberOf(text: string): string {
  if (/^\d{1,9}$/.test(text)) return text
  throw new UsageError(`--pr takes a number, not ${JSON.stringify(text)}.`)
}

const DIFF_BYTES_MAX = 150_000
/** What a reader of changes sees is what is in the files: no program of the repository's makes something else of it. */
const DIFF = ["diff", "--no-ext-diff", "--no-textconv", "--no-color"]

interface Reading {
  readonly git: GitLook
  readonly io: Io
  readonly cwd: string
}

/** Looks up what it is about. Undefined when nothing has changed. The words are those of Codex's reviews. */
export async function assignmentOf(target: Target, reading: Reading): Promise<Assignment | undefined> {
  const { git, io, cwd } = reading
  switch (target.kind) {
    case "uncommitted":
      return uncommitted(git)
    case "base": {
      const { branch } = target
      const sha = (await git.read(["merge-base", "HEAD", branch])).trim()
      const diff = await git.read([...DIFF, sha], DIFF_BYTES_MAX)
      const words = `Review the code changes against the base branch '${branch}'. The merge base commit is ${sha}: \`git diff ${sha}\` shows them. Provide prioritized, actionable findings.`
      return diff.trim() === "" ? undefined : { name: `changes against '${branch}'`, words, diff }
    }
    case "commit": {
      const { sha, title } = target
      const shown = title ?? (await git.read(["log", "-1", "--format=%s", sha])).trim()
      const diff = await git.read(["show", "--format=fuller", ...DIFF.slice(1), sha], DIFF_BYTES_MAX)
      const words = `Review the code changes introduced by commit ${sha} ("${shown}"). Provide prioritized, actionable findings.`
      return { name: `commit ${sha.slice(0, 12)}: ${shown}`, words, diff }
    }
    case "pull-request": {
      const remote = (await git.tried(["remote", "get-url", "origin"])) ?? ""
      return pullRequest(target.number, forgeOf(io, cwd, remote))
    }
    case "custom":
      return { name: target.instructions.split("\n", 1)[0] ?? "", words: target.instructions }
  }
}

async function uncommitted(git: GitLook): Promise<Assignment | undefined> {
  const hasHead = (await git.tried(["rev-parse", "--verify", "--quiet", "HEAD"])) !== undefined
  const diff = await git.read(hasHead ? [...DIFF, "HEAD"] : [...DIFF, "--cached"], DIFF_BYTES_MAX)
  const untracked = (await git.read(["ls-files", "--others", "--exclude-standard"])).trim()
  if (diff.trim() === "" && untracked === "") return undefined
  const files = untracked === "" ? "" : `\n\nUntracked files, which are part of the change (read them):\n${untracked}`
  const words =
    "Review the current code changes (staged, unstaged, and untracked files) and provide prioritized findings."
  return { name: "current changes", words, diff: `${diff}${files}` }
}

async function pullRequest(number: string, { program, run }: Forge): Promise<Assignment> {
  const noun = program === "gh" ? "pr" : "mr"
  const [about, diff] = [await run([noun, "view", number]), await run([noun, "diff", number])]
  const bounded = diff.length > DIFF_BYTES_MAX ? `${diff.slice(0, DIFF_BYTES_MAX)}\n(cut here)` : diff
  return {
    name: `pull request ${number}`,
    words: `Review the pull request ${number}. The workspace may hold another state of the code than it: the diff below is what counts. Provide prioritized, actionable findings.`,
    diff: `${about.slice(0, 8_000)}\n\n${bounded}`,
  }
}
