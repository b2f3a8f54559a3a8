import { afterEach, expect, test } from "bun:test"
import { type Confinement, type ExecPort, ToolFailure } from "@skein/core/ports"
import { TerminalRequest } from "@skein/protocol"
import { type ToolSession, textOf, toolSession } from "./session.ts"

const sessions: ToolSession[] = []
afterEach(() => {
  for (const session of sessions.splice(0)) session.close()
})

const execGiving = (confinement: Confinement): ExecPort => ({
  confinement: async () => confinement,
  run: () => Promise.reject(new Error("Nothing runs in the sandbox here")),
})
const FREE: Confinement = { kind: "none", reason: "The sandbox is set to full-access." }

/** A session whose client has a terminal in which every command ends like this. */
function withTerminal(answer: unknown, confinement = FREE, sandbox?: "read-only") {
  const asked: TerminalRequest[] = []
  const askClient = async (_: string, payload: unknown) => {
    asked.push(TerminalRequest().parse(payload))
    return answer
  }
  const hasClient = (kind: string) => kind === "terminal"
  const given = { askClient, hasClient, ...(sandbox === undefined ? {} : { sandbox }) }
  const session = toolSession({ exec: execGiving(confinement) }, given)
  sessions.push(session)
  return { session, asked }
}

test("a command runs in the editor's terminal, unconfined and always asked about, by the rules of commands", async () => {
  const { session, asked } = withTerminal({ output: "3 passed\n", isTruncated: false, exitCode: 0 })
  const plan = await session.plan("editor_terminal", { command: "npm test" })

  expect(plan).toMatchObject({
    rulesOf: "bash",
    isAlwaysAsked: true,
    effects: [{ kind: "execute", command: "npm test", isConfined: false }],
    actions: [{ verb: "run in the editor's terminal, outside the sandbox", target: "npm test" }],
  })
  const result = await session.run(plan)
  expect(textOf(result)).toBe("3 passed\n(exit 0)")
  expect(result).toMatchObject({ exitCode: 0, isError: false, provenance: { isTrusted: false }, confinement: "none" })
  expect(asked).toMatchObject([{ command: "npm test", cwd: session.root, callId: "cal_a", timeoutMs: 120_000 }])
})

test("how it ended is told: by a code, a signal, its time, with the end of its output alone", async () => {
  const said = async (answer: object) =>
    textOf(await withTerminal(answer).session.call("editor_terminal", { command: "x", timeoutMs: 5_000 }))
  expect(await said({ output: "no", isTruncated: false, exitCode: 3 })).toBe("no\n(exit 3)")
  expect(await said({ output: "", isTruncated: false, signal: "SIGKILL" })).toBe("(ended by SIGKILL)")
  expect(await said({ output: "tail\n", isTruncated: true, isTimedOut: true })).toBe(
    "tail\n(stopped after 5 s: timeoutMs was over)\n(only the end of its output is here)",
  )
})

test("without a terminal, in a read-only session, and where everything is held to the sandbox, it refuses", async () => {
  const none = toolSession({ exec: execGiving(FREE) })
  sessions.push(none)
  expect(await none.say("editor_terminal", { command: "x" })).toContain("No editor offers a terminal here")

  const held = withTerminal({}, { kind: "confined", by: "bubblewrap" })
  expect(await held.session.say("editor_terminal", { command: "x" })).toContain("held to the sandbox")
  const readOnly = withTerminal({}, FREE, "read-only")
  expect(await readOnly.session.say("editor_terminal", { command: "x" })).toContain("The sandbox is read-only")
  expect([...held.asked, ...readOnly.asked]).toEqual([])
})

test("an answer that says nothing of an end is a failure, and says that it may have run", async () => {
  const { session } = withTerminal({ done: true })
  const failure = await session.call("editor_terminal", { command: "x" }).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(ToolFailure)
  expect(String(failure)).toContain("It may have run")
})
