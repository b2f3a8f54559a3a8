import { expect, test } from "bun:test"
import { existsSync, readFileSync } from "node:fs"
import { dirname } from "node:path"
import { commandWords, edit } from "../../src/system/editor.ts"
import { folder, realMachine } from "./folder.ts"

/** Writes down what it was called with, and what it found there. */
const EDITOR = `#!/bin/sh
out="$(dirname "$0")"
file="$2"
printf '%s\\n' "$1" "$file" "$(stat -c '%a' "$file")" "$(stat -c '%a' "$(dirname "$file")")" "$(cat "$file")" > "$out/seen"
printf 'better\\r\\ntext\\n' > "$file.new" && mv "$file.new" "$file"
`

test("a prompt is edited in a private file by the person's editor with its arguments, and nothing is left of it", async () => {
  using home = folder()
  const editor = home.write("my editor", EDITOR, 0o755)
  const machine = realMachine(home.path, {
    env: { EDITOR: "nothing", VISUAL: `'${editor}' --wait`, XDG_RUNTIME_DIR: home.path },
  })
  expect(await edit("first draft", machine)).toEqual({ text: "better\ntext" })
  const [argument, file = "", ...seen] = readFileSync(`${home.path}/seen`, "utf8").trim().split("\n")
  expect([argument, ...seen]).toEqual(["--wait", "600", "700", "first draft"])
  expect(file).toStartWith(home.path)
  expect(existsSync(dirname(file))).toBe(false)
})

test("an editor that fails leaves the prompt as it was, and nothing behind", async () => {
  using home = folder()
  const editor = home.write("editor", `#!/bin/sh\ndirname "$1" > "${home.path}/where"\nexit 7\n`, 0o755)
  const machine = realMachine(home.path, { env: { EDITOR: editor } })
  expect(await edit("draft", machine)).toEqual({
    failure: `${editor} ended with exit code 7: the prompt is as it was.`,
  })
  expect(existsSync(readFileSync(`${home.path}/where`, "utf8").trim())).toBe(false)
})

test("an editor that puts a link in the place of its file brings nothing of what it leads to", async () => {
  using home = folder({ secret: "of somebody" })
  const editor = home.write("editor", `#!/bin/sh\nln -sf "${home.path}/secret" "$1"\n`, 0o755)
  const machine = realMachine(home.path, { env: { EDITOR: editor } })
  expect(await edit("draft", machine)).toEqual({ failure: "The editor left no file: the prompt is as it was." })
})

test("without an editor, or with one that is not there, that is said", async () => {
  using home = folder()
  expect(await edit("", realMachine(home.path, { path: home.path, env: { VISUAL: " " } }))).toEqual({
    failure: "There is no editor: set VISUAL or EDITOR, as in EDITOR=nano.",
  })
  expect(await edit("", realMachine(home.path, { env: { EDITOR: "no-such-editor -n" } }))).toEqual({
    failure: "There is no program no-such-editor, which is your editor.",
  })
})

test("who chose no editor is given vi, or nano where there is no vi", async () => {
  using home = folder()
  const machine = () => realMachine(home.path, { path: home.path })
  const writing = (word: string) => `#!/bin/sh\necho ${word} > "$1"\n`
  home.write("nano", writing("nano"), 0o755)
  expect(await edit("draft", machine())).toEqual({ text: "nano" })
  home.write("vi", writing("vi"), 0o755)
  expect(await edit("draft", machine())).toEqual({ text: "vi" })
})

test("where no private file can be made, that is said", async () => {
  using home = folder({ file: "" })
  const machine = realMachine(home.path, { env: { EDITOR: "true" } })
  const outcome = await edit("draft", { ...machine, temporary: `${home.path}/file` })
  expect("failure" in outcome && outcome.failure).toStartWith("There is no place for a private file: ")
})

test("a command is parted into words as a shell parts it, and nothing of it is run by one", () => {
  const words = (command: string) => commandWords(command, "/home/me")
  expect(words("code --wait")).toEqual(["code", "--wait"])
  expect(words(`"/Applications/My Editor/ed" -n 'a b'c\\ d`)).toEqual(["/Applications/My Editor/ed", "-n", "a bc d"])
  expect(words("~/bin/ed ~x $(touch x) ;")).toEqual(["/home/me/bin/ed", "~x", "$(touch", "x)", ";"])
  expect(words(`ed "a\\"b" 'un`)).toEqual(["ed", 'a"b', "'un"])
})
