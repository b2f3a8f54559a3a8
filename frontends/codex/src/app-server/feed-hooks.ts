import { isAbsolute } from "node:path"
import type { EventOf } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import { hookEvent, plainId } from "../words.ts"
import type { Notification, Telling } from "./telling.ts"
import { seconds } from "./turns.ts"

type Ran = EventOf<"hook.ran">

/**
 * Each hook that was run, as its beginning and its end: both are told once it is over, when it is known which hooks there were.
 * Those of a client, which lie in no file, and points that Codex has not are left out.
 */
export function hookNotes(event: Ran, telling: Telling): readonly Notification[] {
  const eventName = hookEvent(event.event)
  if (eventName === undefined) return []
  return event.runs.flatMap((run, at) => {
    if (run.outcome === "skipped" || !isAbsolute(run.file)) return []
    const shared = {
      ...{ id: `${plainId(event.id)}:${at}`, eventName, displayOrder: at, sourcePath: run.file, source: "unknown" },
      ...{ handlerType: "command", executionMode: "sync", scope: event.turnId === undefined ? "thread" : "turn" },
      ...{ startedAt: seconds(event.at - run.durationMs), statusMessage: null },
    }
    const open = { ...shared, status: "running", completedAt: null, durationMs: null, entries: [] }
    const over = {
      status: statusOf(run, event),
      completedAt: seconds(event.at),
      durationMs: Math.round(run.durationMs),
    }
    return [
      note("hook/started", open, event),
      note("hook/completed", { ...shared, ...over, entries: entries(run) }, event),
    ]
  })

  function note(method: string, run: Json, { turnId }: Ran): Notification {
    return telling.note(method, { turnId: turnId === undefined ? null : plainId(turnId), run })
  }
}

function statusOf({ outcome }: Ran["runs"][number], { effect }: Ran): string {
  if (outcome === "blocked") return effect === "stopped" ? "stopped" : "blocked"
  return outcome === "failed" || outcome === "timed_out" ? "failed" : "completed"
}

function entries({ outcome, message }: Ran["runs"][number]): readonly Json[] {
  if (message === undefined) return []
  if (outcome === "blocked") return [{ kind: "feedback", text: message }]
  return [{ kind: outcome === "failed" || outcome === "timed_out" ? "error" : "warning", text: message }]
}
