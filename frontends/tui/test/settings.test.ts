import { expect, test } from "bun:test"
import { say, scriptedModel } from "@skein/testkit"
import { DEFAULT_SETTINGS, type SettingsListener, type TuiSettings } from "../src/index.ts"
import { sit } from "./sitting.ts"

test("tui.screen holds at once, and lines from the next start", async () => {
  let set = (_: TuiSettings): void => undefined
  const at = await sit(scriptedModel(), {
    tui: { screen: "inline" },
    onSettings: (handler) => {
      set = handler
    },
  })
  await at.until("scripted ·")
  set({ ...DEFAULT_SETTINGS, screen: "full" })
  await at.when(() => at.terminal.isAlternate)
  set({ ...DEFAULT_SETTINGS, screen: "full", editing: "vim" })
  set({ ...DEFAULT_SETTINGS, screen: "inline" })
  await at.when(() => !at.terminal.isAlternate)
  set({ ...DEFAULT_SETTINGS, screen: "lines" })
  await at.until('tui.screen = "lines" holds from the next start.')
  await at.leave()
})

test("what the person sets holds before there is an engine, and a mistake is told", async () => {
  let person: SettingsListener | undefined
  const at = await sit(scriptedModel(say("Yes.")), {
    glance: {
      session: { model: "test/scripted", mode: "auto", sandbox: "workspace-write" },
      recent: [],
      follow: (listener) => {
        person = listener
      },
    },
  })
  await at.when(() => person !== undefined)
  expect(await at.until("\n›")).not.toContain("\n>")
  person?.onChange({ ...DEFAULT_SETTINGS, glyphs: "ascii" })
  await at.until("\n>")
  person?.tell("Cannot use tui.theme: expected a text")
  await at.until("Cannot use tui.theme: expected a text")
  await at.leave()
})
