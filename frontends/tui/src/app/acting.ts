import { MODES, type Mode } from "@skein/protocol"
import { acted } from "../composer/press.ts"
import { selectionOf } from "../composer/selection.ts"
import { isEmpty } from "../composer/state.ts"
import type { Intent, PanelName } from "../intent.ts"
import type { Action } from "../keys/actions.ts"
import type { Desk } from "./desk.ts"
import { pressContext } from "./press-context.ts"

/** Does what the key of an action would, for whoever names the action: the palette, a word. */
export function act(action: Action, app: Desk): void {
  const { state, action: left, intents = [] } = acted(app.composer, action, pressContext(app))
  app.composer = state
  app.all(intents)
  if (left !== undefined) actBeside(left, app)
}

/** Does what a key asked for that the composer had no use for itself. */
export function actBeside(action: Action, app: Desk): void {
  ACTS[action]?.(app)
}

/** Why an action could do nothing now; undefined when it can. */
export function blockerOf(action: Action, app: Desk): string | undefined {
  const { composer, link, sessions } = app
  switch (action) {
    case "submit":
      return isEmpty(composer) && !sessions.questions.isAside ? "Not now: nothing is written yet." : undefined
    case "cancel":
      return isAtWork(app) || selectionOf(composer) !== undefined ? undefined : "Not now: nothing runs."
    case "copy.answer":
      return link?.answer === undefined && selectionOf(composer) === undefined ? NO_ANSWER : undefined
    case "queue.edit":
      return link?.facts.queue.length ? undefined : NOTHING_WAITS
    default:
      return undefined
  }
}

const NO_ANSWER = "There is no answer to copy yet."
const NOTHING_WAITS = "Nothing waits for its turn."

const does = (intent: Intent) => (app: Desk) => app.do(intent)
const opens = (what: PanelName) => does({ type: "open", what })

/** What actions mean where the composer has no use for them: of keys, of the palette and of words alike. */
const ACTS: Readonly<Partial<Record<Action, (app: Desk) => void>>> = {
  submit({ composer, sessions: { questions } }) {
    if (isEmpty(composer) && questions.isAside) questions.show()
  },
  cancel(app) {
    if (isTakenBack(app)) return
    if (isAtWork(app)) app.do({ type: "interrupt" })
  },
  quit: (app) => app.quit(),
  interrupt(app) {
    if (isTakenBack(app)) return
    // A turn that does not stop keeps nobody.
    if (app.interrupts.pressed(app.options.now())) return app.quit()
    if (app.isBusy) app.do({ type: "interrupt" })
    app.hint("Ctrl+C again quits; the session is kept.")
  },
  sidebar(app) {
    toggleSidebar(app).catch((error: unknown) => app.stumbled(error))
  },
  "copy.answer"(app) {
    const text = app.link?.answer
    if (text === undefined) app.hint(NO_ANSWER)
    else app.do({ type: "copy", text, what: "the last answer" })
  },
  "queue.edit"(app) {
    const waiting = app.link?.facts.queue.at(-1)
    if (waiting === undefined) app.hint(NOTHING_WAITS)
    else app.do({ type: "queue.edit", inputId: waiting.inputId })
  },
  "mode.next": nextMode,
  complete: nextTier,
  palette: opens("palette"),
  help: opens("help"),
  models: opens("models"),
  theme: opens("themes"),
  viewer: opens("viewer"),
  expand: opens("call"),
  review: opens("review"),
  files: opens("files"),
  tools: opens("tools"),
  swarm: opens("agents"),
  connect: does({ type: "command", line: "/connect" }),
  "session.new": does({ type: "session.new", place: "here" }),
  "tab.new": does({ type: "session.new", place: "tab" }),
  "tab.next": does({ type: "tab", to: "next" }),
  "tab.previous": does({ type: "tab", to: "previous" }),
  suspend: does({ type: "suspend" }),
  redraw: does({ type: "redraw" }),
  screen: (app) => app.do({ type: "screen", screen: app.full === undefined ? "full" : "inline" }),
  "scroll.up": scrolls("scroll.up"),
  "scroll.down": scrolls("scroll.down"),
  "scroll.page-up": scrolls("scroll.page-up"),
  "scroll.page-down": scrolls("scroll.page-down"),
  "scroll.top": scrolls("scroll.top"),
  "scroll.bottom": scrolls("scroll.bottom"),
}

function isAtWork({ isBusy, link }: Desk): boolean {
  return isBusy || (link?.transcript.calls.length ?? 0) > 0
}

/** What waits to be sent stands in the composer again, if anything did. */
function isTakenBack(app: Desk): boolean {
  if (app.outgoing.isEmpty) return false
  app.composer = app.outgoing.takenBack(app.composer)
  return true
}

async function toggleSidebar(app: Desk): Promise<void> {
  if (app.full === undefined) await app.takeScreen()
  const { full, connected } = app
  if (full === undefined || connected === undefined) return
  full.hasSidebar = !full.hasSidebar
  if (full.hasSidebar) await full.refresh(connected.engine)
  app.canvas.soon()
}

/** Plan, ask, accept-edits, auto and round again; `full` is never reached by a key that is pressed once too often. */
function nextMode(app: Desk): void {
  if (app.link === undefined) return
  const { sessionId, settings } = app.link.facts
  const modes = MODES.filter((mode): mode is Mode => mode !== "full")
  const mode = modes[(modes.indexOf(settings.mode) + 1) % modes.length] ?? "ask"
  app.do({ type: "op", op: { type: "settings.change", sessionId, changes: { mode } } })
}

/** The strong model, or the fast and cheap one. */
function nextTier(app: Desk): void {
  if (app.link === undefined) return
  const { sessionId, settings } = app.link.facts
  const tier = settings.tier === "rush" ? "smart" : "rush"
  app.do({ type: "op", op: { type: "settings.change", sessionId, changes: { tier } }, done: `${tier}` })
}

/** Inline the terminal scrolls by itself; keys for it lead into the transcript. */
function scrolls(action: Action): (app: Desk) => void {
  return (app) => {
    const { full, link, canvas } = app
    if (full === undefined) app.do({ type: "open", what: "viewer" })
    else full.scroll(action, link, app.look(), canvas.size.rows)
  }
}
