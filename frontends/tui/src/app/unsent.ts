import { chipLabel, expanded } from "../composer/chips.ts"
import { press } from "../composer/press.ts"
import type { App } from "./app.ts"
import { Outgoing } from "./outgoing.ts"

/** What the person typed and nobody was sent: what waits to be sent, in order, then the composer. */
export function unsentOf(app: App): string | undefined {
  const { keymap, canvas, outgoing } = app
  const behind = new Outgoing()
  let { composer } = app
  for (const input of app.sleep.waiting) {
    const pressed = press(composer, input, { isBusy: false, keymap, columns: canvas.size.columns })
    composer = pressed.state
    for (const intent of pressed.intents ?? []) behind.holds(intent, undefined)
  }
  const said = [...outgoing.words, ...behind.words, expanded(composer.text, composer.chips, chipLabel)]
  const text = said.filter((words) => words.trim() !== "").join("\n")
  return text === "" ? undefined : text
}
