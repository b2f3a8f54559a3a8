import { expect, setDefaultTimeout, test } from "bun:test"
import { say, scriptedModel, testEngine } from "@skein/testkit"
import { Audience } from "../src/index.ts"
import { serve } from "./talk.ts"

// A guard against hanging, on a machine that may be busy.
setDefaultTimeout(60_000)

test("what becomes of a thread is told to each client of the server once, as Codex tells it", async () => {
  const audience = new Audience()
  const engine = testEngine(scriptedModel(say("hello")))
  const one = serve(engine, { audience, clientId: "cli_one" })
  const two = serve(engine, { audience, clientId: "cli_two" })
  const gone = serve(engine, { audience, clientId: "cli_gone" })
  for (const host of [one, two, gone]) await host.handshake()
  const heard = gone.messages.length
  await gone.leave()
  const threadId = await one.thread()
  await one.request("thread/name/set", { threadId, name: "ours" })
  await two.request("thread/resume", { threadId })
  await one.request("thread/name/set", { threadId, name: "yours" })
  await two.until(({ method, params }) => method === "thread/name/updated" && params?.threadName === "yours")
  await two.request("thread/unsubscribe", { threadId })
  for (const method of ["thread/archive", "thread/unarchive", "thread/delete"]) {
    expect((await one.request(method, { threadId })).error).toBeUndefined()
  }
  await two.next("thread/deleted")
  await one.leave()
  await two.end()

  const told = (host: typeof one) =>
    host.messages.flatMap(({ method }) =>
      method !== undefined && /^thread\/(started|archived|unarchived|deleted|name)/.test(method) ? [method] : [],
    )
  const all = ["thread/started", "thread/name/updated", "thread/name/updated"]
  const everything = [...all, "thread/archived", "thread/unarchived", "thread/deleted"]
  expect(told(two)).toEqual(everything)
  expect(told(one)).toEqual(everything)
  expect(gone.messages.length).toBe(heard)
})
