import type { Receipt } from "@skein/protocol"
import { insertedBefore, insertInput } from "../composer/back.ts"
import type { Intent } from "../intent.ts"
import { commanded } from "./commanding.ts"
import type { Desk } from "./desk.ts"
import { hunkTakenBack } from "./hunk.ts"
import type { IntentOf, IntentTable } from "./intent-table.ts"
import type { Connected } from "./options.ts"
import { keptText } from "./remembered.ts"
import type { SessionLink } from "./session-link.ts"
import { interrupted, takenBack } from "./waiting.ts"

/** Intents that need no session. */
export type Anywhere =
  | ("tell" | "type" | "insert" | "quit" | "act" | "redraw" | "suspend" | "open" | "theme" | "copy" | "editor")
  | ("image.paste" | "image.read" | "visit" | "screen" | "tab")

interface Here {
  readonly app: Desk
  readonly link: SessionLink
  readonly connected: Connected
}

/** What is done in a session. */
export const IN_SESSION: IntentTable<Exclude<Intent["type"], Anywhere>, Here> = {
  submit: submitted,
  "submit.later"() {
    throw new Error("A prompt that waits was not held")
  },
  command: ({ line }, { link, app }) => commanded(line, link, app),
  async op({ op, done }, { link, app }) {
    const receipt = await link.submit(op)
    refusalTold(app, receipt)
    if (receipt.status === "accepted" && done !== undefined) app.hint(done)
  },
  "hunk.revert": (intent, { link, app }) => hunkTakenBack(intent, link, app),
  interrupt: ({ asking }, { link, app }) => interrupted(asking, link, app),
  answer: answered,
  async shell({ command, isPrivate }, { link, app }) {
    const { sessionId } = link
    refusalTold(app, await link.submit({ type: "shell.run", sessionId, command, isPrivate }))
  },
  "process.attach": async ({ processId }, { link, app }) =>
    (await import("./attaching.ts")).attach(processId, link, app),
  "queue.edit": ({ inputId }, { link, app }) => takenBack(inputId, link, app),
  async "queue.cancel"({ inputId }, { link, app }) {
    refusalTold(app, await link.submit({ type: "input.cancel", sessionId: link.sessionId, inputId }))
  },
  session: ({ sessionId, place }, { app }) => app.sessions.enter({ sessionId, isNew: false }, place),
  "session.new": ({ place }, { app, link, connected }) =>
    app.sessions.enter(async () => ({ sessionId: await connected.create(link.facts.cwd), isNew: true }), place),
}

async function submitted({ input, delivery }: IntentOf<"submit">, { link, app }: Here): Promise<void> {
  const receipt = await link.submit({ type: "turn.submit", sessionId: link.sessionId, input, delivery })
  refusalTold(app, receipt)
  // What was said is not lost for being refused: it is mended and sent again.
  if (receipt.status === "rejected") app.composer = insertedBefore(app.composer, [(state) => insertInput(state, input)])
}

async function answered({ type: _, ...answer }: IntentOf<"answer">, { link, app }: Here): Promise<void> {
  const { tabs } = app.sessions
  const asking = tabs.asking(answer.approvalId) ?? link
  const kept = keptText(tabs.asked(answer.approvalId), answer)
  const receipt = await asking.submit({ type: "approval.answer", sessionId: asking.sessionId, ...answer })
  refusalTold(app, receipt)
  if (receipt.status === "accepted" && kept !== undefined) app.tell(kept)
  if (receipt.status === "rejected") app.sessions.askAgain(answer.approvalId)
}

function refusalTold(app: Desk, receipt: Receipt): void {
  if (receipt.status === "rejected") app.tell(receipt.message, "warning")
}
