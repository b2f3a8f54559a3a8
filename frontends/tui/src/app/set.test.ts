import { expect, test } from "bun:test"
import { DEFAULT_SETTINGS } from "./options.ts"
import { changesOf } from "./set.ts"

test("only what is set otherwise than before is done: what was chosen on the screen stays", () => {
  const nothing = changesOf(DEFAULT_SETTINGS, { ...DEFAULT_SETTINGS, keys: {}, includedPaths: [] })
  expect(nothing).toEqual({ changed: {}, keymap: undefined, editing: undefined, problems: [] })

  const { changed, keymap, editing } = changesOf(DEFAULT_SETTINGS, {
    ...DEFAULT_SETTINGS,
    editing: "vim",
    keys: { editor: "f9" },
  })
  expect(changed).toEqual({ editing: "vim", keys: { editor: "f9" } })
  expect([keymap?.get("f9"), editing?.kind]).toEqual(["editor", "vim"])
})

test("what cannot be is told, and the rest of it holds", () => {
  const settings = { ...DEFAULT_SETTINGS, theme: "nonesuch", keys: { nope: "x", editor: "f9" } }
  const { changed, keymap, problems } = changesOf(DEFAULT_SETTINGS, settings)
  expect(changed.theme).toBeUndefined()
  expect(keymap?.get("f9")).toBe("editor")
  expect(problems).toEqual([
    'There is no theme "nonesuch". There are monochrome, dark, light, solarized-dark, solarized-light, high-contrast, high-contrast-light, marketing.',
    'keys: there is no action "nope". The nearest is "quit".',
  ])
})
