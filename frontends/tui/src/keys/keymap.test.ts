import { expect, test } from "bun:test"
import { ACTIONS } from "./actions.ts"
import { chordFrom } from "./chords.ts"
import { defaultKeymap } from "./defaults.ts"
import { keyHelp } from "./help.ts"
import { chordsOf, keymapFrom } from "./keymap.ts"

const bound = (bindings: Record<string, string>) => keymapFrom(bindings, defaultKeymap())

test("every action has a key, and is in the help once", () => {
  const actions = Object.keys(ACTIONS).toSorted()
  expect([...new Set(defaultKeymap().values())].toSorted()).toEqual(actions as never)
  const groups = keyHelp(defaultKeymap())
  expect(groups.slice(-2).map(({ title }) => title)).toEqual(["Edit", "Words below a call"])
  expect(keyHelp(defaultKeymap(), "vim").at(-2)?.title).toBe("Edit as in vi")
  const rows = groups.slice(0, -2).flatMap((group) => group.rows)
  expect(rows.map(({ what }) => what).toSorted()).toEqual(Object.values(ACTIONS).toSorted())
})

test("an action that is bound has these chords only, and takes them from what had them", () => {
  const { keymap, problems } = bound({ palette: "ctrl+x, Alt-less F7", theme: "none" })
  expect(problems).toEqual(['keys: palette = "Alt-less": there is no key "Alt-less".'])
  expect(chordsOf(keymap, "theme")).toEqual([])

  const taken = bound({ palette: "ctrl+o alt+p" })
  expect(taken.problems).toEqual([])
  expect(chordsOf(taken.keymap, "palette")).toEqual(["ctrl+o", "alt+p"])
  expect(chordsOf(taken.keymap, "models")).toEqual([])
})

test("an action that there is not is told with the nearest, a chord bound twice with both", () => {
  expect(bound({ pallete: "ctrl+x" }).problems).toEqual([
    'keys: there is no action "pallete". The nearest is "palette".',
  ])
  const twice = bound({ palette: "ctrl+x", theme: "ctrl+x" })
  expect(twice.problems).toEqual(['keys: "ctrl+x" is bound twice, to palette and theme. It stays palette.'])
  expect(twice.keymap.get("ctrl+x")).toBe("palette")
})

test("sending and leaving keep a key", () => {
  const { keymap, problems } = bound({ submit: "none", newline: "enter" })
  expect(keymap.get("enter")).toBe("submit")
  expect(problems).toEqual(["keys: submit must have a key. It stays enter."])
})

test("a chord that most terminals cannot send is bound, and told", () => {
  const { keymap, problems } = bound({ models: "ctrl+m" })
  expect([keymap.get("ctrl+m"), problems]).toEqual([
    "models",
    ['keys: models = "ctrl+m": most terminals send Enter for it.'],
  ])
})

test("chords are written as people write them", () => {
  const written = [
    "Shift+Ctrl+K",
    "alt+enter",
    "F2",
    "control+Return",
    "option+pgup",
    "shift+a",
    "ctrl+A",
    "alt+A",
    "ctrl++",
    "+",
    "esc",
    "cmd+k",
    "space",
    "ctrl+space",
    "é",
  ]
  expect(written.map((text) => Object.values(chordFrom(text))[0] ?? "")).toEqual([
    "ctrl+shift+k",
    "alt+enter",
    "f2",
    "ctrl+enter",
    "alt+page-up",
    "A",
    "ctrl+a",
    "alt+shift+a",
    "ctrl++",
    "+",
    "escape",
    "super+k",
    " ",
    "ctrl+space",
    "é",
  ])
  expect(chordFrom("hyper+k")).toEqual({
    problem: '"hyper+k": "hyper" is no modifier; there are ctrl, alt, shift and super',
  })
  expect(chordFrom("ctrl+")).toEqual({ problem: '"ctrl+": there is no key ""' })
})

test("what a function key does, a key of every terminal does too", () => {
  const actions = [...new Set(defaultKeymap().values())]
  const alone = actions.filter((action) =>
    chordsOf(defaultKeymap(), action).every((chord) => /^(f\d+|ctrl\+page-.*)$/.test(chord)),
  )
  expect(alone).toEqual([])
})

test("the help tells the keys that are bound now, and what to press where a terminal cannot send one", () => {
  const rows = keyHelp(bound({ models: "ctrl+m, ctrl+x" }).keymap).flatMap((group) => group.rows)
  const row = (what: string) => rows.find((candidate) => candidate.what === what)
  expect(row(ACTIONS.models)).toEqual({
    keys: ["ctrl+m", "ctrl+x"],
    what: ACTIONS.models,
    note: "most terminals send Enter for it: then ctrl+x",
  })
  expect(row(ACTIONS.newline)?.note).toBe("or `\\` and then Enter, in every terminal")
  expect(row(ACTIONS["paste.image"])?.note).toBe("some terminals keep it for pasting text: then alt+v")
})
