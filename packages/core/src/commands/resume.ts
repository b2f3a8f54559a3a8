import { type CommandReply, isId } from "@skein/protocol"
import { type CommandWorld, defineCommand } from "./command.ts"
import { sessionChoice } from "./sessions.ts"

const SHOWN_MAX = 50

export const resume = defineCommand({
  name: "resume",
  aliases: ["sessions", "session"],
  summary: "Go on in another session; --all lists those of every folder.",
  usage: "[--all | id | words]",
  whileBusy: false,
  async run(args, world) {
    const { ask, facts, sessionId } = world
    const id = args.startsWith("ses_") ? args : `ses_${args}`
    if (isId("ses", id) && (args.startsWith("ses_") || /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(args))) return open(id, world)
    const { cwd } = await facts()
    const isAnywhere = args === "--all"
    const all = await ask({ type: "sessions.list", ...(isAnywhere ? {} : { cwd }), limit: 1_000 })
    const words = isAnywhere ? "" : args.toLowerCase()
    const found = all
      .filter((session) => session.sessionId !== sessionId)
      .filter(({ title = "", preview }) => `${title} ${preview}`.toLowerCase().includes(words))
      .slice(0, SHOWN_MAX)
    if (found.length === 0) {
      const hint = words === "" ? "/resume --all lists those of every folder." : `/search ${args} looks into them.`
      return { kind: "show", text: `There is no other session like that in this folder. ${hint}` }
    }
    return {
      kind: "choose",
      title: "Go on in which session?",
      choices: found.map((session) => sessionChoice(session, world.now)),
    }
  },
})

async function open(sessionId: `ses_${string}`, { ask }: CommandWorld): Promise<CommandReply> {
  // Throws when there is no such session.
  await ask({ type: "session.read", sessionId })
  return { kind: "open", sessionId }
}
