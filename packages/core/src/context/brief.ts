import type { Section } from "@skein/protocol"
import { cut } from "../calls/bound.ts"
import type { TokensPort } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"
import { newestText } from "./digest.ts"
import { hookSections } from "./hook-sections.ts"
import { type Ledger, ledgerOf } from "./ledger.ts"
import type { Room } from "./room.ts"
import { madeSection } from "./section.ts"

/** What stands after a summary, taken from its source and not from the conversation. */
export interface Brief {
  readonly sections: readonly Section[]
  readonly receipt: Pick<Ledger, "kept" | "shortened">
}

interface BriefOptions {
  readonly room: Room
  readonly tokens: TokensPort
  /** Instructions of folders that are in use, as they now are. */
  readonly touched: readonly Section[]
  /** Whether the newest calls of an open turn stand in it as they were: a summary by rule has them already. */
  readonly hasNewest: boolean
  /** Whether even what was restored may be cut: nothing else is left to make it fit. */
  readonly isTight: boolean
}

/** The person's words, the goal, plan and list as they stand, the files, the instructions of their folders, the newest calls. */
export function briefOf(state: SessionState, options: BriefOptions): Brief {
  const { room, tokens, touched, hasNewest, isTight } = options
  const ledger = ledgerOf(state.said, isTight ? new Set() : state.restored, room.ledgerChars)
  const texts: (readonly [source: string, text: string])[] = [
    ...(state.said.length === 0 ? [] : [["person", ledger.text] as const]),
    ...standing(state, room.standingChars),
    ...filesOf(state, room.filesMax),
    ...(hasNewest && state.turn !== undefined ? newest(state, room.newestChars) : []),
  ]
  const made = texts.map(([source, text]) => madeSection(source, text, tokens))
  const go =
    state.turn === undefined ? [] : [madeSection("continue", state.turn.stepsEnded === 0 ? BEGIN : GO_ON, tokens)]
  return {
    sections: [...made, ...touched, ...hookSections(state, room.standingChars), ...go],
    receipt: { kept: ledger.kept, shortened: ledger.shortened },
  }
}

/** Goal, plan and list as they stand, for when the turns that made them leave the model's view. */
export function standingSections(state: SessionState, charsMax: number, tokens: TokensPort): Section[] {
  return standing(state, charsMax).map(([source, text]) => madeSection(source, text, tokens))
}

const BEGIN = "The newest of the person's messages is not answered yet: it says what to do now."
const GO_ON = "You are in the middle of this work. Go on from where it stands; do not begin again."

/** The goal in the words that the model reads. */
export function goalText(goal: string): string {
  return `The goal of this session, in the person's words:\n${goal}`
}

export const GOAL_GONE = "The goal of this session was taken away."

/** Goal, plan and list, each within its share. */
function standing(state: SessionState, charsMax: number): (readonly [source: string, text: string])[] {
  const { goal, plan, todos } = state
  const list = todos.map(({ text, status }) => `- [${MARKS[status]}] ${text}`).join("\n")
  const share = Math.floor(charsMax / 3)
  return [
    ...(goal === undefined ? [] : [["goal", goalText(cut(goal, share))] as const]),
    ...(plan === undefined || plan === "" ? [] : [["plan", `The plan, as it stands:\n${cut(plan, share)}`] as const]),
    ...(list === "" ? [] : [["todos", `The list of tasks, as it stands:\n${cut(list, share)}`] as const]),
  ]
}

const MARKS = { pending: " ", in_progress: "in progress", completed: "x" } as const

function filesOf(state: SessionState, filesMax: number): (readonly [source: string, text: string])[] {
  const paths = [...state.observed.keys()]
  const shown = filesMax === 0 ? [] : paths.slice(-filesMax)
  if (shown.length === 0) return []
  const edited = editedIn(state)
  const lines = shown.map((path) => (edited.has(path) ? `- ${path} (edited)` : `- ${path}`))
  const more = paths.length - shown.length
  const intro = `Files you have seen or edited, newest last${more === 0 ? "" : ` (${more} older ones are not listed)`}:`
  return [["files", [intro, ...lines].join("\n")]]
}

/** Files that calls still in view have written. */
function editedIn(state: SessionState): Set<string> {
  return new Set(
    state.items.flatMap((item) =>
      item.kind === "tool_call" && item.toolKind === "edit" && item.state === "success" ? item.locations : [],
    ),
  )
}

function newest(state: SessionState, charsMax: number): (readonly [source: string, text: string])[] {
  const text = newestText(state.items, charsMax)
  return text === "" ? [] : [["newest", `The newest calls and their results, as they were:\n\n${text}`]]
}
