import { expect, test } from "bun:test"
import {
  claudeInput,
  claudeMode,
  claudeModel,
  claudeSessionId,
  claudeTool,
  PERMISSION_MODES,
  skeinInput,
  skeinMode,
  skeinSessionId,
  skeinTool,
} from "./words.ts"

test("inputs are the host's on its side and ours on ours, both ways", () => {
  const pairs: [string, Record<string, unknown>, string, Record<string, unknown>][] = [
    ["read", { path: "/w/a", offset: 2, limit: 3 }, "Read", { file_path: "/w/a", offset: 2, limit: 3 }],
    ["write", { path: "/w/a", content: "x" }, "Write", { file_path: "/w/a", content: "x" }],
    [
      "edit",
      { path: "/w/a", oldText: "x", newText: "y", replaceAll: true },
      "Edit",
      { file_path: "/w/a", old_string: "x", new_string: "y", replace_all: true },
    ],
    [
      "multiedit",
      { path: "/w/a", edits: [{ oldText: "x", newText: "y" }] },
      "MultiEdit",
      { file_path: "/w/a", edits: [{ old_string: "x", new_string: "y" }] },
    ],
    [
      "multiedit",
      { edits: [{ path: "/w/a", oldText: "x", newText: "y" }] },
      "MultiEdit",
      { edits: [{ file_path: "/w/a", old_string: "x", new_string: "y" }] },
    ],
    [
      "todo_write",
      { todos: [{ text: "x", status: "pending" }] },
      "TodoWrite",
      { todos: [{ content: "x", status: "pending" }] },
    ],
    ["bash", { command: "ls", timeoutMs: 5 }, "Bash", { command: "ls", timeout: 5 }],
    ["glob", { pattern: "*.ts", path: "src" }, "Glob", { pattern: "*.ts", path: "src" }],
    [
      "grep",
      { pattern: "x", mode: "files", ignoreCase: true, context: 2 },
      "Grep",
      { pattern: "x", output_mode: "files_with_matches", "-i": true, "-C": 2 },
    ],
    ["list", { path: "/w" }, "LS", { path: "/w" }],
    ["mcp__s__t", { path: "a" }, "mcp__s__t", { path: "a" }],
  ]
  for (const [ours, ourInput, theirs, theirInput] of pairs) {
    expect([claudeTool(ours), claudeInput(ours, ourInput, "/w")]).toEqual([theirs, theirInput])
    expect([skeinTool(theirs), skeinInput(ours, theirInput)]).toEqual([ours, ourInput])
  }
})

test("a host sees absolute paths whatever the model wrote", () => {
  expect(claudeInput("edit", { path: "src/a.ts" }, "/w")).toEqual({ file_path: "/w/src/a.ts" })
})

test("an input that is no object is an empty one to a host", () => {
  expect(claudeInput("read", undefined, "/w")).toEqual({})
})

test("modes survive the way there and back, but dontAsk, which is ours without anybody to answer", () => {
  expect(PERMISSION_MODES.map((mode) => claudeMode(skeinMode(mode)))).toEqual([
    "default",
    "acceptEdits",
    "bypassPermissions",
    "plan",
    "default",
    "auto",
  ])
})

test("sessions are plain UUIDs and models of Anthropic have no prefix to a host", () => {
  expect(claudeSessionId(skeinSessionId("0199-a"))).toBe("0199-a")
  expect(skeinSessionId("ses_0199-a")).toBe("ses_0199-a")
  expect([claudeModel("anthropic/claude-x"), claudeModel("openai/gpt")]).toEqual(["claude-x", "openai/gpt"])
})

test("work that is handed to an agent has the contract's words, both ways", () => {
  const ours = { agent: "general", description: "d", prompt: "p", background: true }
  const theirs = { subagent_type: "general-purpose", description: "d", prompt: "p", run_in_background: true }
  expect([claudeTool("task"), claudeInput("task", ours, "/")]).toEqual(["Task", theirs])
  expect([skeinTool("Task"), skeinInput("task", theirs)]).toEqual(["task", ours])
})
