import { expect, test } from "bun:test"
import { terminalFacts } from "@skein/term"
import { type NoteWay, notify } from "../../src/system/notices.ts"
import { fakeMachine, only } from "./fakes.ts"

const NOTE = { title: "skein waits for you", body: "fix the test" }

async function noted(ways: readonly NoteWay[] | undefined, env: Record<string, string>, note = NOTE) {
  const machine = fakeMachine(only({ "notify-send": "", osascript: "" }), { env })
  await notify(note, ways, machine)
  return machine
}

test("a terminal that can tell is asked to, and any other rings", async () => {
  expect((await noted(undefined, { TERM_PROGRAM: "iTerm.app" })).said).toEqual([
    "\u001b]9;skein waits for you: fix the test\u0007",
  ])
  expect((await noted(undefined, { TERM: "foot" })).said).toEqual([
    "\u001b]777;notify;skein waits for you;fix the test\u0007",
  ])
  expect((await noted(undefined, { TERM: "vt100" })).said).toEqual(["\u0007"])
})

test("each way that is named is taken, and through tmux to the terminal", async () => {
  expect((await noted(["bell", "osc"], { TERM: "foot" })).said).toEqual([
    "\u0007",
    "\u001b]777;notify;skein waits for you;fix the test\u0007",
  ])
  const { said } = await noted(["osc"], { TMUX: "x" })
  expect(said).toEqual(["\u001bPtmux;\u001b\u001b]9;skein waits for you: fix the test\u0007\u001b\\"])
})

test("the desktop gets the words as words: no markup, no control, no flag of its program", async () => {
  const body = "--urgency=x <b>&\u001b]0;t\u0007\nnext\u202e"
  const machine = await noted(["desktop"], {}, { title: "-t\u0000", body })
  expect(machine.asked.map(({ argv }) => argv)).toEqual([
    "notify-send --app-name=skein -- -t --urgency=x &lt;b&gt;&amp; next",
  ])
  expect(machine.said).toEqual([])
})

test("a Mac is told by arguments and never by a script that holds the words", async () => {
  const machine = fakeMachine(only({ osascript: "" }), { platform: "darwin" })
  await notify({ title: 'a" & (do shell script "x") & "', body: "b" }, ["desktop"], machine)
  expect(machine.asked[0]?.argv).toEndWith('-e end run a" & (do shell script "x") & " b')
})

test("without a desktop the person is called all the same, and told why not by it", async () => {
  const machine = fakeMachine(only({}), { env: { TERM: "foot" } })
  await notify(NOTE, ["desktop"], machine)
  expect(machine.said).toEqual(["\u001b]777;notify;skein waits for you;fix the test\u0007"])
  expect(machine.told).toEqual(["The desktop cannot be told (tui.notify_by): there is no notify-send."])
})

test("what the terminal said of itself counts more than what the environment says", async () => {
  const machine = fakeMachine(only({}), { env: { SSH_TTY: "/dev/pts/0", TERM: "xterm-256color" } })
  const facts = terminalFacts([{ kind: "name", text: "kitty(0.40.0)" }], machine.env)
  await notify(NOTE, undefined, { ...machine, facts: () => facts })
  expect(machine.said).toEqual(["\u001b]99;;skein waits for you: fix the test\u001b\\"])
})

test("over ssh the desktop of the other machine is left alone", async () => {
  const machine = await noted(["desktop"], { SSH_TTY: "/dev/pts/0", TERM: "vt100" })
  expect(machine.asked).toEqual([])
  expect(machine.said).toEqual(["\u0007"])
})
