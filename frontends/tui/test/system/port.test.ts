import { expect, test } from "bun:test"
import { systemPort } from "../../src/system/port.ts"
import type { Programs } from "../../src/system/programs.ts"
import { fakeMachine, only } from "./fakes.ts"
import { folder } from "./folder.ts"

function portOn(
  programs: Programs,
  home: string,
  settings: Partial<ReturnType<Parameters<typeof systemPort>[0]["settings"]>> = {},
) {
  const told: string[] = []
  const said: string[] = []
  const port = systemPort({
    ...{ env: { WAYLAND_DISPLAY: "w", EDITOR: "ed" }, cwd: home, home, temporary: home, platform: "linux", programs },
    say: (sequence) => said.push(sequence),
    tell: (sentence) => told.push(sentence),
    settings: () => ({ includedPaths: [], ...settings }),
    ripgrep: () => new Promise(() => {}),
  })
  return { port, told, said }
}

test("a machine whose programs never answer keeps nobody waiting who does not ask for the answer", async () => {
  using home = folder()
  const programs: Programs = { run: () => new Promise(() => {}), attend: () => new Promise(() => {}) }
  const { port } = portOn(programs, home.path, { statusCommand: "x", notifyBy: ["desktop"] })
  const asked = [port.copy("x"), port.paste(), port.files(home.path), port.branch("/"), port.status({})]
  const told = [port.notify("a", "b"), port.visit("https://example.com")]
  expect([...asked, ...told].every((answer) => answer instanceof Promise)).toBe(true)
})

test("settings that change while the screen is open hold from the next use on", async () => {
  using home = folder()
  const settings: { notifyBy?: ("bell" | "osc")[]; includedPaths: string[] } = { includedPaths: [] }
  const said: string[] = []
  const port = systemPort({
    ...{ env: { TERM: "foot" }, cwd: home.path, home: home.path, temporary: home.path, platform: "linux" },
    say: (sequence) => said.push(sequence),
    tell: () => {},
    settings: () => settings,
  })
  await port.notify("a", "b")
  settings.notifyBy = ["bell"]
  await port.notify("a", "b")
  expect(said).toEqual(["\u001b]777;notify;a;b\u0007", "\u0007"])
})

test("the same sentence is told once", async () => {
  using home = folder()
  const { programs } = fakeMachine(only({ sh: 1 }))
  const { port, told } = portOn(programs, home.path, { statusCommand: "x" })
  expect([await port.status({}), await port.status({})]).toEqual([undefined, undefined])
  expect(told).toEqual(["The status command gave nothing: it ended with exit code 1."])
})

test("without a status command none is run", async () => {
  using home = folder()
  const machine = fakeMachine(only({ sh: "x" }))
  expect(await portOn(machine.programs, home.path).port.status({})).toBeUndefined()
  expect(machine.asked).toEqual([])
})
