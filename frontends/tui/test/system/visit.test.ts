import { expect, test } from "bun:test"
import { visit } from "../../src/system/visit.ts"
import { fakeMachine, only } from "./fakes.ts"
import { folder } from "./folder.ts"

async function visited(target: string, cwd = "/") {
  const machine = fakeMachine(only({ "xdg-open": "" }), { cwd })
  await visit(target, machine)
  return { ran: machine.asked.map(({ argv }) => argv), told: machine.told }
}

test("a page of the web and a file to look at are opened as this machine opens such", async () => {
  using home = folder({ "-rf.pdf": "", "docs/a.md": "" })
  expect((await visited("https://example.com/a b")).ran).toEqual(["xdg-open https://example.com/a%20b"])
  expect((await visited("-rf.pdf", home.path)).ran).toEqual([`xdg-open ${home.path}/-rf.pdf`])
  expect((await visited("docs/a.md", home.path)).ran).toEqual([`xdg-open ${home.path}/docs/a.md`])
})

test("what would run, and every other way to name something, is not opened and said so", async () => {
  using home = folder({ "a.desktop": "", "b.COMMAND": "", "folder/x": "" })
  home.write("tool", "#!/bin/sh\n", 0o755)
  const targets = [
    "a.desktop",
    "b.COMMAND",
    "tool",
    "folder",
    "gone.txt",
    "file:///etc/passwd",
    "javascript:x",
    "ms-msdt:/x",
    "http://",
  ]
  for (const target of targets) {
    const { ran, told } = await visited(target, home.path)
    expect(ran, target).toEqual([])
    expect(told, target).toEqual([`Not opened: ${target} is neither a page nor a file to look at.`])
  }
})

test("a machine that opens nothing says so", async () => {
  const machine = fakeMachine(only({}))
  await visit("https://example.com/", machine)
  expect(machine.told).toEqual(["Not opened: there is no xdg-open to open https://example.com/ with."])
})
