import { expect, test } from "bun:test"
import type { AgentMessage, Compaction, InputPart, Item, Reasoning, ToolCall, UserMessage } from "@skein/protocol"
import { assertAcceptable } from "@skein/testkit"
import { buildMessages } from "../src/index.ts"
import { Dice } from "./generated.ts"

const TEXTS = ["words", "", " \n", "more words"]
const NAMES = ["read", "functions.read", "", "mcp__a__b", "x".repeat(100), "löschen"]
const IDS = [undefined, "", "call_0", "call_1", "cal_1", "cal_2", "cal_3-2"]
const INPUTS = [undefined, null, [], "text", 7, { a: 1 }]

/** Items in any order whatever: more than any session could leave behind. */
function anyItems(dice: Dice): Item[] {
  let turn = 0
  let step = 0
  return Array.from({ length: dice.below(30) }, (_, at): Item => {
    if (dice.chance(0.3)) step += 1
    const kind = dice.pick(["user", "agent", "reasoning", "call", "call", "call", "context", "notice", "compaction"])
    const place = { turnId: `trn_${turn}`, step, index: dice.below(5) } as const
    const item = { ...place, itemId: `itm_${at}`, text: dice.pick(TEXTS) } as const
    const status = dice.pick(["complete", "interrupted", "discarded"] as const)
    switch (kind) {
      case "user":
        turn += 1
        return user(`trn_${turn}`, parts(dice))
      case "agent":
        return { kind: "agent_message", ...item, status } satisfies AgentMessage
      case "reasoning": {
        const data = { wire: "w", provider: "p", model: "m", data: "signature" }
        return { kind, ...item, status, ...(dice.chance(0.5) ? { providerData: data } : {}) } satisfies Reasoning
      }
      case "call":
        return toolCall(at, place, dice)
      case "context":
        return { kind, sections: [{ source: "s", text: dice.pick(TEXTS), sha256: "h", bytes: 1, tokens: 1 }] }
      case "compaction":
        return compaction(dice)
      default:
        return { kind: "notice", level: "info", text: "n" }
    }
  })
}

function user(turnId: `trn_${string}`, input: readonly InputPart[]): UserMessage {
  return { kind: "user_message", turnId, inputId: "inp_1", input, isSteer: false }
}

function parts(dice: Dice): InputPart[] {
  return Array.from({ length: dice.below(4) }, () =>
    dice.chance(0.3)
      ? { type: "image", mediaType: "image/png", data: "aGk=" }
      : { type: "text", text: dice.pick(TEXTS) },
  )
}

function toolCall(at: number, place: Pick<ToolCall, "turnId" | "step" | "index">, dice: Dice): ToolCall {
  const forModel = parts(dice)
  return {
    ...{ kind: "tool_call", ...place, callId: `cal_${at}`, name: dice.pick(NAMES), title: "t" },
    ...{ toolKind: "other", locations: [], input: dice.pick(INPUTS), providerCallId: dice.pick(IDS) },
    state: dice.pick(["validating", "executing", "success", "error", "cancelled"]),
    ...(dice.chance(0.7) ? { result: { forModel, durationMs: 1, isElided: dice.chance(0.2) } } : {}),
  }
}

function compaction(dice: Dice): Compaction {
  const summary = dice.pick([undefined, "the story so far"])
  return { kind: "compaction", imagesElided: dice.chance(0.3), summary, tokensBefore: 2, tokensAfter: 1 }
}

test("any items at all, with a prompt after them, make a conversation that every provider accepts", () => {
  for (let seed = 0; seed < 3_000; seed++) {
    const items = [...anyItems(new Dice(seed)), user("trn_last", [{ type: "text", text: "and now?" }])]
    assertAcceptable(buildMessages(items))
  }
})

test("building them changes no item, and does so twice alike", () => {
  for (let seed = 0; seed < 200; seed++) {
    const items = anyItems(new Dice(seed))
    const before = JSON.stringify(items)
    const built = JSON.stringify(buildMessages(items))
    expect(JSON.stringify(buildMessages(items))).toBe(built)
    expect(JSON.stringify(items)).toBe(before)
  }
})

test("however many images there are, a request holds at most twenty, and those are the newest", () => {
  const image = (name: string): InputPart => ({ type: "image", mediaType: "image/png", data: name })
  const items = Array.from({ length: 50 }, (_, at) => user(`trn_${at}`, [image(`i${at}`)]))
  const sent = JSON.stringify(buildMessages(items)).match(/i\d+/g)
  expect(sent?.join()).toBe(Array.from({ length: 20 }, (_, at) => `i${30 + at}`).join())
})

test("calls that share an id are told apart, the first keeping it", () => {
  const place = { turnId: "trn_1", step: 1, index: 0 } as const
  const named = (at: number, providerCallId: string): ToolCall => ({
    ...{ kind: "tool_call", ...place, index: at, callId: `cal_${at}`, name: "read", title: "t", toolKind: "read" },
    ...{ locations: [], input: {}, providerCallId, state: "success" },
  })
  const items = [user("trn_1", [{ type: "text", text: "go" }]), named(1, "cal_2"), named(2, "x"), named(3, "x")]
  const ids = JSON.stringify(buildMessages(items)).match(/"callId":"[^"]*"/g)
  expect(ids?.slice(0, 3)).toEqual(['"callId":"cal_2"', '"callId":"x"', '"callId":"cal_3"'])
})

test("the validator says what is wrong with each conversation that a provider would refuse", () => {
  const said = { role: "user", content: [{ type: "text", text: "go" }] } as const
  const called = { role: "assistant", content: [{ type: "call", callId: "a", name: "read", input: {} }] } as const
  const result = {
    type: "result",
    callId: "a",
    name: "read",
    content: [{ type: "text", text: "r" }],
    isError: false,
  } as const
  const answered = { role: "user", content: [result] } as const
  const wrong = {
    "no message": [],
    "begin with the user": [called, answered],
    "end with the user": [said, called],
    "same role": [said, said],
    "blank text": [{ role: "user", content: [{ type: "text", text: " " }] }],
    empty: [said, { role: "assistant", content: [] }, said],
    "have the results": [said, called, said],
    "results without calls": [answered],
    "used twice": [said, called, answered, called, answered],
    "ends in a thought": [said, { role: "assistant", content: [{ type: "reasoning", text: "hm" }] }, said],
    "at its head": [said, called, { role: "user", content: [{ type: "text", text: "x" }, result] }],
    "is empty": [said, called, { role: "user", content: [{ ...result, content: [] }] }],
    "takes the name": [said, { role: "assistant", content: [{ ...called.content[0], name: "a b" }] }, answered],
    "is no object": [said, { role: "assistant", content: [{ ...called.content[0], input: [] }] }, answered],
  } as const
  for (const [why, messages] of Object.entries(wrong)) expect(() => assertAcceptable(messages)).toThrow(why)
  assertAcceptable([said, called, { role: "user", content: [result, ...said.content] }])
})
