import { expect, test } from "bun:test"
import { statusLine } from "../../src/system/status-command.ts"
import { folder, realMachine } from "./folder.ts"

test("the person's command gets the facts as JSON and the home as its folder, and its first line is shown", async () => {
  using home = folder()
  const machine = realMachine(home.path)
  const line = await statusLine('read facts; echo "$facts in $(pwd)"; echo second', { model: "a/b" }, machine)
  expect(line).toBe(`{"model":"a/b"} in ${home.path}`)
  expect(machine.told).toEqual([])
})

test("what it says moves no cursor and is no longer than a status line", async () => {
  using home = folder()
  const machine = realMachine(home.path)
  expect(await statusLine("printf '\\033[31mred\\033[0m\\033]0;t\\007 \\r\\tx'", {}, machine)).toBe("red \\r\tx")
  expect(await statusLine("head -c 5000 /dev/zero | tr '\\0' x", {}, machine)).toBe("x".repeat(120))
  expect(await statusLine("true", {}, machine)).toBeUndefined()
})

test("a command that fails shows nothing and is told of", async () => {
  using home = folder()
  const machine = realMachine(home.path)
  expect(await statusLine("echo half; echo 'no such thing' >&2; exit 4", {}, machine)).toBeUndefined()
  expect(machine.told).toEqual(["The status command gave nothing: it ended with exit code 4: no such thing."])
})
