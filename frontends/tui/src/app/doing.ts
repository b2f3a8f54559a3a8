import type { Engine, Receipt } from "@skein/protocol"
import { insertedBefore, insertInput } from "../composer/back.ts"
import { fromEditor, insert, labelled } from "../composer/paste.ts"
import type { Intent } from "../intent.ts"
import { shortPath } from "../view/text/path.ts"
import { themeProblem } from "../view/themes/themes.ts"
import { act } from "./acting.ts"
import type { Desk } from "./desk.ts"
import { hunkTakenBack } from "./hunk.ts"
import { localCommand } from "./local-commands.ts"
import { openPanel, openWanted } from "./open-panel.ts"
import { clipboardPasted, imagesPasted } from "./pasting.ts"
import { keptText } from "./remembered.ts"
import { performed, type Replied, replied } from "./reply.ts"
import type { SessionLink } from "./session-link.ts"
import { composed } from "./typed.ts"
import { interrupted, takenBack } from "./waiting.ts"
import { askedYes } from "./yes.ts"

/** Carries out what was asked for, in the session that is seen if not in another. What the engine refuses is said; only a defect is thrown. */
export async function doIntent(intent: Intent, app: Desk, link = app.link): Promise<void> {
  const { connected } = app
  switch (intent.type) {
    case "tell":
      return app.tell(intent.text)
    case "type":
      for (const input of intent.inputs) composed(input, app)
      return
    case "insert":
      app.composer = insert(app.composer, intent.text)
      return
    case "quit":
      return app.quit()
    case "act":
      return act(intent.action, app)
    case "redraw":
      return app.canvas.redraw()
    case "suspend":
      return app.canvas.suspend()
    case "open":
      return openPanel(intent.what, app)
    case "theme":
      return themed(intent, app)
    case "copy":
      return copied(intent.text, intent.what, app)
    case "editor":
      return edited(app)
    case "image.paste":
      return clipboardPasted(app)
    case "image.read":
      return imagesPasted(intent.paths, intent.text, app)
    case "visit":
      return app.options.system.visit(intent.target)
    case "screen":
      if (intent.screen === "full") return app.takeScreen()
      if (app.sessions.tabs.all.length > 1)
        return app.hint("Several tabs need the whole screen; /tab close closes one.")
      app.full = undefined
      return
    case "tab": {
      const other = typeof intent.to === "number" ? app.full?.sessionAt(intent.to, app.sessions.tabs) : undefined
      if (other !== undefined) return app.sessions.enter({ sessionId: other, isNew: false }, "tab")
      return switched(intent.to, app)
    }
  }
  if (link === undefined || connected === undefined)
    throw new Error(`${intent.type} was done before there was a session`)
  const { sessionId } = link
  switch (intent.type) {
    case "submit": {
      const { input, delivery } = intent
      const receipt = await link.submit({ type: "turn.submit", sessionId, input, delivery })
      refusalTold(app, receipt)
      // What was said is not lost for being refused: it is mended and sent again.
      if (receipt.status === "rejected")
        app.composer = insertedBefore(app.composer, [(state) => insertInput(state, input)])
      return
    }
    case "command":
      return command(intent.line, link, app)
    case "op": {
      const receipt = await link.submit(intent.op)
      refusalTold(app, receipt)
      if (receipt.status === "accepted" && intent.done !== undefined) app.hint(intent.done)
      return
    }
    case "hunk.revert":
      return hunkTakenBack(intent, link, app)
    case "interrupt":
      return interrupted(intent.asking, link, app)
    case "answer": {
      const { type: _, ...answer } = intent
      const asking = app.sessions.tabs.asking(answer.approvalId) ?? sessionId
      const kept = keptText(app.sessions.tabs.asked(answer.approvalId), answer)
      const receipt = await link.submit({ type: "approval.answer", sessionId: asking, ...answer })
      refusalTold(app, receipt)
      if (receipt.status === "accepted" && kept !== undefined) app.tell(kept)
      if (receipt.status === "rejected") app.sessions.askAgain(answer.approvalId)
      return
    }
    case "shell": {
      const { command, isPrivate } = intent
      return refusalTold(app, await link.submit({ type: "shell.run", sessionId, command, isPrivate }))
    }
    case "queue.edit":
      return takenBack(intent.inputId, link, app)
    case "queue.cancel":
      return refusalTold(app, await link.submit({ type: "input.cancel", sessionId, inputId: intent.inputId }))
    case "submit.later":
      throw new Error("A prompt that waits was not held")
    case "session":
      return app.sessions.enter({ sessionId: intent.sessionId, isNew: false }, intent.place)
    case "session.new":
      return app.sessions.enter(
        async () => ({ sessionId: await connected.create(link.facts.cwd), isNew: true }),
        intent.place,
      )
  }
}

function refusalTold(app: Desk, receipt: Receipt): void {
  if (receipt.status === "rejected") app.tell(receipt.message, "warning")
}

/** `/name args`: of the screen itself, or of the engine. */
async function command(line: string, link: SessionLink, app: Desk): Promise<void> {
  const own = localCommand(line)
  if (own !== undefined) {
    for (const intent of own) await doIntent(intent, app)
    return
  }
  const { connected } = app
  if (connected === undefined) return
  const { engine } = connected
  const { wish } = app.sessions
  const wished = await app.wished(Symbol(line), () => replied(engine, link.sessionId, line))
  if (wished !== undefined) await shown(wished.made, line, { app, link, engine, wish, isWanted: wished.isWanted })
}

/** Where a command was given: another session may be seen by the time it is done. */
interface Given {
  readonly app: Desk
  readonly link: SessionLink
  readonly engine: Engine
  /** What was to be seen when it was given. */
  readonly wish: number
  /** Nothing else was wanted while it was done, and nothing asked. */
  readonly isWanted: boolean
}

async function shown(reply: Replied, line: string, given: Given): Promise<void> {
  const { app, link, engine } = given
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
      return shown(await performed(engine, link.sessionId, reply.ops, reply.done), line, given)
    }
    case "done":
      if (reply.movedTo !== undefined) {
        const { movedTo: sessionId, isNew } = reply
        await app.sessions.enter({ sessionId, isNew }, "here", given.wish)
      }
      if (reply.text !== "") app.tell(reply.text)
  }
}

/** One that there is not changes nothing. */
async function themed({ name: theme, isChosen }: Extract<Intent, { type: "theme" }>, app: Desk): Promise<void> {
  const problem = themeProblem(theme)
  if (problem !== undefined) return app.tell(problem, "warning")
  app.looks.set({ theme })
  if (isChosen !== true) return
  const kept = (await app.options.keepTheme?.(theme)) ?? { failure: "nothing keeps it" }
  if ("failure" in kept) return app.tell(`The theme is ${theme} until skein ends: ${kept.failure}.`, "warning")
  app.hint(`The theme is ${theme}, at the next start too: ${shortPath(kept.where, app.options.home)}`)
}

async function copied(text: string, what: string, app: Desk): Promise<void> {
  const outcome = await app.options.system.copy(text)
  if ("failure" in outcome) return app.tell(`Not copied: ${outcome.failure}`, "warning")
  app.hint(`Copied ${what} by ${outcome.way}${outcome.isSure ? "" : "; the terminal does not say whether it took it"}.`)
}

/** With all that was pasted in it. */
async function edited(app: Desk): Promise<void> {
  await app.outgoing.read()
  const text = labelled(app.composer)
  const outcome = await app.canvas.away(() => app.options.system.edit(text))
  if ("failure" in outcome) return app.tell(outcome.failure, "warning")
  app.composer = fromEditor(app.composer, outcome.text)
}

async function switched(to: "next" | "previous" | "close" | number, app: Desk): Promise<void> {
  if (to === "close") return tabClosed(app)
  if (await app.sessions.go(to)) return
  const count = app.sessions.tabs.all.length
  app.hint(`There ${count === 1 ? "is 1 tab" : `are ${count} tabs`}.`)
}

/** What runs in a tab ends with it: that is asked about first. */
async function tabClosed(app: Desk): Promise<void> {
  const closing = await app.sessions.closeTab()
  if (closing.kind === "only") return app.hint("This is the only tab. Ctrl+D leaves; the session is kept.")
  if (closing.kind === "closed") return
  const { tab } = closing
  const lines = ["Something runs in it, or waits for an answer. It ends with the tab."]
  const isYes = await askedYes(app, { title: tab.title, lines, question: "Close it?" })
  if (isYes !== true) return app.hint("Nothing was closed.")
  await app.sessions.closeTab(tab)
}
