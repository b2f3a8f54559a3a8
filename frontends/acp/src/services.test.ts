import { expect, test } from "bun:test"
import type { Engine, EventOf, Op } from "@skein/protocol"
import { NO_FACTS } from "./client-facts.ts"
import { Rpc } from "./rpc.ts"
import { Services } from "./services.ts"
import { errorOf } from "./words.ts"

/** What is sent to a client that never answers, but by `answer`, and what the engine is told. */
function client() {
  const sent: { readonly id?: number; readonly method: string; readonly params: Record<string, unknown> }[] = []
  const told: Op[] = []
  const warned: string[] = []
  const warn = (text: string) => void warned.push(text)
  const next = { resolve: () => {} }
  const rpc = new Rpc({
    ...{ requests: {}, notifications: {}, warn, errorOf },
    write: (line) => {
      sent.push(JSON.parse(line))
      next.resolve()
    },
  })
  const engine: Engine = {
    submit: async (op) => {
      told.push(op)
      next.resolve()
      return { status: "rejected", code: "op.invalid", message: "Nobody asks that any more." }
    },
    ask: () => Promise.reject(new Error("Nothing is asked")),
    events: () => {
      throw new Error("Nothing is followed")
    },
  }
  const onTerminal = () => {}
  const services = new Services("ses_own", {
    ...{ engine, rpc, clientId: "cli_acp", facts: NO_FACTS, named: (path: string) => path, onTerminal, warn },
  })
  const until = async (count: number) => {
    while (sent.length < count) await new Promise<void>((resolve) => Object.assign(next, { resolve }))
  }
  const answered = async (count: number) => {
    while (told.length < count) await new Promise<void>((resolve) => Object.assign(next, { resolve }))
  }
  return {
    ...{ services, answered },
    sent,
    told,
    warned,
    until,
    answer: (id: number, result: object) => rpc.take(JSON.stringify({ jsonrpc: "2.0", id, result })),
    refuse: (id: number, error: object) => rpc.take(JSON.stringify({ jsonrpc: "2.0", id, error })),
  }
}

const asked = (fields: Partial<EventOf<"client.requested">>): EventOf<"client.requested"> =>
  ({
    ...{ v: 1, id: "evt_1", at: 0, after: 1, count: 1, sessionId: "ses_own", type: "client.requested" },
    ...{
      requestId: "req_1",
      clientId: "cli_acp",
      kind: "fs",
      payload: { kind: "read", path: "/a" },
      deadlineMs: 60_000,
    },
    ...fields,
  }) as EventOf<"client.requested">

const TERMINAL = { callId: "cal_1", command: "make", cwd: "/", timeoutMs: 60_000, outputBytesMax: 10 }

test("what another client is asked is not asked of this one", () => {
  const { services, sent } = client()
  services.take(asked({ clientId: "cli_other" }))
  expect(sent).toEqual([])
})

test("a client that says nothing within the time is asked no more, and its late answer is nobody's", async () => {
  const { services, sent, told, warned, until, answer } = client()
  // What answers is loaded with the first question: the second is put at once.
  services.take(asked({}))
  await until(1)
  answer(sent[0]?.id ?? 0, { content: "in time" })
  services.take(asked({ deadlineMs: 1 }))
  await until(3)
  const reads = ["fs/read_text_file", "fs/read_text_file"]
  expect(sent.map(({ method }) => method)).toEqual([...reads, "$/cancel_request"])
  answer(sent[1]?.id ?? 0, { content: "late" })
  expect(told.map((op) => op.type === "client.answer" && op.result)).toEqual([{ text: "in time" }])
  expect(warned).toEqual([])
})

test("a terminal of a sub-agent's is ended with the sub-agent, and nobody is told any more", async () => {
  const { services, sent, told, until, answer } = client()
  services.take(asked({ kind: "terminal", payload: TERMINAL, agent: { name: "one", sessionId: "ses_child" } }))
  await until(1)
  answer(sent[0]?.id ?? 0, { terminalId: "t1" })
  await until(2)
  services.childEnded("ses_other")
  services.childEnded("ses_child")
  await until(3)
  for (const [at, result] of [
    {},
    { exitCode: null, signal: "SIGKILL" },
    { output: "", truncated: false },
    {},
  ].entries()) {
    const { id } = sent[[2, 1, 3, 4][at] ?? 0] ?? {}
    answer(id ?? 0, result)
    if (at > 0 && at < 3) await until(at + 3)
  }
  expect(sent.map(({ method }) => method)).toEqual([
    ...["terminal/create", "terminal/wait_for_exit", "terminal/kill", "terminal/output", "terminal/release"],
  ])
  expect(told).toEqual([])
})

test("what a client does not give is not asked for again within a call, whatever code it says it with", async () => {
  const { services, sent, told, until, refuse, answered } = client()
  services.take(asked({}))
  await until(1)
  refuse(sent[0]?.id ?? 0, { code: -32603, message: "No such file." })
  await answered(1)
  services.take(asked({}))
  services.take(asked({}))
  await answered(3)
  expect(sent).toHaveLength(1)
  expect(told).toEqual(Array(3).fill(expect.objectContaining({ error: "No such file." })))

  services.settled("cal_1")
  services.take(asked({}))
  await until(2)
  expect(sent[1]?.method).toBe("fs/read_text_file")
  services.end()
})
