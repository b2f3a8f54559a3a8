import { expect, test } from "bun:test"
import type { PlanContext, ProcessFacts, ShellReading } from "@skein/core/ports"
import { RUNS_ITS_INPUT } from "@skein/core/ports"
import { fakeExec, fakeShell } from "@skein/testkit"
import { noSessions } from "../../test/session.ts"
import type { ToolWorld } from "../define.ts"
import { localFiles } from "../files/local.ts"
import { plainText } from "./output.ts"
import { process } from "./process.ts"

const FACTS: ProcessFacts = {
  ...{ processId: "prc_a", name: "p1", isPty: true, confinement: "bubblewrap", bytes: 0, startedAt: 0 },
  command: "cat",
}

async function planned(input: Record<string, unknown>, facts: Partial<ProcessFacts> = {}) {
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
    ...{ sessionId: "ses_a", cwd: "/project", roots: ["/project"], sandbox: "workspace-write" },
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
