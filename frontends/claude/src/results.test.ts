import { expect, test } from "bun:test"
import type { EventOf } from "@skein/protocol"
import { toolUseResult } from "./results.ts"

function settled(text: string, more: Partial<EventOf<"call.settled">> = {}): EventOf<"call.settled"> {
  return {
    ...{ type: "call.settled", callId: "cal_1", outcome: "success", forModel: [{ type: "text", text }], durationMs: 3 },
    ...{ v: 1, seq: 1, id: "evt_1", at: 0, sessionId: "ses_1" },
    ...more,
  } as EventOf<"call.settled">
}

test("a file that was read has its lines without numbers", () => {
  expect(toolUseResult("Read", { file_path: "/w/a", offset: 9 }, settled("     9\tone\n    10\ttwo"))).toEqual({
    type: "text",
    file: { filePath: "/w/a", content: "one\ntwo", numLines: 2, startLine: 9, totalLines: 2 },
  })
})

test("a change has its hunks", () => {
  const diff = "--- a/x\n+++ b/x\n@@ -1,2 +1,3 @@\n one\n-two\n+2\n+3\n"
  const changes = [{ path: "/w/x", kind: "update", before: "a", after: "b", diff }] as const
  const input = { file_path: "/w/x", old_string: "two", new_string: "2\n3" }
  expect(toolUseResult("Edit", input, settled("Changed x.", { changes }))).toEqual({
    filePath: "/w/x",
    oldString: "two",
    newString: "2\n3",
    originalFile: null,
    structuredPatch: [{ oldStart: 1, oldLines: 2, newStart: 1, newLines: 3, lines: [" one", "-two", "+2", "+3"] }],
    userModified: false,
    replaceAll: false,
  })
})

test("a call that failed is its error, whatever the tool", () => {
  expect(toolUseResult("Bash", {}, settled("(exit 3)", { outcome: "error", exitCode: 3 }))).toBe("Error: (exit 3)")
})

test("a tool without a shape of its own gives what a person reads", () => {
  expect(toolUseResult("mcp__a__b", {}, settled("for the model", { forHuman: { kind: "text", body: "for me" } }))).toBe(
    "for me",
  )
})
