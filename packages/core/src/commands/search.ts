import { defineCommand, usageReply } from "./command.ts"
import { sessionChoice } from "./sessions.ts"
import { oneLine } from "./text.ts"

const FOUND_MAX = 20

export const search = defineCommand({
  name: "search",
  summary: "Find sessions in which these words were said.",
  usage: "<words>",
  whileBusy: true,
  async run(args, { ask, now }) {
    if (args === "") return usageReply(search)
    const hits = await ask({ type: "sessions.search", text: args, limit: FOUND_MAX })
    if (hits.length === 0) return { kind: "show", text: `No session holds "${args}".` }
    return {
      kind: "choose",
      title: `Sessions that hold "${args}"`,
      choices: hits.map(({ session, snippet }) => {
        const { label, detail, command } = sessionChoice(session, now)
        // The marks around what matched are for clients that colour it.
        return { label, detail: `${detail} · ${oneLine(snippet.replace(/[\uE000\uE001]/g, ""))}`, command }
      }),
    }
  },
})
