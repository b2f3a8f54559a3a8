import { EXIT } from "@skein/headless"
import { gitAct } from "../git/act.ts"
import { type GitLook, gitLook } from "../git/look.ts"
import { commitMessage, type Message, messageText } from "../git/message.ts"
import { confirmed } from "../session/confirm.ts"
import { withHost } from "../session/host.ts"
import { interruptible } from "../session/signals.ts"
import { UsageError } from "../usage.ts"
import type { Run, VerbCall } from "../verb.ts"

/** `skein commit [message]`: commits what is staged, with a message that a model wrote of it, once a person has seen it. */
export const run: Run = (call) =>
  withHost(call, async ({ host, cwd }) => {
    const { flags, io } = call
    const { signal, done } = interruptible(io)
    try {
      const git = gitLook(host, cwd, signal)
      const stat = await whatIsCommitted(git, call)
      const diff = flags.has("all") ? ["diff", "HEAD"] : ["diff", "--cached"]
      const message = given(call) ?? (await commitMessage(diff, git, { host, cwd, flags, io, signal }))
      const text = messageText(message, host.config.values.git.coauthor)
      for (const line of [...text.split("\n"), "", ...stat.trimEnd().split("\n")])
        io.out(line === "" ? "" : `  ${line}`)
      if (flags.has("dry-run")) return EXIT.completed
      if (!flags.has("yes") && !(await confirmed(io, "Commit this?", READING_MS))) {
        io.out("Nothing was committed.")
        return EXIT.completed
      }
      const how = [...(flags.has("all") ? ["--all"] : []), ...(flags.has("no-verify") ? ["--no-verify"] : [])]
      const { code, said } = await gitAct(["commit", ...how, "--file", "-"], { io, cwd, stdin: `${text}\n` })
      if (code === 0) io.out(said)
      else io.err(`skein: git commit ended with ${code}:\n${said}`)
      return code === 0 ? EXIT.completed : EXIT.failed
    } finally {
      done()
    }
  })

/** A yes that comes sooner was typed before the message could be read. */
const READING_MS = 400

function given({ words, rest }: VerbCall): Message | undefined {
  const [subject = "", ...more] = [...words, ...rest].join(" ").trim().split("\n")
  return subject === "" ? undefined : { subject, body: more.join("\n").trim() }
}

/** The files, as git counts them. Throws UsageError where nothing would be committed, with what there is instead. */
async function whatIsCommitted(git: GitLook, { flags }: VerbCall): Promise<string> {
  if ((await git.tried(["rev-parse", "--git-dir"])) === undefined)
    throw new UsageError("This folder is in no git repository.")
  const stat = await git.read(flags.has("all") ? ["diff", "--stat", "HEAD"] : ["diff", "--stat", "--cached"])
  if (stat.trim() !== "") return stat
  const left = (await git.read(["status", "--short"])).trimEnd()
  if (left === "") throw new UsageError("Nothing has changed: there is nothing to commit.")
  throw new UsageError(
    `Nothing is staged. git add what belongs together, or skein commit --all. What there is:\n${left}`,
  )
}
