import type { Desk } from "./desk.ts"
import { localCommand } from "./local-commands.ts"
import { openWanted } from "./open-panel.ts"
import { performed, type Replied, replied } from "./reply.ts"
import type { SessionLink } from "./session-link.ts"
import { askedYes } from "./yes.ts"

/** `/name args`: of the screen itself, or of the engine. */
export async function commanded(line: string, link: SessionLink, app: Desk): Promise<void> {
  const own = localCommand(line)
  if (own !== undefined) return app.all(own)
  const { wish } = app.sessions
  const wished = await app.front.wished(Symbol(line), () => replied(link, line))
  if (wished !== undefined) await shown(wished.made, line, { app, link, wish, isWanted: wished.isWanted })
}

/** Where a command was given: another session may be seen by the time it is done. */
interface Given {
  readonly app: Desk
  readonly link: SessionLink
  /** What was to be seen when it was given. */
  readonly wish: number
  /** Nothing else was wanted while it was done, and nothing asked. */
  readonly isWanted: boolean
}

async function shown(reply: Replied, line: string, given: Given): Promise<void> {
  const { app, link } = given
  switch (reply.kind) {
    case "text":
      return app.show(reply.title, reply.text)
    case "refused":
      return app.tell(reply.text, "warning")
    case "choose":
      return openWanted(
        (await import("../panels/pickers/choices.ts")).choicePanel(reply.title, reply.choices),
        given.isWanted,
        app,
      )
    case "confirm": {
      const isYes = await askedYes(app, { title: line, lines: reply.question.split("\n"), question: "Do it?" })
      if (isYes !== true) return app.hint("Nothing was done.")
      return shown(await performed(link, reply.ops, reply.done), line, given)
    }
    case "done":
      if (reply.movedTo !== undefined) {
        const { movedTo: sessionId, isNew } = reply
        await app.sessions.enter({ sessionId, isNew }, "here", given.wish)
      }
      if (reply.text !== "") app.tell(reply.text)
  }
}
