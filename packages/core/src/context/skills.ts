import type { Section } from "@skein/protocol"
import type { TokensPort } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"
import { inlineSections } from "./load.ts"
import { madeSection } from "./section.ts"

/** The source of the text of a skill that was opened. */
export const SKILL_SOURCE = "skill"

/**
 * The skills that are in use, for when what they stand in leaves the model's view: as they were read, the newest first
 * while they fit. Those that do not are named, so that they can be opened again.
 */
export function skillsKept(state: SessionState, charsMax: number, tokens: TokensPort): readonly Section[] {
  const open = inlineSections(state).filter(({ source }) => source === SKILL_SOURCE)
  let left = charsMax
  const kept: Section[] = []
  const leftOut: string[] = []
  for (const section of open.toReversed()) {
    if (section.text.length > left) leftOut.push(section.path ?? "one without a file")
    else {
      left -= section.text.length
      kept.unshift(section)
    }
  }
  if (leftOut.length === 0) return kept
  const text = `These skills were in use, and there is no room for their text. Open again what you need: ${leftOut.join(", ")}`
  return [...kept, madeSection("skills_left_out", text, tokens)]
}

export function charsOf(sections: readonly Section[]): number {
  return sections.reduce((sum, { text }) => sum + text.length, 0)
}
