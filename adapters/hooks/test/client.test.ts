import { expect, test } from "bun:test"
import type { HookPoint } from "@skein/core/ports"
import { type ClientHookRun, clientPoint, clientSaid } from "../src/client.ts"

const facts = { sessionId: "ses_1", cwd: "/w", mode: "ask", model: "anthropic/claude-x" } as const
const point = (detail: object) => ({ ...facts, ...detail }) as unknown as HookPoint
const write = { toolName: "write", callId: "cal_1", input: { path: "a.txt", content: "new" } }

function answered(detail: object, ...runs: readonly (object | { failed: string; isTimedOut?: boolean })[]) {
  const asked = clientPoint(point(detail))
  const hook = { event: asked?.event ?? "", isStrict: false }
  return asked?.answer(
    runs.map((run): ClientHookRun => {
      if ("failed" in run) return { hook, durationMs: 1, failed: String(run.failed), isTimedOut: "isTimedOut" in run }
      return { hook, said: run as Readonly<Record<string, unknown>>, durationMs: 1 }
    }),
  )
}

test("InstructionsLoaded, ConfigChange, WorktreeCreate and WorktreeRemove are told in the words of Claude Code", () => {
  const told = [
    { event: "InstructionsLoaded", path: "/w/AGENTS.md", reason: "start" },
    { event: "ConfigChange", path: "/w/.claude/settings.local.json", owner: "project" },
    { event: "WorktreeCreate", path: "/trees/one" },
    { event: "WorktreeRemove", path: "/trees/one" },
  ].map((detail) => clientPoint(point(detail))?.payloads[0])
  expect(told).toMatchObject([
    { hook_event_name: "InstructionsLoaded", file_path: "/w/AGENTS.md", load_reason: "session_start" },
    { hook_event_name: "ConfigChange", source: "local_settings" },
    { hook_event_name: "WorktreeCreate", name: "one" },
    { hook_event_name: "WorktreeRemove", worktree_path: "/trees/one" },
  ])
})

test("a point of a call knows its tool by that program's name, and its matcher", () => {
  const asked = clientPoint(point({ event: "PreToolUse", ...write }))
  expect([asked?.callId, asked?.payloads[0]]).toMatchObject([
    "cal_1",
    { tool_name: "Write", tool_input: { file_path: "/w/a.txt", content: "new" } },
  ])
  const isMeant = (matcher?: string, event = "PreToolUse") => asked?.isMeant({ event, matcher })
  expect([isMeant(), isMeant("Write|Edit"), isMeant("W.*e"), isMeant("Bash"), isMeant("Write", "Stop")]).toEqual([
    ...[true, true, true, false, false],
  ])
  expect(clientPoint({ event: "Nothing" })).toBeUndefined()
  expect(clientPoint("PreToolUse")).toBeUndefined()
})

test("of several answers the strictest holds, and one that failed is told", () => {
  const own = (permissionDecision: string) => ({
    hookSpecificOutput: { hookEventName: "PreToolUse", permissionDecision, permissionDecisionReason: "So." },
  })
  expect(answered({ event: "PreToolUse", ...write }, own("allow"), own("deny"))).toMatchObject({
    ...{ decision: "deny", reason: "So." },
  })
  expect(answered({ event: "PreToolUse", ...write }, own("allow"), { failed: "broken" })).toMatchObject({
    ...{ decision: "allow", messages: ["A hook of the host failed at PreToolUse: broken"] },
  })
  expect(answered({ event: "Stop", isHookActive: false }, { async: true })).toEqual({ messages: [] })
  const rewritten = { hookEventName: "PreToolUse", updatedInput: { file_path: "/w/b.txt", content: "other" } }
  expect(answered({ event: "PreToolUse", ...write }, { hookSpecificOutput: rewritten })?.input).toMatchObject({
    content: "other",
  })
})

test("at a point that the engine does not have, a hook adds words or says no", () => {
  const hookSpecificOutput = { hookEventName: "PostToolBatch", additionalContext: "Mind the heron." }
  expect(clientSaid({ hookSpecificOutput })).toEqual({ context: "Mind the heron.", refusal: undefined })
  expect(clientSaid({ decision: "block", reason: "No." }).refusal).toBe("No.")
  expect(clientSaid({ continue: false }).refusal).toBe("The hook gave no reason.")
})
