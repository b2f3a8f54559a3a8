import type { CallId, Event, EventOf } from "@skein/protocol"

/** Turns events into lines for stderr: what a person watching wants to know, in the words of the terminal UI. */
export class Progress {
  readonly #calls = new Map<CallId, EventOf<"call.requested">>()

  /** The line for an event, without its newline; undefined when there is nothing to say. */
  line(event: Event): string | undefined {
    switch (event.type) {
      case "call.requested":
        this.#calls.set(event.callId, event)
        return undefined
      case "call.settled":
        return this.#settled(event)
      case "approval.requested": {
        const call = event.callId === undefined ? undefined : this.#calls.get(event.callId)
        return `asks    ${call?.title ?? event.subject}: ${event.reasons.join("; ")}`
      }
      case "approval.resolved":
        return event.by === "nobody"
          ? "        nobody is there to answer, so it is refused; see --yes and --mode"
          : undefined
      case "retry.scheduled":
        return `waits   ${seconds(event.atMs - event.at)}, then tries again: ${event.message}`
      case "notice.posted":
        return `note    ${event.text}`
      default:
        return undefined
    }
  }

  #settled(event: EventOf<"call.settled">): string {
    const call = this.#calls.get(event.callId)
    const mark = { success: "ok", error: "failed", cancelled: "stopped" }[event.outcome]
    const summary = event.forHuman?.summary ?? ""
    return `${mark.padEnd(8)}${call?.title ?? event.callId}${summary === "" ? "" : `  ${summary}`}`
  }
}

function seconds(ms: number): string {
  return ms < 10_000 ? `${(Math.max(ms, 0) / 1_000).toFixed(1)} s` : `${Math.round(ms / 1_000)} s`
}
