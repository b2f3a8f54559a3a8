import type { Input } from "@skein/term"
import { press } from "../composer/press.ts"
import type { Action } from "../keys/actions.ts"
import { actBeside } from "./acting.ts"
import type { Desk } from "./desk.ts"
import { pressContext } from "./press-context.ts"

/** For the panel that is open, else for the question that is on the screen, else for the composer. */
export function typed(input: Input, app: Desk): void {
  const { rows } = app.canvas.size
  const wanted = app.front.key(input, rows)
  if (wanted !== undefined) return app.all(wanted)
  const tab = input.kind === "key" ? TAB_KEYS.get(app.keymap.get(input.chord)) : undefined
  if (tab !== undefined && app.sessions.questions.panel !== undefined) return app.do({ type: "tab", to: tab })
  const asked = app.sessions.questions.key(input, rows)
  if (asked !== undefined) return app.all(asked.kind === "stay" ? [] : asked.intents)
  composed(input, app)
}

/** A key for the composer. */
export function composed(input: Input, app: Desk): void {
  const { state, action, intents = [] } = press(app.composer, input, pressContext(app))
  app.composer = state
  app.all(intents)
  if (action !== undefined) actBeside(action, app)
}

/** Whoever is asked may look at who asks. */
const TAB_KEYS: ReadonlyMap<Action | undefined, "next" | "previous"> = new Map([
  ["tab.next", "next"],
  ["tab.previous", "previous"],
])
