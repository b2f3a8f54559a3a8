import { expect, test } from "bun:test"
import { idle, keys, shown } from "../../test/keys.ts"
import { rowsOf, testLook, withStyle } from "../../test/look.ts"
import type { PressContext } from "./context.ts"
import { menuView } from "./menu-view.ts"
import type { ComposerState } from "./state.ts"
import { composerView } from "./view.ts"

const command = (name: string, summary: string, usage = "", aliases: readonly string[] = []) => ({
  name,
  summary,
  usage,
  aliases,
  whileBusy: true,
})
const context: PressContext = {
  ...idle,
  files: ["src/", "src/debounce.ts", "src/a b.ts", "README.md"],
  commands: [
    command("compact", "Summarise older turns", "[what to keep]", ["summarise"]),
    command("cost", "What was spent"),
    {
      ...command("model", "Choose the model", "<model>"),
      choices: [
        { value: "claude-sonnet", detail: "$3" },
        { value: "gpt-5", detail: "$2" },
      ],
    },
  ],
  prompts: ["!npm test", "fix it", "!npm run build"],
}

test("@ offers the files, and Tab or Enter takes one without sending", () => {
  expect(menu(keys("see @", context).state)).toEqual(["› src/", "  src/debounce.ts", "  src/a b.ts", "  README.md"])
  expect(menu(keys("see @deb", context).state)).toEqual(["› src/debounce.ts"])
  for (const key of ["tab", "enter"]) {
    const taken = keys(`see @deb<${key}>`, context)
    expect([shown(taken.state), taken.intents, menu(taken.state)]).toEqual(["see @src/debounce.ts |", undefined, []])
  }
  expect(keys("@src/debounce.ts<enter>", context).intents?.[0]?.type).toBe("submit")
})

test("a folder goes on with what is in it, a path with blanks is quoted", () => {
  const folder = keys("@sr<tab>", context).state
  expect([shown(folder), menu(folder).length]).toEqual(["@src/|", 3])
  expect(shown(keys("@a b<backspace><backspace><tab>", { ...context, files: ["a b.ts"] }).state)).toBe('@"a b.ts" |')
  expect(menu(keys('@"a b', context).state)).toEqual(["› src/a b.ts"])
})

test("up and down choose, Esc closes and it stays closed until another word", () => {
  expect(shown(keys("@<down><down><tab>", context).state)).toBe('@"src/a b.ts" |')
  expect(shown(keys("@<up><tab>", context).state)).toBe("@README.md |")
  const closed = keys("@<escape>", context)
  expect([closed.action, menu(closed.state)]).toEqual([undefined, []])
  expect(menu(keys("@<escape>s", context).state)).toEqual([])
  expect(menu(keys("@<escape>s @deb", context).state)).toEqual(["› src/debounce.ts"])
})

test("no @ within a word, and no menu where nothing matches", () => {
  expect(menu(keys("me@src", context).state)).toEqual([])
  expect(menu(keys("@zzz", context).state)).toEqual([])
})

test("/ offers the commands with their use and what they do; Enter runs one that takes nothing more", () => {
  expect(menu(keys("/", context).state, 70)).toEqual([
    "  /compact [what to keep]  Summarise older turns",
    "  /cost                    What was spent",
    "  /model <model>           Choose the model",
  ])
  expect(menu(keys("/", context).state, 40)[1]).toBe("  /cost")
  expect(keys("/cos<enter>", context).intents).toEqual([{ type: "command", line: "/cost" }])
  const taken = keys("/comp<enter>", context)
  expect([shown(taken.state), taken.intents]).toEqual(["/compact |", undefined])
  expect(keys("/summar<tab>", context).state.text).toBe("/compact ")
  expect(menu(keys("say /co", context).state)).toEqual([])
})

test("Enter on a mere / runs nothing; Down or Tab begin with the first", () => {
  const bare = keys("/<enter>", context)
  expect([shown(bare.state), bare.intents, menu(bare.state).length]).toEqual(["/|", undefined, 3])
  expect(keys("/<down><down><enter>", context).intents).toEqual([{ type: "command", line: "/cost" }])
  expect(shown(keys("/<tab>", context).state)).toBe("/compact |")
})

test("Enter runs no command that was not written: what has its letters here and there is only offered", () => {
  const commands = [
    command("quit", "Leave", "", ["exit"]),
    command("tools", "What runs"),
    command("clear", "Begin anew"),
  ]
  const some = { ...context, commands }
  for (const line of ["/ui", "/qt", "/lr", "/xt"]) {
    const { state, intents } = keys(`${line}<enter>`, some)
    expect([state.text, intents?.map(({ type }) => type)]).toEqual([line, ["tell"]])
    expect(menu(state)[0]).toStartWith("  /")
  }
  expect(keys("/ui<down><enter>", some).intents).toEqual([{ type: "command", line: "/quit" }])
  for (const line of ["/qu", "/ex", "/EX"]) {
    expect(keys(`${line}<enter>`, some).intents).toEqual([{ type: "command", line: "/quit" }])
  }
})

test("of several commands those that begin as it was typed come first", () => {
  const commands = [command("a-co", ""), command("session", "", "", ["continue"])]
  expect(menu(keys("/co", { ...context, commands }).state)).toEqual(["› /session", "  /a-co"])
})

test("the argument of a command is offered where its choices are known, and Enter sends it", () => {
  expect(menu(keys("/model ", context).state, 70)).toEqual(["  claude-sonnet  $3", "  gpt-5          $2"])
  expect(keys("/model <enter>", context).intents).toEqual([{ type: "command", line: "/model" }])
  expect(keys("/model g<enter>", context).intents).toEqual([{ type: "command", line: "/model gpt-5" }])
})

test("! offers shell lines of before; Enter still runs what was typed", () => {
  expect(menu(keys("!npm", context).state)).toEqual(["  !npm test", "  !npm run build"])
  expect(keys("!npm<enter>", context).intents).toEqual([{ type: "shell", command: "npm", isPrivate: false }])
  expect(shown(keys("!npm<down><tab>", context).state)).toBe("!npm test|")
})

test("Tab completes a path that has no @, at once when there is only one", () => {
  expect(shown(keys("!cat deb<tab>", context).state)).toBe("!cat src/debounce.ts |")
  expect(shown(keys("look at READ<tab>", context).state)).toBe("look at README.md |")
})

test("lines of before bring no menu that would take the arrows", () => {
  const state = keys("<up><up>", { ...context, prompts: ["/cost", "@src/"] }).state
  expect([shown(state), menu(state)]).toEqual(["@src/|", []])
})

test("eight rows are shown at most, around the one that is chosen, with what was typed marked", () => {
  const files = Array.from({ length: 30 }, (_, at) => `file-${at}.ts`)
  const state = keys(`@fi${"<down>".repeat(9)}`, { ...context, files }).state
  const rows = menu(state)
  expect([rows.length, rows[0]?.[0], rows.findIndex((row) => row.startsWith("›")), rows[7]?.[0]]).toEqual([
    8,
    "⋯",
    6,
    "⋯",
  ])
  // The selected row is of one look, as in every list.
  expect(withStyle(menuView(state, testLook(60)), "match")).toEqual(Array.from({ length: 7 }, () => "fi"))
  expect(withStyle(menuView(state, testLook(60)), "selected").join("")).toBe("› file-9.ts".padEnd(60))
})

test("the menu stands below what is typed, and takes little of a small screen", () => {
  const files = Array.from({ length: 30 }, (_, at) => `file-${at}.ts`)
  const { state } = keys("see @", { ...context, files })
  const rows = (rowsMax: number) =>
    rowsOf(composerView(state, testLook(40), { rowsMax }).lines).map((row) => row.trimEnd())
  expect(rows(1)).toEqual(["› see @", "› file-0.ts", "⋯ file-1.ts"])
  expect(rows(2).length).toBe(5)
  expect(rows(20).length).toBe(9)
})

test("of a path that does not fit, the end is shown", () => {
  const { state } = keys("@deb", { ...context, files: ["packages/billing/src/checkout/debounce.ts"] })
  expect(menu(state, 24)).toEqual(["› ⋯checkout/debounce.ts"])
})

test("names of files are foreign text: nothing of them reaches the terminal as it is", () => {
  expect(menu(keys("@", { ...context, files: ["a\u001b[2J.ts"] }).state)).toEqual(["› a\\e[2J.ts"])
})

function menu(state: ComposerState, columns = 60): readonly string[] {
  return rowsOf(menuView(state, testLook(columns))).map((row) => row.trimEnd())
}
