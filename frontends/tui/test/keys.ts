import type { Input } from "@skein/term"
import type { PressContext, Pressed } from "../src/composer/context.ts"
import { press } from "../src/composer/press.ts"
import { type ComposerState, emptyComposer } from "../src/composer/state.ts"
import { defaultKeymap } from "../src/keys/defaults.ts"

export const idle: PressContext = { isBusy: false, keymap: defaultKeymap(), columns: 80 }
export const busy: PressContext = { ...idle, isBusy: true }

/** `ab<enter>`: characters as they are, chords in angle brackets. */
export function keys(script: string, context: PressContext = idle, from = emptyComposer()): Pressed {
  return [...script.matchAll(/<([^<>]+)>|([\s\S])/gu)].reduce<Pressed>(
    ({ state }, [, chord, text = ""]) => press(state, inputOf(chord, text), context),
    { state: from },
  )
}

function inputOf(chord: string | undefined, text: string): Input {
  return chord === undefined ? { kind: "key", chord: text, text } : { kind: "key", chord }
}

/** The text with a bar where the caret is. */
export function shown({ text, caret }: ComposerState): string {
  return `${text.slice(0, caret)}|${text.slice(caret)}`
}
