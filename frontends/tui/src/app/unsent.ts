import { chipLabel, expanded } from "../composer/chips.ts"
import { press } from "../composer/press.ts"
import type { Intent } from "../intent.ts"
import { saidIn } from "../transcript/transcript.ts"
import type { App } from "./app.ts"

/** What the person typed and nobody was sent: what waits for an engine, in order, then the composer. */
export function unsentOf(app: App): string | undefined {
  const { keymap, canvas } = app
  const intents = [...app.held]
  let { composer } = app
  for (const input of app.sleep.waiting) {
    const pressed = press(composer, input, { isBusy: false, keymap, columns: canvas.size.columns })
    composer = pressed.state
    intents.push(...(pressed.intents ?? []))
  }
  const said = [...intents.map(wordsOf), expanded(composer.text, composer.chips, chipLabel)]
  const text = said.filter((words) => words.trim() !== "").join("\n")
  return text === "" ? undefined : text
}

/** As it was typed. */
function wordsOf(intent: Intent): string {
  switch (intent.type) {
    case "submit":
      return saidIn(intent.input).text
    case "command":
      return intent.line
    case "shell":
      return `${intent.isPrivate ? "!!" : "!"}${intent.command}`
    default:
      return ""
  }
}
