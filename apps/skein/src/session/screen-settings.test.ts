import { expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { directories } from "@skein/config"
import type { TuiSettings } from "@skein/tui"
import { called } from "../../test/ground/fake-engine.ts"
import { GO_ON_FLAGS } from "../session-flags.ts"
import { UsageError } from "../usage.ts"
import { keepThemeOf } from "./keep-theme.ts"
import { hostRequest } from "./request.ts"
import { screenKind } from "./screen-kind.ts"
import { personsConfig, screenSettings, watchScreenSettings } from "./screen-settings.ts"

/** A person with settings of their own, and a command line. */
function person(settings: string | undefined, argv: readonly string[] = [], env: Record<string, string> = {}) {
  const home = mkdtempSync(join(tmpdir(), "skein-screen-"))
  const folder = join(home, "config")
  mkdirSync(folder)
  const file = join(folder, "config.toml")
  if (settings !== undefined) writeFileSync(file, settings)
  const { call } = called(argv, GO_ON_FLAGS)
  const io = { ...call.io, cwd: home, env: { HOME: home, SKEIN_HOME: home, ...env } }
  const folders = directories(io.env, home)
  return {
    ...{ home, file, folders, call: { ...call, io } },
    request: () => hostRequest(call.flags, io),
    settings: () => screenSettings(personsConfig(hostRequest(call.flags, io), folders)),
    /** As editors do: another file in the place of it. */
    write(text: string) {
      writeFileSync(`${file}.new`, text)
      renameSync(`${file}.new`, file)
    },
    [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }),
  }
}

const OWN = `
[tui]
theme = "dark"
screen = "full"
editing = "vim"
motion = "reduced"
glyphs = "ascii"
notify = "always"
notify_by = ["bell", "desktop"]
status_command = "date"
[tui.keys]
"history.search" = "f4"
[fuzzy]
always_include_paths = ["dist"]
`

test("what a person sets is what the screen gets", () => {
  using me = person(OWN)
  expect(me.settings()).toEqual({
    ...{ theme: "dark", screen: "full", editing: "vim", isStill: true, glyphs: "ascii", notifications: "always" },
    ...{ notifyBy: ["bell", "desktop"], statusCommand: "date", includedPaths: ["dist"] },
    keys: { "history.search": "f4" },
  })
})

test("flags are above what is set, for this run", () => {
  using me = person(OWN, ["--theme", "light", "--no-notifications"])
  expect(me.settings()).toMatchObject({ theme: "light", notifications: "never", editing: "vim" })
  using plain = person(undefined, ["--vim", "--notifications"])
  expect(plain.settings()).toMatchObject({ theme: "monochrome", notifications: "always", editing: "vim" })
})

test("two flags that say different things are refused", () => {
  using screens = person(undefined, ["--full-screen", "--no-alt-screen"])
  expect(screens.request).toThrow(new UsageError("--no-alt-screen and --full-screen exclude each other."))
  using notes = person(undefined, ["--notifications", "--no-notifications"])
  expect(notes.request).toThrow(new UsageError("--notifications and --no-notifications exclude each other."))
})

const KINDS: readonly [
  said: string,
  kind: string,
  settings: string | undefined,
  argv: string[],
  env: Record<string, string>,
][] = [
  ["nothing", "inline", undefined, [], {}],
  ["settings about something else", "inline", 'effort = "low"', [], {}],
  ["the settings", "full", OWN, [], {}],
  ["a flag above them", "inline", OWN, ["--no-alt-screen"], {}],
  ["the flag of screen readers", "lines", OWN, ["--screen-reader"], {}],
  ["the flag of the whole screen", "full", undefined, ["--full-screen"], {}],
  ["-c", "lines", undefined, ["-c", "tui.screen=lines"], {}],
  ["the environment", "lines", OWN, [], { SKEIN_TUI__SCREEN: "lines" }],
  ["a profile", "lines", 'profile = "a"\n[profiles.a.tui]\nscreen = "lines"', [], {}],
  ["settings that are to be left unread", "inline", OWN, ["--ignore-user-config"], {}],
]

for (const [said, kind, settings, argv, env] of KINDS) {
  test(`before the first frame it is known where to draw, by ${said}`, async () => {
    using me = person(settings, argv, env)
    expect<string>(await screenKind(me.call)).toBe(kind)
  })
}

test("a change of the person's file is followed while the screen is open; a mistake is told once and changes nothing", async () => {
  using me = person('[tui]\ntheme = "dark"')
  const news: (TuiSettings | string)[] = []
  let heard = Promise.withResolvers<void>()
  const next = async () => {
    await heard.promise
    heard = Promise.withResolvers<void>()
    return news.splice(0)
  }
  const hear = (one: TuiSettings | string) => {
    news.push(one)
    heard.resolve()
  }
  const stop = watchScreenSettings(me.request(), me.folders, { onChange: hear, tell: hear })
  try {
    me.write('[tui]\ntheme = "light"')
    expect(await next()).toMatchObject([{ theme: "light" }])
    me.write('[tui]\ntheme = 3\nediting = "vim"')
    const [problem] = await next()
    expect(problem).toStartWith(`Cannot use tui.theme in ${me.file}: expected a text`)
    expect(problem).toEndWith("What was set before still holds.")
    me.write('[tui]\ntheme = 4\nediting = "vim"')
    await Bun.sleep(300)
    expect(news).toEqual([])
    me.write('[tui]\ntheme = "light"\nediting = "vim"')
    expect(await next()).toMatchObject([{ theme: "light", editing: "vim" }])
  } finally {
    stop()
  }
})

test("a theme that is chosen stands in the person's file, unless something else says what each start has", () => {
  using me = person(OWN)
  expect(keepThemeOf("light", me.call)).toEqual({ where: me.file })
  expect(readFileSync(me.file, "utf8")).toBe(OWN.replace('"dark"', '"light"'))
  using flagged = person(OWN, ["--theme", "light"])
  expect(keepThemeOf("monochrome", flagged.call)).toEqual({ where: flagged.file })
  using set = person(OWN, [], { SKEIN_TUI__THEME: "light" })
  expect(keepThemeOf("dark", set.call)).toEqual({ failure: "SKEIN_TUI__THEME says which one it starts with" })
  expect(readFileSync(set.file, "utf8")).toBe(OWN)
})
