import { expect, test } from "bun:test"
import { call, fakeProcesses, memoryArtifacts, say, scriptedModel, type TestTool, testTools } from "@skein/testkit"
import { sit } from "./sitting.ts"

const F6 = "\u001b[17~"
const DETACH = "\u001d"

const start: TestTool = {
  async run(input, context) {
    const processes = await context.processes?.()
    const pty = input.terminal === true ? { pty: { columns: 80, rows: 24 } } : {}
    const facts = await processes?.start({ command: String(input.command), ...pty })
    return `runs as ${facts?.name}`
  },
}

async function seated(...inputs: readonly Record<string, unknown>[]) {
  const processes = fakeProcesses()
  const model = scriptedModel(...inputs.map((input) => call("start", input)), say("They run."))
  const at = await sit(model, {
    ...{ columns: 120, rows: 24, ports: { processes, artifacts: memoryArtifacts(), tools: testTools({ start }) } },
  })
  await at.type("start them\r")
  await at.until("They run.")
  return { at, processes: processes.started }
}

test("what goes on in the background is listed with its size and newest line, after its turn too, and its end is told", async () => {
  const { at, processes } = await seated({ command: "npm run dev" })
  await at.type(F6)
  await at.until("1 running, 1 in the background")
  processes[0]?.says("starting\n\u001b[32mready on 5173\u001b[0m\n")
  const shown = await at.until("ready on 5173")
  expect(shown).toContain("npm run dev")
  expect(shown).toContain("32 B")
  processes[0]?.exits(1)
  await at.until("Nothing runs.")
  await at.type("q")
  await at.until("p1 ended with exit code 1")
  await at.leave()
})

test("a terminal is attached to: its screen is drawn from all it said, keys go to it, and it goes on when it is left", async () => {
  const { at, processes } = await seated({ command: "top", terminal: true })
  const [top] = processes
  top?.says("\u001b[2J\u001b[3;5Hin the middle\u001b[1;1H")
  await at.type(F6)
  await at.until("1 in the background")
  await at.type("\r")
  const shown = await at.until("ctrl+] leaves it running")
  expect(shown.split("\n")[2]).toStartWith("    in the middle")
  expect(top?.done).toEqual(["resize 120x23"])
  await at.type("q\u001b[A\u0003")
  await at.type("é")
  await at.when(() => top?.written.join("") === "q\u001b[A\u0003é")
  top?.says("\u001b[5;1Hanswered")
  await at.until("answered")
  await at.type(DETACH)
  await at.until("1 in the background")
  await at.type("q")
  await at.leave()
})

test("what an attached program asks its terminal is answered, and hostile output draws nothing of its own", async () => {
  const { at, processes } = await seated({ command: "vi", terminal: true })
  await at.type(F6)
  await at.until("1 in the background")
  await at.type("\r")
  await at.until("ctrl+] leaves it running")
  processes[0]?.says("\u001b[6n\u001b]0;owned\u0007\u001b]52;c;b3duZWQ=\u0007plain")
  await at.until("plain")
  while (!processes[0]?.written.join("").includes("R")) await Bun.sleep(5)
  expect(processes[0]?.written.join("")).toBe("\u001b[1;1R")
  expect(at.terminal.text().join("\n")).not.toContain("owned")
  await at.type(DETACH)
  await at.type("q")
  await at.leave()
})

test("one is stopped after a y, all of them by X, input is ended by e", async () => {
  const { at, processes } = await seated({ command: "cat" }, { command: "dog" })
  await at.type(F6)
  await at.until("2 in the background")
  await at.type("e")
  await at.when(() => processes[0]?.done[0] === "close")
  await at.type("X")
  await at.until("Stop all 2 in the background?")
  await at.type("y")
  await at.until("Nothing runs.")
  expect(processes.map(({ done }) => done.at(-1))).toEqual(["end", "end"])
  await at.type("q")
  await at.leave()
})

test("a new session is begun beside one in which something goes on, which ends only with skein", async () => {
  const { at, processes } = await seated({ command: "npm run dev" })
  await at.type("/new\r")
  await at.until("A new session.")
  expect(await at.until("1 start them  2 new")).not.toContain("p1 was ended")
  expect(processes[0]?.done).toEqual([])
  await at.leave()
  expect(processes[0]?.done).toEqual(["end"])
})
