import type { Event } from "@skein/protocol"
import type { TuiSettings } from "./options.ts"

/** What a person is called for. */
export interface Call {
  readonly title: string
  readonly body: string
}

/**
 * Which events call the person: an approval, a turn's end, what went wrong. Each once, and only when they are not looking,
 * unless they want it always.
 */
export class Notifier {
  when: TuiSettings["notifications"]
  readonly #notify: (call: Call) => void
  readonly #called = new Set<string>()
  /** Terminals that do not tell are taken as looked at. */
  isFocused = true

  constructor(when: TuiSettings["notifications"], notify: (call: Call) => void) {
    this.when = when
    this.#notify = notify
  }

  heard(event: Event, title: string): void {
    const call = callOf(event, title)
    if (call === undefined || this.when === "never") return
    if (this.when === "unfocused" && this.isFocused) return
    const named = event.type === "client.requested" ? event.requestId : event.type
    const once = `${event.sessionId}:${"seq" in event ? event.seq : named}`
    if (this.#called.has(once)) return
    this.#called.add(once)
    this.#notify(call)
  }
}

/** A turn that the person stopped themselves is no news. */
function callOf(event: Event, title: string): Call | undefined {
  const isAsked =
    event.type === "approval.requested" || (event.type === "client.requested" && event.kind === "question")
  if (isAsked) return { title: "skein waits for you", body: title }
  if (event.type !== "turn.ended" || event.outcome.kind === "interrupted") return undefined
  if (event.outcome.kind === "completed") return { title: "skein is done", body: title }
  return { title: "skein stopped", body: event.outcome.message }
}
