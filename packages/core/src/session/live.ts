import type { Event, EventOf, ItemId, LiveDraft, ProcessId } from "@skein/protocol"
import { callOf } from "../transcript/calls.ts"
import { openCalls } from "../transcript/open.ts"
import type { SessionState } from "../transcript/state.ts"

type OpenText = EventOf<"session.snapshot">["openItems"][number]

/** What is under way and not yet in the log: the text of open items, for those who join late. */
export class UnderWay {
  readonly #items = new Map<ItemId, OpenText>()
  readonly #bytes = new Map<ProcessId, number>()

  note(event: Event): void {
    if (event.type === "item.started") {
      this.#items.set(event.itemId, { itemId: event.itemId, kind: event.kind, text: "" })
    } else if (event.type === "item.delta") {
      const open = this.#items.get(event.itemId)
      if (open !== undefined) this.#items.set(event.itemId, { ...open, text: open.text + event.text })
    } else if (event.type === "item.completed") {
      this.#items.delete(event.itemId)
    } else if (event.type === "process.output") {
      this.#bytes.set(event.processId, event.bytes)
    } else if (event.type === "process.exited") {
      this.#bytes.delete(event.processId)
    } else if (event.type === "step.ended" || event.type === "step.discarded") {
      this.#items.clear()
    }
  }

  snapshot(state: SessionState): LiveDraft {
    return {
      type: "session.snapshot",
      turnId: state.turn?.turnId,
      openItems: [...this.#items.values()],
      openCalls: openCalls(state).flatMap((callId) => {
        const call = callOf(state, callId)
        return call === undefined ? [] : [{ callId, name: call.name, state: call.state }]
      }),
      openShells: [...state.shells].map(([callId, shell]) => ({ callId, ...shell })),
      openProcesses: [...state.processes].map(([processId, process]) => ({
        processId,
        ...process,
        bytes: this.#bytes.get(processId) ?? 0,
      })),
      pendingApprovals: [...state.approvals.keys()],
      queue: state.queue.map((queued) => queued.inputId),
    }
  }
}
