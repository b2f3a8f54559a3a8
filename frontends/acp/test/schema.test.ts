import { expect, test } from "bun:test"
import { Wire } from "./schema.ts"

const update = (fields: object) =>
  JSON.stringify({ jsonrpc: "2.0", method: "session/update", params: { sessionId: "ses_1", update: fields } })
const text = { type: "text", text: "hi" }

test("the check of the wire takes what the schema knows and nothing else", () => {
  const wire = new Wire()
  const check = (fields: object) => () => wire.fromAgent(update(fields))

  expect(check({ sessionUpdate: "agent_message_chunk", content: text, messageId: "m" })).not.toThrow()
  expect(check({ sessionUpdate: "agent_message_chunk", content: text, message: "m" })).toThrow("unevaluated")
  expect(check({ sessionUpdate: "agent_message_chunk", content: { ...text, colour: 1 } })).toThrow("unevaluated")
  expect(check({ sessionUpdate: "agent_message" })).toThrow("Not a SessionNotification")
  expect(check({ sessionUpdate: "tool_call", toolCallId: "c", title: "t", kind: "write" })).toThrow()
  expect(check({ sessionUpdate: "tool_call", toolCallId: "c", title: "t", rawInput: { any: 1 } })).not.toThrow()
  expect(() => wire.fromAgent('{"jsonrpc":"2.0","method":"session/other","params":{}}')).toThrow("Nothing is known")
})
