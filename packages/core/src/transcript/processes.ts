import type { EventOf } from "@skein/protocol"
import type { ProcessNews } from "./beside.ts"
import type { SessionState } from "./state.ts"

/** The source of the section that tells the model what became of processes. */
export const PROCESS_NEWS = "processes"

/** Nobody reads more of it at once, and each can be asked about. */
const NEWS_MAX = 50

type ProcessEvent = EventOf<"process.started" | "process.controlled" | "process.matched" | "process.exited">

/** What goes on beside the turns, and what of it the model does not know yet. */
export function advanceProcesses(state: SessionState, event: ProcessEvent): void {
  if (event.type === "process.started") {
    const { processId, callId, name, command, isPty, columns, rows, at } = event
    state.processes.set(processId, { callId, name, command, isPty, columns, rows, startedAt: at })
    return
  }
  const open = state.processes.get(event.processId)
  if (open === undefined) return
  const { name, command } = open
  if (event.type === "process.controlled") {
    if (event.action.kind !== "resize") return
    const { columns, rows } = event.action
    state.processes.set(event.processId, { ...open, columns, rows })
    return
  }
  if (event.type === "process.matched") return tell(state, { kind: "matched", name, command, pattern: event.pattern })
  const { exitCode, signal, isLost = false, bytes } = event
  state.processes.delete(event.processId)
  if (event.isKnown !== true) tell(state, { kind: "exited", name, command, exitCode, signal, isLost, bytes })
}

function tell(state: SessionState, news: ProcessNews): void {
  state.processNews = [...state.processNews, news].slice(-NEWS_MAX)
}
