import { expect, test } from "bun:test"
import { type SessionId, SkeinError } from "@skein/protocol"
import {
  call,
  calls,
  countingRandom,
  fail,
  type Scripted,
  say,
  scriptedModel,
  testEngine,
  testTools,
} from "@skein/testkit"
import { type ExecEvent, type ExecRun, runExec } from "../src/index.ts"
import { reconnecting } from "../src/words.ts"

interface Played {
  readonly end: string
  readonly events: readonly ExecEvent[]
}

/** One prompt on the real core with a scripted model and tools that touch nothing. */
async function play(script: readonly Scripted[], more: Partial<ExecRun> = {}): Promise<Played> {
  const random = countingRandom()
  const engine = testEngine(scriptedModel(...script), {
    random: { ...random, id: (prefix) => (prefix === "ses" ? `ses_${UUID}` : random.id(prefix)) as never },
    tools: testTools({
      bash: {
        effects: [{ kind: "execute", command: "x", isConfined: true }],
        run: ({ code }) => ({
          forModel: [{ type: "text", text: "out\n(exit)" }],
          forHuman: { kind: "command", body: "out\n" },
          exitCode: Number(code),
          isError: code !== 0,
        }),
      },
      write: {
        effects: [{ kind: "write", paths: ["/repo/a.txt"], isInside: true }],
        run: () => ({
          forModel: [{ type: "text", text: "written" }],
          changes: [{ path: "a.txt", kind: "add", before: null, after: "0" }],
        }),
      },
      todo_write: {
        effects: [{ kind: "none" }],
        run: ({ done, fails }) => ({
          isError: fails === true,
          forModel: [{ type: "text", text: "kept" }],
          session: { type: "todo.changed", todos: [{ text: "one", status: done === true ? "completed" : "pending" }] },
        }),
      },
      mcp__files__find_all: { effects: [{ kind: "none" }], run: () => "found" },
      network: { effects: [{ kind: "network", hosts: ["example.org"] }], run: () => "fetched" },
    }),
  })
  const receipt = await engine.submit({ type: "session.create", cwd: "/repo" })
  if (receipt.status === "rejected") throw new Error(receipt.message)
  const events: ExecEvent[] = []
  const { end } = await runExec({
    engine,
    sessionId: receipt.sessionId,
    clientId: "cli_test",
    input: [{ type: "text", text: "go" }],
    isApprovingAll: false,
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
    ...more,
  })
  await engine.close()
  return { end, events: events.slice(2) }
}

const UUID = "0199aaaa-0000-7000-8000-000000000001"
const MESSAGE = { id: "item_1", type: "agent_message", text: "done" } as const
const USAGE = { cached_input_tokens: 0, cache_write_input_tokens: 0, reasoning_output_tokens: 0 }
const COMPLETED = { type: "turn.completed", usage: { ...USAGE, input_tokens: 200, output_tokens: 20 } } as const

test("a turn begins with its thread, named by a plain UUID", async () => {
  const events: ExecEvent[] = []
  await play([say("done")], { emit: (event) => events.push(event) })

  expect(events).toEqual([
    { type: "thread.started", thread_id: UUID },
    { type: "turn.started" },
    { type: "item.completed", item: { ...MESSAGE, id: "item_0" } },
    { type: "turn.completed", usage: { ...USAGE, input_tokens: 100, output_tokens: 10 } },
  ])
})

test("a command keeps its item from start to end, and an exit code but 0 is a failure", async () => {
  const { events } = await play([call("bash", { command: "a 'b'", code: 2 }), say("done")])
  const command = `/bin/bash -lc 'a '"'"'b'"'"''`
  const item = { id: "item_0", type: "command_execution", command } as const

  expect(events).toEqual([
    { type: "item.started", item: { ...item, aggregated_output: "", exit_code: null, status: "in_progress" } },
    { type: "item.completed", item: { ...item, aggregated_output: "out\n", exit_code: 2, status: "failed" } },
    { type: "item.completed", item: MESSAGE },
    COMPLETED,
  ])
})

test("a change is told with its absolute path when it is made", async () => {
  const { events } = await play([call("write", {}), say("done")])
  const item = { id: "item_0", type: "file_change", changes: [{ path: "/repo/a.txt", kind: "add" }] } as const

  expect(events.slice(0, 2)).toEqual([
    { type: "item.started", item: { ...item, status: "in_progress" } },
    { type: "item.completed", item: { ...item, status: "completed" } },
  ])
})

test("the list of what is to do is one item and nothing beside it: started, updated, and completed with the turn", async () => {
  const { events } = await play([call("todo_write", {}), call("todo_write", { done: true }), say("done")])
  const items = events.flatMap((event) =>
    "item" in event && event.item.type !== "agent_message"
      ? [[event.type, event.item.id, event.item.type === "todo_list" ? event.item.items : event.item.type]]
      : [],
  )

  expect(items).toEqual([
    ["item.started", "item_0", [{ text: "one", completed: false }]],
    ["item.updated", "item_0", [{ text: "one", completed: true }]],
    ["item.completed", "item_0", [{ text: "one", completed: true }]],
  ])
})

test("a list that could not be kept is told as a call that failed", async () => {
  const { events } = await play([call("todo_write", { fails: true }), say("done")])

  expect(events).toContainEqual({
    type: "item.completed",
    item: expect.objectContaining({ type: "mcp_tool_call", tool: "todo_write", status: "failed" }),
  })
})

test("a tool of an MCP server is told by the server's name and its own", async () => {
  const { events } = await play([call("mcp__files__find_all", { name: "a" }), say("done")])

  expect(events.find(({ type }) => type === "item.started")).toMatchObject({
    item: { type: "mcp_tool_call", server: "files", tool: "find_all", arguments: { name: "a" } },
  })
})

test("tools that Codex does not know are calls of a server called skein, and refused ones fail with the reason", async () => {
  const { events, end } = await play([call("network", { url: "u" }), say("done")])
  const ended = events.find(({ type }) => type === "item.completed")

  expect(ended).toMatchObject({
    item: { type: "mcp_tool_call", server: "skein", tool: "network", arguments: { url: "u" }, status: "failed" },
  })
  expect(JSON.stringify(ended)).toContain("nobody is there to ask")
  expect(end).toBe("completed")
})

test("with yes to everything the same call runs", async () => {
  const { events } = await play([call("network", {}), say("done")], { isApprovingAll: true })

  expect(events[1]).toMatchObject({
    item: { status: "completed", result: { content: [{ type: "text", text: "fetched" }] }, error: null },
  })
})

test("a call that could not be read is no item", async () => {
  const { events } = await play([calls(["nothing", {}], ["write", "{broken"]), say("done")])

  expect(events).toEqual([{ type: "item.completed", item: { ...MESSAGE, id: "item_0" } }, COMPLETED])
})

test("a retry is an error that ends nothing", async () => {
  const cut = fail(new SkeinError("provider.stream_cut", "Cut."), "hal")
  const { events } = await play([cut, say("done")])

  expect(events[0]).toEqual({ type: "error", message: "Reconnecting... 1/5 (Cut.)" })
  expect(events.slice(1)).toMatchObject([{ item: { text: "done" } }, { type: "turn.completed" }])
})

test("retries beyond the fifth are told as the fifth", () => {
  expect([1, 5, 6].map((attempt) => reconnecting(attempt, "Cut."))).toEqual([
    "Reconnecting... 1/5 (Cut.)",
    "Reconnecting... 5/5 (Cut.)",
    "Reconnecting... 5/5 (Cut.)",
  ])
})

test("a failure is an error and turn.failed, a refused answer too, and nothing comes after", async () => {
  const spent = await play([fail(new SkeinError("provider.quota", "The credit is spent."))])
  const judged = await play([say("done")], { judge: async (text) => `${text} is not JSON` })

  expect(spent).toEqual({
    end: "failed",
    events: [
      { type: "error", message: "The credit is spent." },
      { type: "turn.failed", error: { message: "The credit is spent." } },
    ],
  })
  expect(judged.events.at(-1)).toEqual({ type: "turn.failed", error: { message: "done is not JSON" } })
})

test("an interrupted turn has neither end", async () => {
  const stop = new AbortController()
  const hanging: Scripted = [[{ type: "text", index: 0, text: "hal" }], new Promise(() => {})]
  const { events, end } = await play([hanging], {
    signal: stop.signal,
    emit: (event) => event.type === "turn.started" && stop.abort(),
  })

  expect({ events, end }).toEqual({ events: [], end: "interrupted" })
})

test("a turn that the engine refuses to begin has failed", async () => {
  const model = scriptedModel()
  const engine = testEngine(model)
  const receipt = await engine.submit({ type: "session.create", cwd: "/repo" })
  const events: ExecEvent[] = []
  const refusing = {
    ...engine,
    submit: async () => ({ status: "rejected" as const, code: "model.no_key" as const, message: "No key." }),
  }
  const { end } = await runExec({
    engine: refusing,
    sessionId: (receipt as { sessionId: SessionId }).sessionId,
    clientId: "cli_test",
    input: [{ type: "text", text: "go" }],
    isApprovingAll: false,
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
  })
  await engine.close()

  expect(end).toBe("failed")
  expect(events.map(({ type }) => type)).toEqual(["thread.started", "turn.started", "error", "turn.failed"])
})
