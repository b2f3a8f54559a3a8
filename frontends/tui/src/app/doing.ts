import { fromEditor, insert, labelled } from "../composer/paste.ts"
import type { Intent } from "../intent.ts"
import { shortPath } from "../view/text/path.ts"
import { themeProblem } from "../view/themes/themes.ts"
import { act } from "./acting.ts"
import type { Desk } from "./desk.ts"
import { type Anywhere, IN_SESSION } from "./in-session.ts"
import { doneBy, type IntentOf, type IntentTable } from "./intent-table.ts"
import { openPanel } from "./open-panel.ts"
import { clipboardPasted, imagesPasted } from "./pasting.ts"
import { composed } from "./typed.ts"
import { askedYes } from "./yes.ts"

/** Carries out what was asked for, in the session that is seen if not in another. What the engine refuses is said; only a defect is thrown. */
export async function doIntent(intent: Intent, app: Desk, link = app.link): Promise<void> {
  if (isAnywhere(intent)) return doneBy(ANYWHERE, intent, app)
  const { connected } = app
  if (link === undefined || connected === undefined)
    throw new Error(`${intent.type} was done before there was a session`)
  return doneBy(IN_SESSION, intent, { app, link, connected })
}

/** What needs no session. */
const ANYWHERE: IntentTable<Anywhere, Desk> = {
  tell: ({ text }, app) => app.tell(text),
  type({ inputs }, app) {
    for (const input of inputs) composed(input, app)
  },
  insert({ text }, app) {
    app.composer = insert(app.composer, text)
  },
  quit: (_, app) => app.quit(),
  act: ({ action }, app) => act(action, app),
  redraw: (_, app) => app.canvas.redraw(),
  suspend: (_, app) => app.canvas.suspend(),
  open: ({ what }, app) => openPanel(what, app),
  theme: themed,
  copy: ({ text, what }, app) => copied(text, what, app),
  editor: (_, app) => edited(app),
  "image.paste": (_, app) => clipboardPasted(app),
  "image.read": ({ paths, text }, app) => imagesPasted(paths, text, app),
  visit: ({ target }, app) => app.options.system.visit(target),
  screen({ screen }, app) {
    if (screen === "full") return app.takeScreen()
    if (app.sessions.tabs.all.length > 1) return app.hint("Several tabs need the whole screen; /tab close closes one.")
    app.full = undefined
  },
  tab({ to }, app) {
    const other = typeof to === "number" ? app.full?.sessionAt(to, app.sessions.tabs) : undefined
    if (other !== undefined) return app.sessions.enter({ sessionId: other, isNew: false }, "tab")
    return switched(to, app)
  },
}

function isAnywhere(intent: Intent): intent is IntentOf<Anywhere> {
  return Object.hasOwn(ANYWHERE, intent.type)
}

/** One that there is not changes nothing. */
async function themed({ name: theme, isChosen }: IntentOf<"theme">, app: Desk): Promise<void> {
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
