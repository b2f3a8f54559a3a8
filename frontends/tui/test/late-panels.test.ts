import { expect, test } from "bun:test"
import type { Engine, Query } from "@skein/protocol"
import { call, say, scriptedModel, testEngine, testTools } from "@skein/testkit"
import { sit } from "./sitting.ts"

const CTRL_O = "\u000f"
const ESC = "\u001b[27u"

const MODELS = "  models"
const QUESTION = "n  no       f  no"

const TWO_FRAMES_MS = 100

/** An engine that lists models and resolves commands when it is told to, and a tool that asks when it is told to. */
async function sat() {
  const models = Promise.withResolvers<void>()
  const replied = Promise.withResolvers<void>()
  const asks = Promise.withResolvers<void>()
  const asked: Query[] = []
  const tools = testTools({ push: { effects: [{ kind: "delegate", to: "origin" }], run: () => "pushed" } })
  const rules = [{ tool: "push", decision: "ask", scope: "user" }] as const
  const model = scriptedModel([asks.promise, ...call("push", {})], say("Pushed."))
  const made = testEngine(model, { tools, rules })
  const engine: Engine = {
    submit: (op) => made.submit(op),
    events: (wanted) => made.events(wanted),
    async ask(query) {
      asked.push(query)
      const answer = await made.ask(query)
      if (query.type === "models.list") await models.promise
      if (query.type === "command.resolve") await replied.promise
      return answer
    },
  }
  const at = await sit(scriptedModel(), { engine })
  await at.until("scripted")
  await at.type("push it\r")
  await at.until("asks the model")
  return { at, models, replied, asks, asked }
}

type At = Awaited<ReturnType<typeof sat>>["at"]

async function leave(at: At): Promise<void> {
  at.signal("SIGTERM")
  await at.left
}

test("what was opened and is ready late does not cover a question that came meanwhile", async () => {
  const { at, models, asks } = await sat()
  await at.type(CTRL_O)
  asks.resolve()
  await at.until(QUESTION)
  models.resolve()
  await Bun.sleep(TWO_FRAMES_MS)
  await at.terminal.settled()
  expect(at.screen()).toContain(QUESTION)
  expect(at.screen()).not.toContain(MODELS)
  await at.type("y")
  await at.until("Pushed.")
  await leave(at)
})

test("nor does it come over what is typed since", async () => {
  const { at, models } = await sat()
  await at.type(CTRL_O)
  await at.type("go on")
  models.resolve()
  expect(await at.until("Not opened")).toContain("› go on")
  expect(at.screen()).not.toContain(MODELS)
  await leave(at)
})

test("nor over what was opened after it", async () => {
  const { at, models } = await sat()
  await at.type(CTRL_O)
  await at.type("?")
  await at.until("Send; while a turn runs")
  models.resolve()
  await Bun.sleep(TWO_FRAMES_MS)
  await at.terminal.settled()
  expect(at.screen()).not.toContain(MODELS)
  await leave(at)
})

test("what is asked for again while it is made ready is opened once", async () => {
  const { at, models, asked } = await sat()
  for (let times = 0; times < 3; times++) await at.type(CTRL_O)
  models.resolve()
  await at.until(MODELS)
  expect(asked.filter(({ type }) => type === "models.list")).toEqual([{ type: "models.list", asksServers: true }])
  await at.type(ESC)
  await at.when(() => !at.screen().includes(MODELS))
  await leave(at)
})

test("a command's question waits behind one that is on the screen, and is asked after it", async () => {
  const { at, replied, asks } = await sat()
  await at.type("/permissions allow push\r")
  asks.resolve()
  await at.until(QUESTION)
  replied.resolve()
  await Bun.sleep(TWO_FRAMES_MS)
  await at.terminal.settled()
  expect(at.screen()).toContain(QUESTION)
  expect(at.screen()).not.toContain("Everything that push does")
  await at.type("y")
  await at.until("Everything that push does")
  await at.type("y")
  await at.until("allow: push")
  await leave(at)
})
