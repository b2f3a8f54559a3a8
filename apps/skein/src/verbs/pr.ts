import { EXIT } from "@skein/headless"
import type { Host } from "@skein/host"
import { gitAct } from "../git/act.ts"
import { type Forge, forgeOf } from "../git/forge.ts"
import { type GitLook, gitLook, plainRef } from "../git/look.ts"
import { type Message, requestMessage } from "../git/message.ts"
import { confirmed } from "../session/confirm.ts"
import { withHost } from "../session/host.ts"
import { interruptible } from "../session/signals.ts"
import { UsageError } from "../usage.ts"
import type { Run, VerbCall } from "../verb.ts"

/** `skein pr create`: pushes this branch and asks for it to be taken over, in words that a person has seen. */
export const create: Run = (call) => request(call, "create")
/** `skein pr update`: the same for a branch that has a pull request already: its newest commits, and its words anew. */
export const update: Run = (call) => request(call, "update")

interface Branch {
  readonly name: string
  readonly base: string
  /** Where the commits are that the base has now. */
  readonly baseRef: string
}

function request(call: VerbCall, what: "create" | "update"): Promise<number> {
  return withHost(call, async ({ host, cwd }) => {
    const { flags, io } = call
    const { signal, done } = interruptible(io)
    try {
      const git = gitLook(host, cwd, signal)
      const remote = await git.tried(["remote", "get-url", "origin"])
      if (remote === undefined)
        throw new UsageError("There is no remote called origin to push to: git remote add origin URL.")
      const forge = forgeOf(io, cwd, remote)
      const branch = await branchOf(git, flags.text("base"))
      const message = await words(call, host, { git, branch, cwd, signal })
      const draft = flags.has("draft") ? ", as a draft" : ""
      io.out(`push    ${branch.name} to ${withoutPassword(remote.trim())}`)
      io.out(`${what}  a pull request into ${branch.base} by ${forge.program}${draft}`)
      for (const line of [message.subject, "", ...message.body.split("\n")]) io.out(line === "" ? "" : `  ${line}`)
      if (flags.has("dry-run")) return EXIT.completed
      if (!flags.has("yes") && !(await confirmed(io, "Push and send this?", READING_MS))) {
        io.out("Nothing was sent.")
        return EXIT.completed
      }
      const pushed = await gitAct(["push", "--set-upstream", "origin", branch.name], { io, cwd })
      if (pushed.code !== 0) {
        io.err(`skein: git push ended with ${pushed.code}, so no pull request was touched:\n${pushed.said}`)
        return EXIT.failed
      }
      io.out((await sent(forge, what, { branch, message, isDraft: flags.has("draft") })).trim())
      return EXIT.completed
    } finally {
      done()
    }
  })
}

const READING_MS = 400

/** The branch that is checked out, and what it goes into. Throws UsageError where there is nothing to ask for. */
async function branchOf(git: GitLook, said: string | undefined): Promise<Branch> {
  const name = (await git.tried(["symbolic-ref", "--short", "--quiet", "HEAD"]))?.trim()
  if (name === undefined) throw new UsageError("No branch is checked out: git switch -c NAME makes one of this.")
  const known = await git.tried(["symbolic-ref", "--short", "--quiet", "refs/remotes/origin/HEAD"])
  const base = said === undefined ? (known?.trim().replace(/^origin\//, "") ?? "main") : plainRef(said)
  if (name === base) {
    throw new UsageError(
      `You are on ${base} itself. Put the work on a branch of its own: git switch -c NAME, then skein pr create.`,
    )
  }
  const remoteBase = `origin/${base}`
  const hasRemote = (await git.tried(["rev-parse", "--verify", "--quiet", remoteBase])) !== undefined
  const baseRef = hasRemote ? remoteBase : base
  const ahead = Number((await git.read(["rev-list", "--count", `${baseRef}..HEAD`])).trim())
  if (ahead === 0) throw new UsageError(`${name} has no commit that ${baseRef} has not: commit first (skein commit).`)
  return { name, base, baseRef }
}

interface Wording {
  readonly git: GitLook
  readonly branch: Branch
  readonly cwd: string
  readonly signal: AbortSignal
}

async function words({ flags, io }: VerbCall, host: Host, { git, branch, cwd, signal }: Wording): Promise<Message> {
  const [title, body] = [flags.text("title"), flags.text("body")]
  if (title !== undefined && body !== undefined) return { subject: title, body }
  const written = await requestMessage(branch.baseRef, git, { host, cwd, flags, io, signal })
  return { subject: title ?? written.subject, body: body ?? written.body }
}

interface Sending {
  readonly branch: Branch
  readonly message: Message
  readonly isDraft: boolean
}

/** The words go by stdin or as one argument each, never through a shell. */
function sent({ program, run }: Forge, what: "create" | "update", { branch, message, isDraft }: Sending) {
  const { subject, body } = message
  if (program === "gh") {
    const into = ["--title", subject, "--body-file", "-"]
    if (what === "update") return run(["pr", "edit", branch.name, ...into], body)
    return run(
      ["pr", "create", "--head", branch.name, "--base", branch.base, ...into, ...(isDraft ? ["--draft"] : [])],
      body,
    )
  }
  const into = ["--title", subject, "--description", body, "--yes"]
  if (what === "update") return run(["mr", "update", branch.name, ...into])
  const places = ["--source-branch", branch.name, "--target-branch", branch.base]
  return run(["mr", "create", ...places, ...into, ...(isDraft ? ["--draft"] : [])])
}

function withoutPassword(remote: string): string {
  return remote.replace(/^([a-z+]+:\/\/)[^@/]*@/i, "$1")
}
