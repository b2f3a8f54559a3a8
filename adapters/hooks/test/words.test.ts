import { expect, test } from "bun:test"
import type { HookDetail, HookPoint } from "@skein/core/ports"
import { DIALECTS } from "../src/words/dialects.ts"

const UUID = "0199a213-81ea-7dd3-b9a6-2c4ff1c2a001"

function at(detail: HookDetail, changes: Partial<HookPoint> = {}): HookPoint {
  const facts = {
    ...{
      sessionId: `ses_${UUID}`,
      cwd: "/w",
      transcriptPath: "/log",
      mode: "accept-edits",
      model: "anthropic/claude-x",
    },
    turnId: "trn_7",
  } as const
  return { ...facts, ...detail, ...changes } as HookPoint
}

const called = (toolName: string, input: unknown, detail: object = { event: "PreToolUse" }) =>
  at({ ...detail, toolName, callId: "call_1", input } as HookDetail)

const PATCH =
  "*** Begin Patch\n*** Add File: new.ts\n+one\n+two\n*** Update File: a.ts\n@@ f\n kept\n-old\n+fresh\n*** End Patch"

test("a hook of Claude Code reads the fields of its reference, in its own words", () => {
  const common = { session_id: UUID, transcript_path: "/log", cwd: "/w", permission_mode: "acceptEdits" }
  const read = (point: HookPoint) => DIALECTS.claude.payloads(point)[0]

  expect(read(called("edit", { path: "a.ts", oldText: "x", newText: "y" }))).toEqual({
    ...common,
    ...{ hook_event_name: "PreToolUse", tool_name: "Edit", tool_use_id: "call_1" },
    tool_input: { file_path: "/w/a.ts", old_string: "x", new_string: "y" },
  })
  const after = { event: "PostToolUse", output: "files", durationMs: 3 }
  expect(read(called("bash", { command: "ls" }, after))).toEqual({
    ...common,
    ...{ hook_event_name: "PostToolUse", tool_name: "Bash", tool_use_id: "call_1", duration_ms: 3 },
    tool_input: { command: "ls" },
    tool_response: { stdout: "files", stderr: "", interrupted: false, isImage: false },
  })
  expect(read(at({ event: "SessionStart", source: "fork" }))).toEqual({
    ...{ ...common, hook_event_name: "SessionStart", source: "resume", model: "claude-x" },
  })
  expect(read(at({ event: "SessionEnd", reason: "exit" }))).toMatchObject({ reason: "prompt_input_exit" })
  expect(read(at({ event: "Stop", isHookActive: true, lastMessage: "done" }))).toMatchObject({
    ...{ stop_hook_active: true, last_assistant_message: "done" },
  })
  expect(read(at({ event: "PreCompact", trigger: "manual", instructions: "keep names" }))).toMatchObject({
    ...{ trigger: "manual", custom_instructions: "keep names" },
  })
  expect(read(at({ event: "SubagentStart", agentId: "agt_1", agentName: "general" }))).toMatchObject({
    ...{ agent_id: "agt_1", agent_type: "general-purpose" },
  })
  expect(read(at({ event: "Notification", kind: "permission", message: "?" }))).toMatchObject({
    ...{ notification_type: "permission_prompt", message: "?" },
  })
  expect(read(called("mcp__files__read", { path: "a" }))).toMatchObject({
    ...{ tool_name: "mcp__files__read", tool_input: { path: "a" } },
  })
})

test("a hook of Codex reads commands and patches under the names that it knows", () => {
  const read = (point: HookPoint) => DIALECTS.codex.payloads(point)[0]

  expect(read(called("bash", { command: "ls", timeoutMs: 5 }))).toEqual({
    ...{ session_id: UUID, transcript_path: "/log", cwd: "/w", permission_mode: "acceptEdits", model: "claude-x" },
    ...{ hook_event_name: "PreToolUse", turn_id: "7", tool_name: "Bash", tool_use_id: "call_1" },
    tool_input: { command: "ls" },
  })
  expect(read(called("apply_patch", { patch: PATCH }))).toMatchObject({
    ...{ tool_name: "apply_patch", tool_input: { command: PATCH } },
  })
  expect(read(called("edit", { path: "a.ts", oldText: "x", newText: "y" }))).toMatchObject({
    tool_name: "apply_patch",
    tool_input: { command: "*** Begin Patch\n*** Update File: a.ts\n@@\n-x\n+y\n*** End Patch" },
  })
  expect(read(at({ event: "Stop", isHookActive: false }, { transcriptPath: undefined }))).toMatchObject({
    ...{ transcript_path: null, stop_hook_active: false, last_assistant_message: null },
  })
})

test("a hook of skein's own reads skein's own words", () => {
  expect(DIALECTS.skein.payloads(called("edit", { path: "a.ts" }))[0]).toMatchObject({
    ...{
      tool_name: "edit",
      tool_input: { path: "a.ts" },
      permission_mode: "accept-edits",
      model: "anthropic/claude-x",
    },
  })
})

test("whoever guards edits is asked about each file that any tool of skein changes", () => {
  const told = (toolName: string, input: unknown) =>
    DIALECTS.claude.payloads(called(toolName, input)).map(({ tool_name, tool_input }) => [tool_name, tool_input])

  expect(told("apply_patch", { patch: PATCH })).toEqual([
    ["Write", { file_path: "/w/new.ts", content: "one\ntwo" }],
    ["Edit", { file_path: "/w/a.ts", old_string: "kept\nold", new_string: "kept\nfresh", replace_all: false }],
  ])
  const diff = "--- a/x.ts\n+++ b/x.ts\n@@ -1 +1 @@\n-a\n+b\n"
  expect(told("apply_patch", { patch: diff })).toEqual([
    ["Edit", { file_path: "/w/x.ts", old_string: "a\n", new_string: "b\n", replace_all: false }],
  ])
  const edits = [
    { path: "a", oldText: "1", newText: "2" },
    { path: "b", oldText: "3", newText: "4" },
  ]
  expect(
    told("multiedit", { edits }).map(([name, input]) => [name, (input as { file_path: string }).file_path]),
  ).toEqual([
    ["Edit", "/w/a"],
    ["Edit", "/w/b"],
  ])
  for (const tool of [
    "edit",
    "multiedit",
    "write",
    "apply_patch",
    "confirm_edit",
    "confirm_multiedit",
    "advanced_edit",
  ]) {
    const point = called(tool, { path: "a", patch: PATCH, edits, pattern: "x", rewrite: "y" })
    for (const dialect of [DIALECTS.claude, DIALECTS.codex])
      expect([tool, dialect.matches("Edit|Write", dialect.subjects(point))]).toEqual([tool, true])
  }
})

test("arguments in a program's words become those of skein's tool; what cannot be said is refused", () => {
  const input = (dialect: "claude" | "codex", toolName: string, own: unknown, words: object) =>
    DIALECTS[dialect].inputOf(called(toolName, own), { ...words })

  const edit = { path: "a.ts", oldText: "x", newText: "y" }
  expect(input("claude", "edit", edit, { file_path: "/w/b.ts", old_string: "x", new_string: "z" })).toEqual({
    ...{ kind: "input", input: { path: "/w/b.ts", oldText: "x", newText: "z" } },
  })
  expect(input("codex", "bash", { command: "ls", timeoutMs: 9 }, { command: "pwd" })).toEqual({
    ...{ kind: "input", input: { command: "pwd", timeoutMs: 9 } },
  })
  expect(input("codex", "apply_patch", { patch: PATCH }, { command: "other" })).toEqual({
    ...{ kind: "input", input: { patch: "other" } },
  })
  expect(input("codex", "edit", edit, { command: "*** Begin Patch" }).kind).toBe("refused")
  const told = DIALECTS.claude.payloads(called("apply_patch", { patch: PATCH }))[0]?.tool_input as object
  expect(input("claude", "apply_patch", { patch: PATCH }, told)).toEqual({ kind: "input", input: { patch: PATCH } })
  expect(input("claude", "apply_patch", { patch: PATCH }, { file_path: "/etc/passwd" }).kind).toBe("refused")
})

test("a matcher is a name, alternatives, a pattern or everything, as the program of its file reads it", () => {
  const claude = (matcher: string, ...words: string[]) => DIALECTS.claude.matches(matcher, words)
  expect(
    ["", "*", "Edit|Write", "Edit, Write", "mcp__.*", "^Ed", "Bas", "edit"].map((one) => claude(one, "Edit")),
  ).toEqual([...[true, true, true, true, false, true, false, false]])
  expect(claude("mcp__memory", "mcp__memory__put")).toBe(false)
  expect(claude("mcp__memory__.*", "mcp__memory__put")).toBe(true)
  expect(DIALECTS.codex.matches("Bas", ["Bash"])).toBe(true)
  expect(DIALECTS.codex.matches("^apply_patch$", ["apply_patch", "Edit", "Write"])).toBe(true)
  expect(DIALECTS.claude.matcherFlaw("(")).toContain("no regular expression")
})

test("what a hook may take is as its program promises: Codex gives little at an end", () => {
  expect(DIALECTS.claude.timeoutMs("PreToolUse", undefined)).toBe(600_000)
  expect(DIALECTS.claude.timeoutMs("UserPromptSubmit", undefined)).toBe(30_000)
  expect(DIALECTS.codex.timeoutMs("SessionEnd", 60)).toBe(3_000)
  expect(DIALECTS.skein.timeoutMs("Stop", undefined)).toBe(60_000)
})
