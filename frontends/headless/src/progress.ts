import {
  askedTitle,
  askerText,
  type CallId,
  type Event,
  type EventOf,
  hostedWords,
  longText,
  visible,
} from "@skein/protocol"

/** Turns events into lines for stderr: what a person watching wants to know, in the words of the terminal UI. */
export class Progress {
  readonly #calls = new Map<CallId, EventOf<"call.requested">>()
  /** Those somebody was asked about: their refusal has been told. */
  readonly #asked = new Set<CallId>()
  #retryReason = ""

  /** The line for an event, without its newline; undefined when there is nothing to say. */
  line(event: Event): string | undefined {
    switch (event.type) {
      case "call.requested":
        this.#calls.set(event.callId, event)
        return undefined
      case "call.settled":
        return this.#settled(event)
      case "shell.ended":
        return `${{ success: "ran", error: "failed", cancelled: "stopped" }[event.outcome].padEnd(8)}! ${onOneLine(event.command)}`
      case "approval.requested": {
        if (event.callId !== undefined) this.#asked.add(event.callId)
        const call = event.callId === undefined ? undefined : this.#calls.get(event.callId)
        const title = event.agent === undefined ? (call?.title ?? event.subject) : askedTitle(event)
        return `asks    ${onOneLine(`${askerText(event)}${title}`)}${aboutOf(event)}: ${event.reasons.join("; ")}`
      }
      case "approval.resolved":
        return event.by === "nobody"
          ? "        nobody is there to answer, so it is refused; see --yes and --mode"
          : undefined
      case "subagent.started":
        return `agent   ${onOneLine(`${event.agent}: ${event.description}`)}`
      case "subagent.ended":
        return this.#agentEnded(event)
      case "retry.scheduled":
        return this.#retried(event)
      case "hosted_call.completed":
        return `${(event.failure === undefined ? "ok" : "failed").padEnd(8)}${onOneLine(hostedWords(event))}`
      case "notice.posted":
        return `note    ${event.text}`
      default:
        return undefined
    }
  }

  #settled(event: EventOf<"call.settled">): string {
    const call = this.#calls.get(event.callId)
    const isRefused = event.code === "call.denied" || event.code === "call.unattended"
    const mark = isRefused ? "refused" : { success: "ok", error: "failed", cancelled: "stopped" }[event.outcome]
    const facts = [
      isRefused && this.#asked.has(event.callId) ? "" : endOf(event),
      event.durationMs < 1_000 ? "" : seconds(event.durationMs),
      ...originOf(event),
    ]
    const told = facts.filter((fact) => fact !== "").join(", ")
    return `${mark.padEnd(8)}${onOneLine(call?.title ?? event.callId)}${told === "" ? "" : `  ${told}`}`
  }

  #agentEnded({ agent, outcome, steps, durationMs, microUsd }: EventOf<"subagent.ended">): string {
    const mark = { completed: "ok", interrupted: "stopped", failed: "failed", exhausted: "stopped" }[outcome.kind]
    const why = "message" in outcome && outcome.message !== undefined ? [outcome.message] : []
    const cost = microUsd === 0 ? [] : [`$${(microUsd / 1e6).toFixed(microUsd < 10_000 ? 4 : 2)}`]
    const facts = [`${steps} step${steps === 1 ? "" : "s"}`, seconds(durationMs), ...cost, ...why]
    return `${mark.padEnd(8)}${onOneLine(agent)}  ${onOneLine(facts.join(", "))}`
  }

  /** A reason that was just given is not given again. */
  #retried({ message, at, atMs }: EventOf<"retry.scheduled">): string {
    const why = message === this.#retryReason ? "" : `: ${message}`
    this.#retryReason = message
    if (atMs <= at) return `again   ${message}`
    return `waits   ${atMs - at < LONG_MS ? seconds(atMs - at) : longText(atMs - at)}, then tries again${why}`
  }
}

/** What is asked about besides the call itself: a host that it wants to reach, or what it did in a copy. */
function aboutOf({ subject, actions, effects }: EventOf<"approval.requested">): string {
  if (subject === "network") return `, ${actions.map(({ target }) => target).join(", ")}`
  if (effects === undefined) return ""
  return `, which would change ${effects.changes.length} file${effects.changes.length === 1 ? "" : "s"}`
}

/** What has to be known of a result before what comes of it is trusted. */
function originOf({ provenance, network = [], confinement }: EventOf<"call.settled">): string[] {
  return [
    ...(provenance?.isTrusted === false ? ["untrusted"] : []),
    ...network.map(({ host, decision }) => (decision === "allowed" ? `reached ${host}` : `refused ${host}`)),
    ...(confinement === "none" ? ["no sandbox"] : []),
  ]
}

/** No line of a name can pass for one of ours. */
function onOneLine(text: string): string {
  return visible(text).replaceAll("\n", "⏎")
}

const REASON_CHARS_MAX = 160

/** How a call ended, in a few words. A failure that has no summary of its own is told by the first line of its reason. */
function endOf({ forHuman, outcome }: EventOf<"call.settled">): string {
  const summary = forHuman?.summary ?? ""
  if (summary === "stopped" && outcome === "cancelled") return ""
  if (summary !== "failed" && summary !== "refused") return summary
  // A line that ends in a colon is the heading of the next.
  const [reason = ""] = (forHuman?.body ?? "")
    .trim()
    .replaceAll(/:\s*\n\s*/g, ": ")
    .split("\n")
  return reason.length > REASON_CHARS_MAX ? `${reason.slice(0, REASON_CHARS_MAX - 1)}…` : reason
}

/** From here on seconds say nothing. */
const LONG_MS = 90_000

function seconds(ms: number): string {
  return ms < 10_000 ? `${(Math.max(ms, 0) / 1_000).toFixed(1)} s` : `${Math.round(ms / 1_000)} s`
}
