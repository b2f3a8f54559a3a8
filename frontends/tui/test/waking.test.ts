import { expect, test } from "bun:test"
import { say, scriptedModel } from "@skein/testkit"
import { sit } from "./sitting.ts"

const SESSION = { model: "acme/scripted", mode: "auto", sandbox: "workspace-write" } as const
const RECENT = [{ title: "The clock", preview: "", updatedAt: 0 }]

test("who has asked for nothing sees the settings, and no engine is made", async () => {
  let isConnected = false
  const first = async () => {
    isConnected = true
  }
  const at = await sit(scriptedModel(), { first, glance: { session: SESSION, recent: RECENT } })
  const greeting = await at.until("The clock")
  expect(greeting).toContain("scripted · auto · workspace-write")
  expect(greeting).toMatch(/^ {2}\/resume {2}The clock/m)
  await at.type("word")
  expect(await at.until("› word")).toContain("? keys")
  expect(isConnected).toBe(false)
  expect(await at.leave()).toMatchObject({ by: "person", isKept: false })
  expect(isConnected).toBe(false)
})

test("a second word has an engine made, and what is sent before there is one is answered", async () => {
  const opened = Promise.withResolvers<void>()
  const connecting = Promise.withResolvers<void>()
  const first = () => {
    connecting.resolve()
    return opened.promise
  }
  const at = await sit(scriptedModel(say("Here I am.")), { first, glance: { session: SESSION, recent: [] } })
  await at.until("scripted")
  await at.type("are you")
  await connecting.promise
  await at.type(" there\r")
  await at.type("and more")
  opened.resolve()
  await at.until("Here I am.")
  expect(at.screen()).toContain("› are you there")
  expect(await at.until("› and more")).toContain("Here I am.")
  await at.leave()
})

test("a key that opens something waits until it can be opened, with what is typed after it", async () => {
  const at = await sit(scriptedModel(), { glance: { session: SESSION, recent: [] } })
  await at.until("scripted")
  await at.type("/")
  await at.type("hel")
  expect(await at.until("/help")).toContain("› /hel")
  await at.leave()
})

test("who leaves is not kept waiting for an engine that is being made", async () => {
  const at = await sit(scriptedModel(), {
    first: () => Promise.withResolvers<void>().promise,
    glance: { session: SESSION, recent: [] },
  })
  await at.until("scripted")
  await at.type("\u001b[A")
  expect(await at.leave()).toMatchObject({ by: "person" })
})
