import { EXIT } from "@skein/headless"
import type { Host } from "@skein/host"
import { gitAct } from "../git/act.ts"
import { askOnce } from "../git/ask-once.ts"
import { keptBefore } from "../git/kept.ts"
import { type GitLook, gitLook } from "../git/look.ts"
import { readSteps, STEPS_GUIDE, STEPS_SCHEMA, type Step, stepLine } from "../git/steps.ts"
import type { Io } from "../io.ts"
import { confirmed } from "../session/confirm.ts"
import { withHost } from "../session/host.ts"
import { interruptible } from "../session/signals.ts"
import { oneLine } from "../tell/visible.ts"
import { UsageError } from "../usage.ts"
import type { Run } from "../verb.ts"

/**
 * `skein git "undo my last 3 commits"`: a model says which commands do that; a person sees them with what each does before any
 * runs. They run one by one, and stop at the first that fails. What was before is kept under a ref.
 */
export const run: Run = (call) => {
  const { flags, io, words, rest } = call
  const wish = [...words, ...rest].join(" ").trim()
  if (wish === "") throw new UsageError('What is to be done? As in: skein git "undo my last 3 commits".')
  return withHost(call, async ({ host, cwd }) => {
    const { signal, done } = interruptible(io)
    try {
      const git = gitLook(host, cwd, signal)
      const text = [STEPS_GUIDE, await stateOf(git), `<wish>\n${wish}\n</wish>`].join("\n\n")
      const asked = { host, cwd, flags, io, signal, text, schema: STEPS_SCHEMA, read: readSteps }
      const { steps, note } = await askOnce(asked)
      if (note !== "") io.out(oneLine(note))
      if (steps.length === 0) return EXIT.failed
      const shown = await Promise.all(steps.map((step) => told(step, host, cwd)))
      for (const line of shown.flat()) io.out(line)
      if (flags.has("dry-run")) return EXIT.completed
      if (!flags.has("yes") && !(await confirmed(io, "Run these?", READING_MS))) {
        io.out("Nothing was run.")
        return EXIT.completed
      }
      return await ran(steps, { io, cwd, git })
    } finally {
      done()
    }
  })
}

const READING_MS = 400

/** What the words can be about. Throws UsageError outside a repository. */
async function stateOf(git: GitLook): Promise<string> {
  const status = await git.tried(["status", "--short", "--branch"])
  if (status === undefined) throw new UsageError("This folder is in no git repository.")
  const parts = await Promise.all([
    git.tried(["log", "-20", "--format=%h %ar %an: %s"]),
    git.tried(["branch", "--all", "-vv", "--sort=-committerdate"]),
    git.tried(["stash", "list"]),
    git.tried(["remote"]),
  ])
  const [log = "", branches = "", stash = "", remotes = ""] = parts.map((part) => (part ?? "").slice(0, PART_CHARS_MAX))
  const state = [`# status\n${status.slice(0, PART_CHARS_MAX)}`, `# log\n${log}`, `# branches\n${branches}`]
  return `<state>\n${[...state, `# stash\n${stash}`, `# remotes\n${remotes}`].join("\n")}\n</state>`
}

const PART_CHARS_MAX = 4_000

/** The command, what the model says it does, and what skein knows of such commands. */
async function told(step: Step, host: Host, cwd: string): Promise<readonly string[]> {
  const { commands } = await host.shell.understandArgv(["git", ...step.args], { cwd, roots: [cwd] })
  const [first] = commands
  const isGrave = first?.risks.some((risk) => risk === "destroy" || risk === "publish") === true
  const warning = isGrave && first !== undefined ? [`    ! ${oneLine(first.reason)}`] : []
  return [`  ${oneLine(stepLine(step))}`, `      ${oneLine(step.does)}`, ...warning]
}

interface Running {
  readonly io: Io
  readonly cwd: string
  readonly git: GitLook
}

async function ran(steps: readonly Step[], { io, cwd, git }: Running): Promise<number> {
  const kept = await keptBefore(git, { io, cwd })
  for (const [at, step] of steps.entries()) {
    io.out(`$ ${oneLine(stepLine(step))}`)
    const { code, said } = await gitAct(step.args, { io, cwd })
    if (said !== "") io.out(said)
    if (code === 0) continue
    const left = steps.length - at - 1
    io.err(`skein: that ended with ${code}${left === 0 ? "" : `, so the ${left} after it did not run`}.`)
    for (const line of kept) io.err(line)
    return EXIT.failed
  }
  for (const line of kept) io.out(line)
  return EXIT.completed
}
