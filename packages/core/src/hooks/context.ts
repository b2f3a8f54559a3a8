import type { DurableDraft } from "@skein/protocol"
import { HOOK, HOOK_START } from "../context/hook-sections.ts"
import { inlineSections } from "../context/load.ts"
import { madeSection } from "../context/section.ts"
import type { HookOutcome, TokensPort } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"

interface Adding {
  readonly state: SessionState
  readonly tokens: TokensPort
  /** What the text is about, for the model: completes "A hook that the person allowed says". */
  readonly about: string
  readonly at?: "start" | undefined
}

/** What hooks add to the conversation, where it was said; nothing where nothing was, or the model has it in view. */
export function addedContext(text: string | undefined, { state, tokens, about, at }: Adding): DurableDraft[] {
  if (text === undefined) return []
  const source = at === "start" ? HOOK_START : HOOK
  const section = madeSection(source, `A hook that the person allowed says ${about}:\n${text}`, tokens)
  if (at === "start" && inlineSections(state).some(({ sha256 }) => sha256 === section.sha256)) return []
  const cause = at === "start" ? "start" : "changed"
  return [{ type: "context.loaded", placement: "inline", cause, sections: [section] }]
}

/** The same, of an outcome. */
export function contextOf(adding: Adding): (outcome: HookOutcome) => DurableDraft[] {
  return ({ context }) => addedContext(context, adding)
}
