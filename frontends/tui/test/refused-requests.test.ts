import { expect, test } from "bun:test"
import { SkeinError } from "@skein/protocol"
import { fail, fakeClock, say, scriptedModel } from "@skein/testkit"
import { sit } from "./sitting.ts"

const ESC = "\u001b[27u"

const WHY =
  'mine (127.0.0.1:8080) limits the rate of requests (HTTP 429: "too many requests of this key"). Wait, or choose another model.'

const limited = (text = WHY, retryAfterMs?: number) =>
  fail(new SkeinError("provider.rate_limited", text, retryAfterMs === undefined ? {} : { retryAfterMs }))

/** Rows as one text, however they were broken. */
const told = (screen: string) => screen.replace(/\s+/g, " ")

test("why a request is asked again can be read whole while it waits, and stays when it is stopped", async () => {
  const clock = fakeClock()
  const at = await sit(scriptedModel(limited(WHY, 20_000)), { rows: 40, ports: { clock }, now: () => clock.now() })
  await at.type("hello\r")
  expect(told(await at.until("asks again in"))).toContain(`Careful: ${WHY}`)
  expect(at.screen()).toMatch(/asks again in 20 s {2}attempt 2 .*esc stop/)
  await at.type(ESC)
  expect(told(await at.until("Stopped"))).toContain(`Careful: ${WHY}`)
  expect(at.screen()).toMatch(/Stopped .* s · 1 step$/m)
  await at.leave()
})

test("one reason is told once in a turn, another beside it, and why nothing more is asked where the turn ends", async () => {
  const gone = new SkeinError("provider.auth", "mine did not accept the key.")
  const model = scriptedModel(
    limited(),
    limited(),
    limited("mine is overloaded."),
    fail(gone),
    limited(),
    say("Hello."),
  )
  const at = await sit(model, { rows: 40 })
  await at.type("hello\r")
  const first = told(await at.until("Failed: mine did not accept the key."))
  expect(first.split(WHY)).toHaveLength(2)
  expect(first).toContain("Careful: mine is overloaded.")
  expect(first.split("did not accept the key")).toHaveLength(2)
  await at.type("again\r")
  expect(told(await at.until("Hello.")).split(WHY)).toHaveLength(3)
  await at.leave()
})
