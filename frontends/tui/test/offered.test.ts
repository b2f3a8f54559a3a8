import { expect, test } from "bun:test"
import { say, scriptedModel } from "@skein/testkit"
import { offeredOf } from "../src/app/offered.ts"
import { sit } from "./sitting.ts"

const CTRL_P = "\u0010"
const ESCAPE = "\u001b"

test("what is offered begins with what is now, and leaving is last", async () => {
  const at = await sit(scriptedModel())
  const names = offeredOf(await at.engine.ask({ type: "commands.list" })).map(({ name }) => name)
  expect(names.slice(0, 3)).toEqual(["status", "model", "mode"])
  expect(names.at(-1)).toBe("quit")
  await at.until("scripted ·")
  await at.type(CTRL_P)
  expect(await at.until("› /status")).not.toContain("/quit")
  await at.leave()
})

test("what is not there yet is not offered, and asking for it says so", async () => {
  const at = await sit(scriptedModel(), { rows: 30, columns: 100 })
  await at.until("scripted ·")
  await at.type("/rlm\r")
  await at.until("/rlm is not available in this version of skein: it has no recursive model calls yet.")
  await at.type(CTRL_P)
  await at.until("type to filter")
  expect(at.screen()).not.toContain("/swarm")
  await at.type("swarm")
  await at.until("it has no swarm of agents yet.")
  await at.type("\u0015background the")
  await at.until("Not there yet: a call runs in the foreground")
  await at.type(ESCAPE)
  await at.when(() => !at.screen().includes("esc back"))
  await at.leave()
})

test("what commands are for is said alike, whoever has them, and a filter counts what is listed", async () => {
  const at = await sit(scriptedModel(), { rows: 40 })
  const offered = offeredOf(await at.engine.ask({ type: "commands.list" }))
  expect(offered.filter(({ summary }) => summary.endsWith("."))).toEqual([])
  await at.until("scripted ·")
  await at.type(CTRL_P)
  const [, listed] = /of (\d+)/.exec(await at.until("type to filter")) ?? []
  await at.type("theme")
  await at.when(() => !at.screen().includes("type to filter"))
  expect(at.screen()).toMatch(new RegExp(`\\d+ of ${listed}\\n`))
  await at.leave()
})

test("what a command is told is offered behind it, as its usage says; Enter alone tells it nothing", async () => {
  const at = await sit(scriptedModel())
  await at.until("scripted ·")
  const offered = offeredOf(await at.engine.ask({ type: "commands.list" }))
  const choices = (name: string) => offered.find((each) => each.name === name)?.choices?.map(({ value }) => value)
  expect(choices("mode")).toEqual(["plan", "ask", "accept-edits", "auto", "full"])
  expect(choices("tab")).toEqual(["next", "previous", "close"])
  expect(choices("theme")).toContain("solarized-dark")
  expect([choices("rename"), choices("rewind"), choices("compact")]).toEqual([undefined, undefined, undefined])
  await at.type("/mode pl")
  await at.until("› plan")
  await at.type("\r")
  await at.until("The mode is plan")
  await at.leave()
})

test("a prompt of a file is offered beside the commands, by a name with a folder in it, and begins a turn", async () => {
  const row = (name: string) => ({ name, summary: `Does ${name}`, usage: "", kind: "command", scope: "user" }) as const
  const prompts = {
    list: async () => [row("front:component"), row("tab")],
    expand: async (name: string, args: string) => ({
      input: [{ type: "text" as const, text: `Make ${args} (${name})` }],
    }),
  }
  const at = await sit(scriptedModel(say("Made.")), { rows: 30, columns: 100, ports: { prompts } })
  await at.until("scripted ·")
  await at.type("/front:c")
  await at.until("Does front:component")
  await at.type("\u0015/user:t")
  await at.until("Does tab")
  await at.type("\u0015/front:component a button\r")
  await at.until("Make a button (front:component)")
  await at.until("Made.")
  await at.leave()
})
