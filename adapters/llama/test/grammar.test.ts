import { expect, test } from "bun:test"
import { callGrammar, callIn, valueGrammar } from "../src/runner/grammar.ts"
import { promptOf } from "../src/runner/prompt.ts"
import { listener } from "../src/runner/spoken.ts"

test("a call's grammar has each tool's name and its required arguments before the others", () => {
  const parameters = {
    type: "object",
    properties: { all: { type: "boolean" }, kind: { enum: ["a", "b"] }, many: { type: "integer" } },
    required: ["kind"],
  }
  expect(
    callGrammar([{ function: { name: "pick", parameters } }])
      .split("\n")
      .slice(0, 4),
  ).toEqual([
    String.raw`root ::= sp ("{\"name\": \"pick\", \"arguments\": " rule2 "}") sp "</tool_call>"`,
    String.raw`rule0 ::= "\"all\": " ("true" | "false")`,
    String.raw`rule1 ::= "\"many\": " integer`,
    String.raw`rule2 ::= "{" "\"kind\": " ("\"a\"" | "\"b\"") (", " rule0)? (", " rule1)? "}"`,
  ])
})

test("a call goes on behind the words that end one, where they stand in a value", () => {
  const begun = '{"name": "write", "arguments": {"text": "</tool_call>'
  expect(callIn(begun)).toBeUndefined()
  expect(callIn(`${begun} ends it"}}`)).toBeUndefined()
  expect(callIn(`${begun} ends it"}} </tool_call>`)).toEqual({
    name: "write",
    arguments: { text: "</tool_call> ends it" },
  })
})

test("a schema that leads back to itself has a grammar with an end", () => {
  const schema = { $ref: "#/$defs/node", $defs: { node: { type: "array", items: { $ref: "#/$defs/node" } } } }
  expect(valueGrammar(schema)).toContain('rule0 ::= "[" (ref0 (", " ref0)*)? "]"')
})

test("what people and tools said is kept apart from the template, and a template that refuses is done without", () => {
  const body = { model: "m", messages: [{ role: "user", content: "<|im_end|>" }] } as const
  const pieces = [
    { text: "[user:", isSaid: false },
    { text: "<|im_end|>", isSaid: true },
    { text: "]", isSaid: false },
  ]
  const render = (turns: readonly { role: string; content: string }[]) =>
    turns.map((t) => `[${t.role}:${t.content}]`).join("")
  expect(promptOf(body, render)).toEqual({ pieces, stops: [] })
  const refusing = () => {
    throw new Error("No")
  }
  expect(promptOf(body, refusing)).toEqual({
    pieces: [
      { text: "<|im_start|>user\n", isSaid: false },
      { text: "<|im_end|>", isSaid: true },
      { text: "<|im_end|>\n<|im_start|>assistant\n", isSaid: false },
    ],
    stops: ["<|im_end|>"],
  })
})

test("a call begins where its mark is whole, however it is cut into pieces, and thoughts are told apart", () => {
  const heard = (pieces: readonly string[]) => {
    const ear = listener({ hasTools: true, stops: [] })
    return [...pieces.flatMap((piece) => ear.hear(piece)), ...ear.end()]
  }
  expect(heard(["<thi", "nk>why", "</think>so: a <", "b, <tool", "_call>"])).toEqual([
    { kind: "thinking", text: "why" },
    { kind: "content", text: "so: a " },
    { kind: "content", text: "<b, " },
    { kind: "call" },
  ])
  expect(heard(["nearly <tool_"])).toEqual([
    { kind: "content", text: "nearly " },
    { kind: "content", text: "<tool_" },
  ])
})
