import { asked } from "./asked.ts"
import { defineCommand, usageReply } from "./command.ts"

export const git = defineCommand({
  name: "git",
  summary: "Say in words what git is to do; you see the commands first.",
  usage: "<what is to be done>",
  whileBusy: false,
  run(args, { sessionId }) {
    if (args === "") return usageReply(git, "What is to be done? As in: /git undo my last 3 commits.")
    return asked(sessionId, `With git: ${args}\n\n${HOW}`)
  },
})

export const commit = defineCommand({
  name: "commit",
  summary: "Commit what was done, once you have seen the message.",
  usage: "[what to say]",
  whileBusy: false,
  run(args, { sessionId }) {
    const hint = args === "" ? "" : ` What to say: ${args}.`
    return asked(
      sessionId,
      `Commit the work of this session.${hint} Look at git status and git diff; stage only what belongs to it. Write the message in the way of this repository's log. ${HOW}`,
    )
  },
})

const HOW =
  "Look at the state first. Then show me the exact commands, in order, each with what it does; name what cannot be taken back. Ask me by the tool question (run them, or leave it) before any of them changes something; where nobody answers, run none. Keep the commit that is checked out before under refs/skein/ when commits are moved. Run them one by one, and stop at the first that fails. Push only if I asked for that."
