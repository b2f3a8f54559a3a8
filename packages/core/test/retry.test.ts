import { expect, test } from "bun:test"
import { ERROR_CODES, SkeinError } from "@skein/protocol"
import { call, fail, type Scripted, say, scriptedModel, submitText, testTools, transcript } from "@skein/testkit"
import { DEFAULT_RETRY, retryDelay } from "../src/index.ts"
import { scene } from "./scene.ts"

const busy = new SkeinError("provider.overloaded", "Busy.")

test("exactly these refusals are worth another try", () => {
  expect(ERROR_CODES.filter((code) => retryDelay(new SkeinError(code, "m"), 1, 0) !== undefined)).toEqual([
    "provider.token_expired",
    "provider.usage_limit",
    "provider.rate_limited",
    "provider.overloaded",
    "provider.unavailable",
    "provider.not_running",
    "provider.stream_cut",
    "provider.idle",
    "provider.quirk_found",
    "provider.stored_lost",
    "provider.protocol",
    "login.unavailable",
  ])
})

test("the wait doubles up to its bound, and the seventh attempt is the last", () => {
  const waits = [1, 2, 3, 4, 5, 6, 7].map((attempt) => retryDelay(busy, attempt, 0))
  expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, undefined])
  expect(retryDelay(busy, 9, 0, { ...DEFAULT_RETRY, attemptsMax: 10 })).toBe(20_000)
})

test("chance takes off up to half of the wait and never more", () => {
  for (let fraction = 0; fraction < 1; fraction += 0.01) {
    const wait = retryDelay(busy, 3, fraction) ?? 0
    expect(wait).toBeGreaterThan(499)
    expect(wait).toBeLessThanOrEqual(1_000)
  }
})

test("the provider's own wish is the least wait; one beyond reason is not waited for", () => {
  const wish = (retryAfterMs: number) =>
    retryDelay(new SkeinError("provider.rate_limited", "m", { retryAfterMs }), 1, 0.9)
  expect([wish(30_000), wish(60_000), wish(60_001), wish(10)]).toEqual([30_000, 60_000, undefined, 138])
})

test("a reply that makes no sense is asked for three times", () => {
  const odd = new SkeinError("provider.protocol", "What?")
  expect([1, 2, 3].map((attempt) => retryDelay(odd, attempt, 0))).toEqual([250, 500, undefined])
})

test("a server of this machine where nobody listens is asked three times", () => {
  const odd = new SkeinError("provider.not_running", "Nobody is there.")
  expect([1, 2, 3].map((attempt) => retryDelay(odd, attempt, 0))).toEqual([250, 500, undefined])
  expect(retryDelay(odd, 1, 0, { ...DEFAULT_RETRY, attemptsMax: 1 })).toBeUndefined()
})

test("giving up ends the turn with the last refusal, and every attempt has a number of its own", async () => {
  const given = await scene(scriptedModel(...Array.from({ length: 7 }, () => fail(busy, "par"))))
  await given.say("go")
  await given.session.until("turn.ended")

  const lines = transcript(given.session.events)
  expect(lines.match(/step.started .*/g)).toHaveLength(7)
  expect(new Set(lines.match(/step.started .*/g)).size).toBe(7)
  expect(lines).toEndWith("step.discarded 1.7 provider.overloaded\nturn.ended failed provider.overloaded")
})

test("attempts are counted from one again after a step that ended", async () => {
  const model = scriptedModel(fail(busy), call("echo", {}), fail(busy), say("done"))
  const given = await scene(model, { tools: testTools({ echo: { run: () => "echo" } }) })
  await given.say("go")
  await given.session.until("turn.ended")

  expect(transcript(given.session.events).match(/step.started .*/g)).toEqual([
    "step.started 1.1",
    "step.started 1.2",
    "step.started 2.1",
    "step.started 2.2",
  ])
})

test("no text of a discarded attempt, and no call of it, reaches the model or the world", async () => {
  let runs = 0
  const broken: Scripted = [
    [
      { type: "text", index: 0, text: "half" },
      { type: "item_end", index: 0 },
      { type: "call", index: 1, name: "echo" },
      { type: "arguments", index: 1, text: "{}" },
      { type: "item_end", index: 1 },
    ],
    busy,
  ]
  const model = scriptedModel(broken, call("echo", {}), say("done"))
  const given = await scene(model, { tools: testTools({ echo: { run: () => `${++runs}` } }) })
  await given.say("go")
  await given.session.until("turn.ended")

  expect(runs).toBe(1)
  expect(model.requests[1]).toMatchObject(model.requests[0] ?? {})
  expect(JSON.stringify(model.requests)).not.toContain("half")
})

test("a wrong reply that is no refusal ends the turn loudly, and the session can go on", async () => {
  const defects: unknown[] = []
  const model = { ...scriptedModel(), stream: () => failing() }
  const given = await scene(model, { onDefect: (error) => void defects.push(error) })
  await given.say("go")
  await given.session.until("turn.ended")

  expect(transcript(given.session.events)).toEndWith(
    "step.discarded 1.1 internal.defect\nturn.ended failed internal.defect",
  )
  expect(defects).toHaveLength(1)
  expect((await submitText(given.engine, given.id, "again")).as).toBe("started")
})

// biome-ignore lint/correctness/useYield: it fails before its first chunk
async function* failing(): AsyncGenerator<never> {
  throw new TypeError("undefined is not a function")
}
