import { asked } from "./asked.ts"
import { defineCommand } from "./command.ts"

export const review = defineCommand({
  name: "review",
  summary: "Let the model look for what is wrong with changes.",
  usage: "[uncommitted | base <branch> | commit <sha> | what]",
  whileBusy: false,
  run(args, { sessionId }) {
    const [, kind, ref] = /^(base|commit)\s+(\S+)$/.exec(args) ?? []
    if (kind === "base") return asked(sessionId, `${of(`against the base branch '${ref}'`)} ${HOW}`)
    if (kind === "commit") return asked(sessionId, `${of(`introduced by commit ${ref}`)} ${HOW}`)
    const isPlain = args === "" || args === "uncommitted"
    const what = isPlain
      ? "Review the current code changes (staged, unstaged, and untracked files)."
      : `Review: ${args}`
    return asked(sessionId, `${what} ${HOW}`)
  },
})

const of = (which: string) => `Review the code changes ${which}.`

const HOW =
  "Change nothing. Read the files around a change before you judge it. Report bugs, lost data, races, broken contracts, holes in security and what tests do not catch, each with the case in which it goes wrong: `- [P0-P3] title — path:line`, and below it why, and the lines to write instead. P0 breaks everything, P1 goes wrong in ordinary use, P2 in some cases, P3 is small. The worst first; no praise; no finding is a good answer. End with whether the changes are right as they are."
