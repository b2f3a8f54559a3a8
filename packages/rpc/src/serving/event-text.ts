import type { Event } from "@skein/protocol"

/** Fifty clients of one session are told the same bytes, which are made once. */
const TEXTS = new WeakMap<Event, string>()

/** An event as JSON. */
export function eventText(event: Event): string {
  const known = TEXTS.get(event)
  if (known !== undefined) return known
  const text = JSON.stringify(event)
  TEXTS.set(event, text)
  return text
}
