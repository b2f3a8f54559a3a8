import { expect, test } from "bun:test"
import type { PlanContext, ProcessFacts, ShellReading } from "@skein/core/ports"
import { RUNS_ITS_INPUT } from "@skein/core/ports"
import type { Sandbox } from "@skein/protocol"
import { fakeExec, fakeShell } from "@skein/testkit"
import { noSessions } from "../../test/session.ts"
import type { ToolWorld } from "../define.ts"
import { localFiles } from "../files/local.ts"
import { plainText } from "./output.ts"
import { process } from "./process.ts"

const FACTS: ProcessFacts = {
  ...{ processId: "prc_a", name: "p1", isPty: true, confinement: "bubblewrap", bytes: 0, startedAt: 0 },
  sandbox: "workspace-write",
  command: "cat",
}

async function planned(
  input: Record<string, unknown>,
  facts: Partial<ProcessFacts> = {},
  sandbox: Sandbox = "workspace-write",
) {
  const reading = async (line: string): Promise<ShellReading> => {
    const read = await fakeShell().understand(line, { cwd: "/project", roots: ["/project"] })
    const powerful = line === "bash" ? [RUNS_ITS_INPUT] : []
    return { commands: read.commands.map((command) => ({ ...command, risks: ["read"], powerful })) }
  }
  const world: ToolWorld = {
    ...{ files: localFiles(), exec: fakeExec({}), ripgrep: async () => "rg" },
    shell: { ...fakeShell(), understand: reading },
  }
  const context: PlanContext = {
    ...{ sessionId: "ses_a", cwd: "/project", roots: ["/project"], sandbox },
    ...{ observed: () => undefined, signal: new AbortController().signal, sessions: noSessions },
    askClient: () => Promise.reject(new Error("Nobody is asked")),
    processesSeen: async () => ({ find: () => ({ ...FACTS, ...facts }), list: () => [] }),
  }
  return process.plan?.(process.input().parse(input), world, context)
}

test("what is written to a program that runs its input is judged as a command, by the rules of bash", async () => {
  const write = { action: "write", process: "p1", text: "rm -rf src\n" }
  expect(await planned(write, { command: "bash" })).toMatchObject({
    ...{ rulesOf: "bash", effects: [{ kind: "execute", command: "rm -rf src", isConfined: true }] },
    actions: [{ verb: "run", target: '"rm -rf src\\n", typed into p1 (bash)' }],
  })
  expect(await planned(write, { command: "bash", confinement: "none" })).toMatchObject({
    effects: [{ kind: "execute", isConfined: false }],
  })
})

test("a yes to writing to one process is none to writing to another of its name", async () => {
  const write = { action: "write", process: "p1", text: "make\n" }
  const [one, other] = [await planned(write), await planned(write, { processId: "prc_b" })]
  expect(one?.fingerprint).toBeDefined()
  expect(one?.fingerprint).not.toBe(other?.fingerprint)
  expect((await planned(write, { confinement: "none" }))?.fingerprint).not.toBe(one?.fingerprint)
})

test("half a line that a program would run is not understood, whatever stands in it", async () => {
  const half = { action: "write", process: "p1", text: "echo a\necho " }
  const whole = { ...half, text: "echo a\necho b\r" }
  const unclear = "Its last line does not end, so what is written next belongs to it"
  expect(await planned(half, { command: "bash" })).toMatchObject({ effects: [{ reading: { unclear } }] })
  expect(await planned(whole, { command: "bash" })).not.toMatchObject({ effects: [{ reading: { unclear } }] })
  expect(await planned(half, { command: "cat" })).not.toMatchObject({ effects: [{ reading: { unclear } }] })
})

test("nothing is written to a process that may do more than its session now", async () => {
  const write = { action: "write", process: "p1", text: "make\n" }
  const refused = "p1 was begun with the sandbox workspace-write, and now it is read-only, so nothing is written to it."
  expect(planned(write, { command: "bash" }, "read-only")).rejects.toThrow(refused)
  expect(await planned(write, { command: "bash", sandbox: "read-only" }, "read-only")).toBeDefined()
  for (const action of ["read", "wait", "resize", "close", "end"]) {
    expect(await planned({ action, process: "p1" }, {}, "read-only")).toBeDefined()
  }
})

test("what is written to another program is judged as running that, and looking changes nothing", async () => {
  expect(await planned({ action: "write", process: "p1", text: "rm -rf src\n" })).toMatchObject({
    effects: [{ kind: "execute", command: "cat" }],
  })
  for (const action of ["read", "wait", "resize", "close", "end"]) {
    expect(await planned({ action, process: "p1" })).toMatchObject({ effects: [{ kind: "none" }], actions: [] })
  }
})

test("starting is judged as the same line of bash would be", async () => {
  expect(await planned({ action: "start", command: "npm run dev" })).toMatchObject({
    ...{ rulesOf: "bash", fingerprint: "confined" },
    effects: [{ kind: "execute", command: "npm run dev", isConfined: true, roots: ["/project"] }],
    actions: [{ verb: "run", target: "npm run dev" }],
  })
})

test("what an action needs and did not get is named", async () => {
  await expect(planned({ action: "start" })).rejects.toThrow("start needs command.")
  await expect(planned({ action: "write", process: "p1" })).rejects.toThrow("write needs text.")
  await expect(planned({ action: "signal", process: "p1" })).rejects.toThrow("signal needs signal.")
  await expect(planned({ action: "read" })).rejects.toThrow("read needs process.")
})

test("an output is read as lines: without sequences, and of a line that was written over its last state", () => {
  const bytes = new TextEncoder().encode(
    "\u001b[32mgreen\u001b[0m\r\n 10%\r 50%\r100%\n\u001b]0;title\u0007\u001b[2Kdone\u0000\u0007\r\n",
  )
  expect(plainText(bytes)).toBe("green\n100%\ndone\n")
})
