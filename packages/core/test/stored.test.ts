import { expect, test } from "bun:test"
import { SkeinError } from "@skein/protocol"
import { call, fail, listen, type Scripted, say, scriptedModel, submitText, testTools } from "@skein/testkit"
import { logOf, reopened } from "./reopened.ts"
import { ASKED, type Scene, scene } from "./scene.ts"

const tools = testTools({ echo: { run: ({ n }) => `echo ${n}` } })

/** The reply, of a provider that keeps it by this id. */
function kept(storedAs: string, reply: Scripted): Scripted {
  return reply.map((burst) =>
    burst instanceof SkeinError || burst instanceof Promise
      ? burst
      : burst.map((chunk) => (chunk.type === "stop" ? { ...chunk, storedAs } : chunk)),
  )
}

const LOST = new SkeinError("provider.stored_lost", "Test no longer has it: all of it is sent again.", {})

async function turns({ say: told, session }: Scene, ...texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    await told(text)
    await session.until("turn.ended")
  }
}

function notices({ session }: Scene): readonly string[] {
  return session.events.flatMap((event) => (event.type === "notice.posted" ? [event.text] : []))
}

test("a request goes on from the reply that its provider keeps, within a turn and after it", async () => {
  const model = scriptedModel(kept("r_1", call("echo", { n: 1 })), kept("r_2", say("done")), kept("r_3", say("well")))
  const given = await scene(model, { tools })
  await turns(given, "one", "two")

  expect(model.requests.map(({ continues, messages }) => [continues, messages.length])).toEqual([
    [undefined, 1],
    [{ replyId: "r_1", messagesFrom: 2 }, 3],
    [{ replyId: "r_2", messagesFrom: 4 }, 5],
  ])
  const started = given.session.events.filter((event) => event.type === "step.started")
  expect(started.map(({ continues }) => continues)).toEqual([undefined, "r_1", "r_2"])
  expect(notices(given)).toEqual([])
})

test("a provider that no longer has it is told everything at once, and gone on from with the next reply", async () => {
  const model = scriptedModel(kept("r_1", say("a")), fail(LOST), kept("r_2", say("b")), kept("r_3", say("c")))
  const given = await scene(model)
  await turns(given, "one", "two", "three")

  expect(model.requests.map(({ continues }) => continues?.replyId)).toEqual([undefined, "r_1", undefined, "r_2"])
  expect(given.session.events.filter((event) => event.type === "step.discarded")).toMatchObject([
    { code: "provider.stored_lost", retryInMs: 0 },
  ])
})

test("a provider that keeps nothing, whatever it says, is not believed a third time", async () => {
  const model = scriptedModel(
    ...[kept("r_1", say("a")), fail(LOST), kept("r_2", say("b")), fail(LOST)],
    ...[kept("r_3", say("c")), kept("r_4", say("d"))],
  )
  await turns(await scene(model), "one", "two", "three", "four")
  const asked = model.requests.map(({ continues }) => continues?.replyId)
  expect(asked).toEqual([undefined, "r_1", undefined, "r_2", undefined, undefined])
})

test("another model is sent the whole conversation, and a line says so", async () => {
  const model = scriptedModel(kept("r_1", say("a")), kept("r_2", say("b")), say("c"))
  const given = await scene(model)
  await turns(given, "one")
  await given.op({ type: "settings.change", changes: { model: "test/other" } })
  await turns(given, "two", "three")

  expect(model.requests.map(({ continues }) => continues?.replyId)).toEqual([undefined, undefined, "r_2"])
  expect(notices(given)).toEqual(["test/other is sent the whole conversation: what is kept is that of test/scripted."])
})

test("a conversation that was rewound is not the one that is kept", async () => {
  const model = scriptedModel(kept("r_1", say("a")), kept("r_2", say("b")), say("c"))
  const given = await scene(model)
  await turns(given, "one", "two")
  await given.op({ type: "session.rewind", to: { kind: "undo", turns: 1 }, scope: "chat" })
  await turns(given, "three")

  expect(model.requests.at(-1)?.continues).toBeUndefined()
  expect(notices(given)).toEqual(["test/scripted is sent the whole conversation: it has changed since."])
})

test("a session that is opened again goes on from what its provider keeps", async () => {
  const left = await logOf(scriptedModel(kept("r_1", say("a"))))
  const { engine, model, id } = reopened(left)
  const session = listen(engine, id)
  await session.until("session.snapshot")
  await submitText(engine, id, "two")
  await session.until("turn.ended")
  await engine.close()

  expect(model.requests.map(({ continues }) => continues)).toEqual([{ replyId: "r_1", messagesFrom: 2 }])
})

test("a call that the person made another is told as they made it", async () => {
  const asking = testTools({ shell: { ...ASKED, run: ({ n }) => `ran ${n}` } })
  const model = scriptedModel(kept("r_1", call("shell", { n: 1 })), say("done"))
  const given = await scene(model, { tools: asking })
  await given.attach()
  await given.say("go")
  const asked = await given.session.until("approval.requested")
  const { approvalId } = asked as Extract<typeof asked, { type: "approval.requested" }>
  await given.op({
    type: "approval.answer",
    approvalId,
    answer: "allow_once",
    updatedInput: { n: 2 },
  })
  await given.session.until("turn.ended")

  expect(model.requests.at(-1)?.continues).toBeUndefined()
})
