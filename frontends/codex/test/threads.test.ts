import { expect, test } from "bun:test"
import type { Instructions } from "@skein/protocol"
import { call, type Scripted, say, scriptedModel, testEngine, testTools } from "@skein/testkit"
import { codex } from "./codex-program.ts"
import { realSchemas } from "./real-schemas.ts"
import { idOf, serve } from "./talk.ts"

const HANG_MS = 60_000
const schemas = realSchemas()

function server(...script: readonly Scripted[]) {
  const model = scriptedModel(...script)
  const tools = testTools({ read: { run: () => `read ${"r".repeat(4_000)}` } })
  // What a client gives the model to go by stands in the place of all else here.
  const gather = async ({ instructions = {} }: { instructions?: Instructions | undefined }) => {
    const text = [instructions.text ?? "ours", instructions.append].filter(Boolean).join(" ")
    return [{ source: "instructions", text, sha256: text, bytes: text.length }]
  }
  const engine = testEngine(model, { tools, sources: { gather, touched: async () => [] } })
  return Object.assign(serve(engine), { model })
}

type Server = ReturnType<typeof server>

/** Every message that came was as Codex describes it. */
async function over(host: Server): Promise<void> {
  await host.end()
  if (codex !== undefined) expect(schemas?.defects(host.sent, host.messages)).toEqual([])
}

async function worked(host: Server, params: Record<string, unknown> = {}): Promise<string> {
  await host.handshake()
  const threadId = await host.thread(params)
  await host.turn(threadId, "read it")
  await host.next("turn/completed")
  return threadId
}

test(
  "a compaction is a turn with one item, and reads back by the same ids",
  async () => {
    const host = server(call("read", {}), say("done"), say("a summary"))
    const threadId = await worked(host)
    const answer = await host.request("thread/compact/start", { threadId })
    const begun = await host.next("item/started")
    const ended = await host.next("turn/completed")
    const turns = await host.request("thread/turns/list", { threadId, itemsView: "full", limit: 1 })
    const items = await host.request("thread/items/list", { threadId, sortDirection: "desc", limit: 1 })
    await over(host)

    const turnId = idOf(ended.params?.turn)
    expect(answer.result).toEqual({})
    expect(begun.method).toBe("item/started")
    expect(turns.result?.data).toMatchObject([
      { id: turnId, items: [{ type: "contextCompaction" }], status: "completed" },
    ])
    expect(items.result?.data).toMatchObject([{ turnId, item: { type: "contextCompaction" } }])
    expect(items.result?.nextCursor).toBe("1")
  },
  HANG_MS,
)

test(
  "where there is nothing to sum up the turn says so",
  async () => {
    const host = server()
    await host.handshake()
    const threadId = await host.thread()
    await host.request("thread/compact/start", { threadId })
    const told = await host.next("warning")
    const ended = await host.next("turn/completed")
    await over(host)

    expect(told.params?.message).toStartWith("There is nothing to sum up")
    expect(ended.params).toMatchObject({ turn: { status: "completed", items: [] } })
  },
  HANG_MS,
)

test(
  "a compaction that the model is slow with is interrupted as a turn is",
  async () => {
    const host = server(call("read", {}), say("done"), [new Promise(() => {})])
    const threadId = await worked(host)
    await host.request("thread/compact/start", { threadId })
    const busy = await host.request("thread/compact/start", { threadId })
    const answer = await host.request("turn/interrupt", { threadId, turnId: newest(host) })
    const ended = await host.next("turn/completed")
    await over(host)

    expect(busy.error?.message).toContain("a turn is running")
    expect(answer.result).toEqual({})
    expect(ended.params).toMatchObject({ turn: { status: "interrupted" } })
  },
  HANG_MS,
)

/** Of the turn that began last. */
function newest(host: Server): string {
  return idOf(host.messages.findLast(({ method }) => method === "turn/started")?.params?.turn)
}

test(
  "what a client gives the model to go by holds for its thread alone",
  async () => {
    const host = server(say("one"), say("two"), say("three"))
    await host.handshake()
    const given = await host.thread({ baseInstructions: "Be a clerk.", developerInstructions: "In verse." })
    await host.turn(given, "hello")
    await host.next("turn/completed")
    const other = await host.thread({ config: { developer_instructions: "Be kind." } })
    await host.turn(other, "hello")
    await host.next("turn/completed")
    await over(host)

    expect(host.model.requests.map(({ system }) => system)).toEqual([["Be a clerk. In verse."], ["ours Be kind."]])
  },
  HANG_MS,
)

test(
  "an ephemeral thread is worked in, is in no list, and goes with its client",
  async () => {
    const host = server(say("hello"))
    await host.handshake()
    const { result } = await host.request("thread/start", { ephemeral: true })
    const threadId = idOf(result?.thread)
    await host.turn(threadId, "hello")
    await host.next("turn/completed")
    const listed = await host.request("thread/list")
    const read = await host.request("thread/read", { threadId })
    await host.request("thread/unsubscribe", { threadId })
    const gone = await host.request("thread/read", { threadId })
    await over(host)

    expect(result?.thread).toMatchObject({ ephemeral: true })
    expect(listed.result?.data).toEqual([])
    expect(read.result?.thread).toMatchObject({ ephemeral: true })
    expect(gone.error?.message).toBe(`thread not loaded: ${threadId}`)
  },
  HANG_MS,
)

test(
  "messages that a client puts in are read by the model with the next turn; what a model said is not a client's to say",
  async () => {
    const host = server(say("one"), say("two"))
    await host.handshake()
    const threadId = await host.thread()
    const message = (role: string) => ({
      type: "message",
      role,
      content: [{ type: "input_text", text: `from the ${role}` }],
    })
    const refused = [
      await host.request("thread/inject_items", { threadId, items: [message("user"), message("assistant")] }),
      await host.request("thread/inject_items", { threadId, items: [{ type: "function_call", name: "x" }] }),
      await host.request("thread/inject_items", { threadId, items: [] }),
    ]
    await host.request("thread/inject_items", { threadId, items: [message("developer")] })
    await host.turn(threadId, "and now?")
    await host.next("turn/completed")
    await over(host)

    expect(refused.map(({ error }) => error?.message)).toEqual([
      "items[1] of type message and role assistant cannot be injected: only messages of a user or a developer can",
      "items[0] of type function_call cannot be injected: only messages of a user or a developer can",
      "items must not be empty",
    ])
    const sent = JSON.stringify(host.model.requests[0]?.messages)
    expect(sent).toContain("from the developer")
    expect(sent).not.toContain("from the user")
  },
  HANG_MS,
)

test(
  "a goal is set, told, read and taken away; one that would begin turns is refused",
  async () => {
    const host = server(say("one"))
    await host.handshake()
    const threadId = await host.thread()
    const none = await host.request("thread/goal/get", { threadId })
    const active = await host.request("thread/goal/set", { threadId, objective: "Ship it", status: "active" })
    const set = await host.request("thread/goal/set", { threadId, objective: "Ship it" })
    const told = await host.next("thread/goal/updated")
    const cleared = await host.request("thread/goal/clear", { threadId })
    const again = await host.request("thread/goal/clear", { threadId })
    await over(host)

    expect(none.result).toEqual({ goal: null })
    expect(active.error?.message).toContain("begins no turn for it")
    expect(set.result?.goal).toMatchObject({ objective: "Ship it", status: "paused" })
    expect(told.params?.goal).toMatchObject({ threadId, objective: "Ship it" })
    expect([cleared.result, again.result]).toEqual([{ cleared: true }, { cleared: false }])
  },
  HANG_MS,
)

test(
  "lists are paged and filtered, and say in how much detail",
  async () => {
    const host = server(say("one"), say("two"))
    await host.handshake()
    const first = await host.thread()
    await host.turn(first, "hello")
    await host.next("turn/completed")
    await host.turn(first, "again")
    await host.next("turn/completed")
    const second = await host.thread()
    const pages = [
      await host.request("thread/list", { excludedThreadIds: [second] }),
      await host.request("thread/list", { modelProviders: ["nobody"] }),
      await host.request("thread/list", { sourceKinds: ["subAgent"] }),
      await host.request("thread/loaded/list", { limit: 1 }),
      await host.request("thread/turns/list", { threadId: first, limit: 1 }),
      await host.request("thread/turns/list", { threadId: first, itemsView: "notLoaded" }),
      await host.request("thread/turns/list", { threadId: first, itemsView: "everything" }),
    ]
    await over(host)

    const rows = pages.map(
      ({ result }) => result?.data as readonly { id: string; items?: readonly unknown[] }[] | undefined,
    )
    expect(rows[0]?.map(({ id }) => id)).toEqual([first])
    expect([rows[1], rows[2]]).toEqual([[], []])
    expect(pages[3]?.result).toEqual({ data: [first], nextCursor: "1" })
    expect(rows[4]?.map(({ items }) => items?.length)).toEqual([2])
    expect(rows[5]?.map(({ items }) => items?.length)).toEqual([0, 0])
    expect(pages[6]?.error?.message).toContain("unknown variant `everything`")
  },
  HANG_MS,
)

test(
  "what is experimental is for clients alone that said they want it",
  async () => {
    const host = server()
    await host.handshake()
    const errors = [
      await host.request("thread/queue/list", { threadId: "1" }),
      await host.request("thread/start", { dynamicTools: [] }),
    ].map(({ error }) => error)
    await over(host)
    const eager = server()
    await eager.handshake({ experimentalApi: true })
    const refused = await eager.request("thread/queue/list", { threadId: "1" })
    await eager.end()

    expect(errors).toEqual([
      { code: -32600, message: "thread/queue/list requires experimentalApi capability" },
      { code: -32600, message: "thread/start.dynamicTools requires experimentalApi capability" },
    ])
    expect(refused.error).toMatchObject({ code: -32601 })
    expect(refused.error?.message).toStartWith("thread/queue/list is not available in skein: a turn is steered")
  },
  HANG_MS,
)
