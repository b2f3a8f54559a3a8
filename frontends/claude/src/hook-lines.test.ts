import { expect, test } from "bun:test"
import type { EventOf } from "@skein/protocol"
import { hookFields } from "./system-lines.ts"

const RAN: EventOf<"hook.ran"> = {
  ...{ v: 1, seq: 4, id: "evt_4", at: 0, sessionId: "ses_1", type: "hook.ran", event: "PreToolUse" },
  runs: [
    { hook: "lint.sh", file: "settings.json", outcome: "blocked", message: "no", durationMs: 5 },
    { hook: "slow.sh", file: "settings.json", outcome: "timed_out", durationMs: 60_000 },
    { hook: "theirs.sh", file: ".claude/settings.json", outcome: "skipped", durationMs: 0 },
  ],
}

test("each hook that ran is a beginning and an end to a host, one that was not run is neither", () => {
  const lines = hookFields(RAN)
  expect(lines.map(({ subtype, fields }) => `${subtype} ${fields.hook_id} ${fields.hook_name}`)).toEqual([
    ...["hook_started evt_4-1 lint.sh", "hook_response evt_4-1 lint.sh"],
    ...["hook_started evt_4-2 slow.sh", "hook_response evt_4-2 slow.sh"],
  ])
  expect(lines[1]?.fields).toMatchObject({ hook_event: "PreToolUse", output: "no", outcome: "success" })
  expect(lines[3]?.fields).toMatchObject({ outcome: "cancelled" })
})
