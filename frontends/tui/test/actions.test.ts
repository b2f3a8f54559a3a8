import { expect, test } from "bun:test"
import { say, scriptedModel } from "@skein/testkit"
import { type Sitting, sit } from "./sitting.ts"

const ALT_X = "\u001bx"
const F12 = "\u001b[24~"
const ESC = "\u001b"

/** Chooses what the palette finds by these words. */
async function choose(at: Sitting, words: string): Promise<void> {
  await at.type(ALT_X)
  await at.until("do  ")
  await at.type(words)
  await at.until(" of 1")
  await at.type("\r")
}

test("the palette does what keys do: the sidebar, a copy, the screen, scrolling", async () => {
  const copied: string[] = []
  const copy = async (text: string) => {
    copied.push(text)
    return { way: "the terminal", isSure: true } as const
  }
  const at = await sit(scriptedModel(say("It is four.")), { columns: 120, system: { copy } })
  await at.type("two and two\r")
  await at.until("Done")
  await choose(at, "copy what is selected")
  await at.until("Copied the last answer")
  expect(copied).toEqual(["It is four."])
  await choose(at, "hide the sidebar")
  await at.when(() => at.terminal.isAlternate)
  await at.until("sessions")
  await choose(at, "scroll.page-up")
  expect(at.screen()).not.toContain("esc back")
  await choose(at, "inline or full screen")
  await at.when(() => !at.terminal.isAlternate)
  await at.leave()
})

test("the palette interrupts what runs, takes back what waits, and says where there is neither", async () => {
  const never = Promise.withResolvers<void>()
  const at = await sit(scriptedModel([[{ type: "text", index: 0, text: "I look " }], never.promise]))
  await at.until("scripted ·")
  await choose(at, "take back the newest")
  await at.until("Nothing waits for its turn.")
  await at.type(ESC)
  await at.until("? keys")
  await choose(at, "else interrupt the turn")
  await at.until("Not now: nothing runs.")
  await at.type(ESC)
  await at.until("? keys")
  await at.type("go\r")
  await at.until("I look")
  await at.type("and then this\u001b\r")
  await at.until("queued")
  await choose(at, "take back the newest")
  await at.until("› and then this")
  await choose(at, "close what is open, else interrupt")
  await at.until("Stopped")
  await at.leave()
})

test("a key, a word and the palette lead to the same", async () => {
  const at = await sit(scriptedModel())
  await at.until("scripted ·")
  for (const by of [
    (): Promise<void> => at.type("\u001bOR"),
    () => at.type("/transcript\r"),
    () => choose(at, "read the transcript"),
  ]) {
    await by()
    await at.until("y copy")
    await at.type("q")
    await at.until("? keys")
  }
  await at.type(F12)
  await at.when(() => at.terminal.isAlternate)
  await at.leave()
})

test("/copy copies the last answer, and says when there is none", async () => {
  const copied: string[] = []
  const copy = async (text: string) => {
    copied.push(text)
    return { way: "the terminal", isSure: true } as const
  }
  const at = await sit(scriptedModel(say("It is *four*.")), { system: { copy } })
  await at.type("/copy\r")
  await at.until("There is no answer to copy yet.")
  await at.type("two and two\r")
  await at.until("Done")
  await at.type("/copy\r")
  await at.until("Copied the last answer by the terminal.")
  expect(copied).toEqual(["It is *four*."])
  await at.leave()
})

test("a command that this version does not have says so, and one that nobody knows says what is near", async () => {
  const at = await sit(scriptedModel())
  await at.until("scripted ·")
  const told = [
    ["/swarm", "/swarm is not available in this version of skein"],
    ["/swarm", "/swarm is not available in this version of skein"],
    ["/comapct", "There is no command /comapct. Did you mean /compact?"],
  ] as const
  for (const [line, sentence] of told) {
    await at.type(`${line}\r`)
    await at.until(sentence)
  }
  await at.leave()
})

test("a theme that there is not is refused, and the one that holds stays", async () => {
  const at = await sit(scriptedModel(), { tui: { theme: "dark" } })
  await at.until("scripted ·")
  await at.type("/theme nosuch\r")
  await at.until('There is no theme "nosuch". There are monochrome, dark')
  await at.type("/theme\r")
  expect(await at.until("enter choose")).toContain("› dark")
  await at.leave()
})

test("a theme that is chosen is kept and says where, one that cannot be says why, and one that is only seen is not", async () => {
  const kept: string[] = []
  const keepTheme = async (theme: string) => {
    kept.push(theme)
    return theme === "light" ? { failure: "SKEIN_TUI__THEME says so" } : { where: "/srv/.config/skein/config.toml" }
  }
  const at = await sit(scriptedModel(), { keepTheme })
  await at.until("scripted ·")
  await at.type("/theme dark\r")
  await at.until("The theme is dark, at the next start too: ~/.config/skein/config.toml")
  await at.type("/theme light\r")
  await at.until("The theme is light until skein ends: SKEIN_TUI__THEME says so.")
  await at.type("/theme\r")
  await at.until("enter choose")
  await at.type("\u001b[B")
  await at.type("\u001b[27u")
  await at.when(() => !at.screen().includes("enter choose"))
  expect(kept).toEqual(["dark", "light"])
  await at.leave()
})

test("/file names a path in the prompt, and /image attaches the image of a file", async () => {
  const readImage = async (path: string) =>
    path === "shot one.png" ? { mediaType: "image/png", data: "AAAA", bytes: 2_048 } : undefined
  const at = await sit(scriptedModel(), { system: { readImage } })
  await at.until("scripted ·")
  await at.type("/file src/x.ts\r")
  await at.until("› @src/x.ts")
  await at.type("\u0003/file 'my notes.md'\r")
  await at.until('› @"my notes.md"')
  await at.type('\u0003/image "shot one.png"\r')
  await at.until("[image: shot one.png 2 kB]")
  await at.type("\u0003/image nosuch.png\r")
  await at.until("No image can be read there: it stays text.")
  await at.until("› nosuch.png")
  await at.leave()
})
