import { isEmpty } from "../composer/state.ts"
import type { Action } from "../keys/actions.ts"
import { intentsFor } from "./action-intents.ts"
import type { Desk } from "./desk.ts"

/** Does what a key asked for that the composer had no use for itself. */
export function act(action: Action, app: Desk): void {
  const own = ACTS[action]
  if (own !== undefined) return own(app)
  if (action.startsWith("scroll.")) return scroll(action, app)
  app.all(intentsFor(action, app.link?.facts, app.full !== undefined))
}

const ACTS: Readonly<Partial<Record<Action, (app: Desk) => void>>> = {
  submit({ composer, sessions: { questions } }) {
    if (isEmpty(composer) && questions.isAside) questions.show()
  },
  cancel(app) {
    if (isTakenBack(app)) return
    if (app.isBusy || (app.link?.transcript.calls.length ?? 0) > 0) app.do({ type: "interrupt" })
  },
  quit: (app) => app.quit(),
  interrupt(app) {
    if (isTakenBack(app)) return
    if (app.isBusy) return app.do({ type: "interrupt" })
    if (app.interrupts.pressed(app.options.now())) return app.quit()
    app.hint("Ctrl+C again quits; the session is kept.")
  },
  sidebar(app) {
    toggleSidebar(app).catch((error: unknown) => app.stumbled(error))
  },
  "copy.answer"(app) {
    const text = app.link?.answer
    if (text === undefined) app.hint("There is no answer to copy yet.")
    else app.do({ type: "copy", text, what: "the last answer" })
  },
  "queue.edit"(app) {
    const waiting = app.link?.facts.queue.at(-1)
    if (waiting === undefined) app.hint("Nothing waits for its turn.")
    else app.do({ type: "queue.edit", inputId: waiting.inputId })
  },
}

/** What waits to be sent stands in the composer again, if anything did. */
function isTakenBack(app: Desk): boolean {
  if (app.outgoing.isEmpty) return false
  app.composer = app.outgoing.takenBack(app.composer)
  return true
}

async function toggleSidebar(app: Desk): Promise<void> {
  if (app.full === undefined) await app.takeScreen()
  if (app.full !== undefined) app.full.hasSidebar = !app.full.hasSidebar
  app.canvas.soon()
}

/** Inline the terminal scrolls by itself; keys for it lead into the transcript. */
function scroll(action: Action, app: Desk): void {
  const { full, link, canvas } = app
  if (full === undefined) app.do({ type: "open", what: "viewer" })
  else full.scroll(action, link, app.look(), canvas.size.rows)
}
