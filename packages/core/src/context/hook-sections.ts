import type { Section } from "@skein/protocol"
import type { SessionState } from "../transcript/state.ts"

/** What hooks added to the conversation; and what they did when the session began, which holds for all of it. */
export const HOOK = "hook"
export const HOOK_START = "hook_start"

/** What of hooks stands after a summary as before it: what was said for the session, and for the turn that goes on. Newest kept. */
export function hookSections({ items, turn }: SessionState, charsMax: number): Section[] {
  const from = items.findLastIndex((item) => item.kind === "user_message" && !item.isSteer)
  const starts: Section[] = []
  const ofTurn: Section[] = []
  for (const [at, item] of items.entries()) {
    if (item.kind !== "context") continue
    const found = item.sections.filter(({ source }) => source === HOOK_START)
    // Each start says anew what holds.
    if (found.length > 0) starts.splice(0, starts.length, ...found)
    if (turn !== undefined && (from === -1 || at > from))
      ofTurn.push(...item.sections.filter(({ source }) => source === HOOK))
  }
  let left = charsMax
  const fitting = [...starts, ...ofTurn.reverse()].filter(({ text }) => {
    const isFitting = text.length <= left
    if (isFitting) left -= text.length
    return isFitting
  })
  return [
    ...fitting.filter(({ source }) => source === HOOK_START),
    ...fitting.filter(({ source }) => source === HOOK).reverse(),
  ]
}
