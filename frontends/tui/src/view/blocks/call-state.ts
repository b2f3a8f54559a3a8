import type { CallBlock } from "../../transcript/block.ts"

/** The seven states of a call as a person tells them apart: a refusal is no failure. */
export type ShownState = "prepared" | "waiting" | "running" | "done" | "failed" | "refused" | "stopped"

/** What a person is told of where a call is. */
export function stateOf({ state, failure }: CallBlock): ShownState {
  switch (state) {
    case "validating":
    case "scheduled":
      return "prepared"
    case "awaiting_approval":
      return "waiting"
    case "executing":
      return "running"
    case "success":
      return "done"
    case "error":
      return failure?.isRefusal === true ? "refused" : "failed"
    case "cancelled":
      return failure?.isRefusal === true ? "refused" : "stopped"
  }
}
