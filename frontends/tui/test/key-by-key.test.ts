import { expect, test } from "bun:test"
import type { Engine } from "@skein/protocol"
import { say, scriptedModel, testEngine } from "@skein/testkit"
import { noSystem, type SystemPort } from "../src/index.ts"
import { sit } from "./sitting.ts"

const KEYS = [
  ..."make the checkout test deterministic, with a clock",
  "\u0002",
  "\u0001",
  "\u0005",
  "\u007f",
  "\u001b[D",
]

test("no key of a line makes anybody look at a file, a repository, a program or the engine", async () => {
  const asked: string[] = []
  const noted =
    <A extends unknown[], R>(name: string, act: (...args: A) => R) =>
    (...args: A): R => {
      asked.push(name)
      return act(...args)
    }
  const system: Partial<SystemPort> = {
    files: noted("files", noSystem.files),
    status: noted("status", noSystem.status),
    branch: noted("branch", noSystem.branch),
    readText: noted("readText", noSystem.readText),
    readImage: noted("readImage", noSystem.readImage),
  }
  const own = testEngine(scriptedModel(say("Hello.")))
  const engine: Engine = {
    submit: noted("submit", (op) => own.submit(op)),
    ask: (query) => {
      asked.push("ask")
      return own.ask(query)
    },
    events: (from) => own.events(from),
  }
  const at = await sit(scriptedModel(), { engine, system })
  await at.until("scripted ·")
  await at.type("h")
  await at.type("\r")
  await at.until("Done")
  expect(asked).toContain("branch")
  expect(asked).toContain("submit")
  const before = asked.length
  for (const key of KEYS) await at.type(key)
  await at.until("› make the checkout test deterministic, with a")
  expect(asked.slice(before)).toEqual([])
  await at.leave()
})
