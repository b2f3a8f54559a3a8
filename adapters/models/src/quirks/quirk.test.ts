import { expect, test } from "bun:test"
import { isDroppable } from "./quirk.ts"

test("no words of a server take anything out of the conversation but marks and thoughts", () => {
  const said = [
    "messages.*.content.*.is_error",
    "contents.*.parts.*.functionResponse",
    "contents.*.parts.*.functionResponse.response",
    "contents.*.parts.*.functionCall.args",
    "input.*.encrypted_content",
    "system.*.anything",
    "messages.*.tool_calls.*.function.arguments",
    "tools.*.function.parameters.properties",
    "tools.*.function.parameters.required",
    "store",
  ]
  expect(said.filter(isDroppable)).toEqual([])
  const beside = ["messages.*.reasoning_content", "messages.*.content.*.cache_control", "tools.*.strict", "thinking"]
  expect(beside.filter(isDroppable)).toEqual(beside)
})
