import { expect, test } from "bun:test"
import { RESTART_NOTE, ToldText } from "./told-text.ts"

/** Plays attempts at a step, each a list of pieces; `cut` ends one in the middle. What the client is shown. */
function shown(...attempts: readonly (readonly string[])[]): readonly string[] {
  const told = new ToldText()
  const texts: (string | undefined)[] = []
  attempts.forEach((pieces, at) => {
    const itemId = `itm_${at}` as const
    told.started(itemId, "agent_message")
    for (const piece of pieces) texts.push(told.said(itemId, piece)?.text)
    const isLast = at === attempts.length - 1
    texts.push(told.completed(itemId, "agent_message", pieces.join(""), !isLast)?.text)
    if (!isLast) told.discarded()
  })
  return texts.filter((text) => text !== undefined)
}

test("a text that is said once is passed on piece by piece", () => {
  expect(shown(["Hel", "lo"])).toEqual(["Hel", "lo"])
})

test("what an attempt repeats is not shown again, wherever the pieces end", () => {
  expect(shown(["Hel", "lo"], ["H", "ello wor", "ld"])).toEqual(["Hel", "lo", " wor", "ld"])
  expect(shown(["Hello"], ["Hello", "!"])).toEqual(["Hello", "!"])
})

test("what differs comes whole, after a note, once", () => {
  expect(shown(["Hello"], ["Hel", "p is", " here"])).toEqual(["Hello", `${RESTART_NOTE}Help is`, " here"])
})

test("an answer shorter than what was shown is announced too, because the shown text is not what was said", () => {
  expect(shown(["Hello world"], ["Hello"])).toEqual(["Hello world", `${RESTART_NOTE}Hello`])
})

test("an attempt that breaks before it has caught up shows nothing", () => {
  expect(shown(["Hello"], ["He"], ["Hello there"])).toEqual(["Hello", " there"])
})

test("a message keeps its id through a repetition and gets a new one after the note", () => {
  const told = new ToldText()
  told.started("itm_1", "agent_message")
  told.said("itm_1", "Hello")
  told.discarded()
  told.started("itm_2", "agent_message")

  expect(told.said("itm_2", "Hello you")?.messageId).toBe("itm_1")
  told.discarded()
  told.started("itm_3", "agent_message")
  expect(told.said("itm_3", "Bye")?.messageId).toBe("itm_3")
})

test("thoughts and answers are told apart, and so are two answers of one step", () => {
  const told = new ToldText()
  for (const [id, kind] of [
    ["itm_1", "reasoning"],
    ["itm_2", "agent_message"],
    ["itm_3", "agent_message"],
  ] as const) {
    told.started(id, kind)
    told.said(id, id)
  }
  told.discarded()
  told.started("itm_4", "agent_message")
  told.started("itm_5", "agent_message")

  expect(told.said("itm_4", "itm_2")).toBeUndefined()
  expect(told.said("itm_5", "itm_3 and on")?.text).toBe(" and on")
})

test("what was missed of the pieces is made good by the whole text", () => {
  const told = new ToldText()

  expect(told.completed("itm_1", "reasoning", "All of it", false)?.text).toBe("All of it")
  told.ended()
  told.started("itm_2", "agent_message")
  told.said("itm_2", "He")
  expect(told.completed("itm_2", "agent_message", "Hello", false)?.text).toBe("llo")
})

test("the next step starts afresh", () => {
  const told = new ToldText()
  told.started("itm_1", "agent_message")
  told.said("itm_1", "Hello")
  told.ended()
  told.started("itm_2", "agent_message")

  expect(told.said("itm_2", "Hello")?.text).toBe("Hello")
})
