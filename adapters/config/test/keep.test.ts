import { afterAll, expect, test } from "bun:test"
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { keepSetting } from "../src/index.ts"

const root = mkdtempSync(join(tmpdir(), "skein-keep-"))
afterAll(() => rmSync(root, { recursive: true }))

let made = 0
function kept(before: string | undefined, theme = "dark"): string {
  const file = join(root, `${made++}.toml`)
  if (before !== undefined) writeFileSync(file, before)
  keepSetting(file, "tui", "theme", theme)
  return readFileSync(file, "utf8")
}

test("a setting is kept beside all that stands in the file: comments, order, line ends", () => {
  const mine =
    '# mine\nmodel = "a/b" # best\n\n[tui] # how it looks\nscreen = "full"\n  theme = "light"  # at noon\n[tui.keys]\neditor = "ctrl+x"\n'
  expect(kept(mine)).toBe(mine.replace('"light"', '"dark"'))
  expect(kept(mine.replaceAll("\n", "\r\n"))).toBe(mine.replace('"light"', '"dark"').replaceAll("\n", "\r\n"))
  expect(kept('[tui]\nscreen = "full"\n')).toBe('[tui]\ntheme = "dark"\nscreen = "full"\n')
  expect(kept('[profiles.day]\ntheme = 1\n[profiles.day.tui]\ntheme = "light"\n[tui]\ntheme = "light"')).toBe(
    '[profiles.day]\ntheme = 1\n[profiles.day.tui]\ntheme = "light"\n[tui]\ntheme = "dark"',
  )
  expect(kept("tui.theme = 'light'\n")).toBe('tui.theme = "dark"\n')
  expect(kept('tui.screen = "full"\nmodel = "a/b"\n')).toBe('tui.screen = "full"\ntui.theme = "dark"\nmodel = "a/b"\n')
  expect(kept('model = "a/b"')).toBe('model = "a/b"\n\n[tui]\ntheme = "dark"\n')
  expect(kept('note = """\n[tui]\ntheme = "light"\n"""\n')).toBe(
    'note = """\n[tui]\ntheme = "light"\n"""\n\n[tui]\ntheme = "dark"\n',
  )
  expect(kept(undefined)).toBe('[tui]\ntheme = "dark"\n')
})

test("a setting of no table stands before all tables, in the place of the one that was there", () => {
  const write = (before: string, value: string | readonly string[]) => {
    const file = join(root, `${made++}.toml`)
    writeFileSync(file, before)
    keepSetting(file, "", "effort", value)
    return readFileSync(file, "utf8")
  }
  const mine = '# mine\neffort = "low" # cheap\n\n[tui]\ntheme = "dark"\n'
  expect(write(mine, "high")).toBe(mine.replace('"low"', '"high"'))
  expect(write('[tui]\ntheme = "dark"\n', "high")).toBe('effort = "high"\n[tui]\ntheme = "dark"\n')
  expect(write("", "high").trim()).toBe('effort = "high"')
})

test("what cannot be changed without changing more is left alone and said", () => {
  const file = join(root, "inline.toml")
  for (const text of ['tui = { theme = "light" }\n', "tui = 1\n[tui\n"]) {
    writeFileSync(file, text)
    expect(() => keepSetting(file, "tui", "theme", "dark")).toThrow()
    expect(readFileSync(file, "utf8")).toBe(text)
  }
})

test("a link stays a link, rights stay, and nothing is left beside it", () => {
  const [file, link] = [join(root, "own.toml"), join(root, "link.toml")]
  writeFileSync(file, "", { mode: 0o640 })
  symlinkSync(file, link)
  keepSetting(link, "tui", "theme", "dark")
  expect(lstatSync(link).isSymbolicLink()).toBe(true)
  expect(readFileSync(file, "utf8")).toBe('[tui]\ntheme = "dark"\n')
  expect(statSync(file).mode & 0o777).toBe(0o640)
  expect(readdirSync(root).filter((name) => !name.endsWith(".toml"))).toEqual([])
})
