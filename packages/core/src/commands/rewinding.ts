import {
  type CommandReply,
  REWIND_SCOPES,
  type RewindPreview,
  type RewindScope,
  type RewindTarget,
  type SessionTree,
} from "@skein/protocol"
import type { CommandWorld } from "./command.ts"
import { counted, firstLines, oneLine, shownPath } from "./text.ts"

const ON_CONFLICT = ["skip", "merge", "overwrite"] as const

/** Words that mean the same in every command that goes back. */
export interface RewindWords {
  readonly rest: readonly string[]
  readonly scope?: RewindScope | undefined
  readonly onConflict?: (typeof ON_CONFLICT)[number] | undefined
}

export const REWIND_USAGE = "[code|chat|both] [skip|merge|overwrite]"

export function rewindWords(args: string): RewindWords {
  const words = args.split(/\s+/).filter((word) => word !== "")
  const scope = REWIND_SCOPES.find((name) => words.includes(name))
  const onConflict = ON_CONFLICT.find((name) => words.includes(name))
  return { rest: words.filter((word) => word !== scope && word !== onConflict), scope, onConflict }
}

interface Rewinding {
  readonly to: RewindTarget
  readonly scope: RewindScope
  readonly onConflict?: RewindWords["onConflict"]
  /** What was run, without scope and the rest: for running it again with more words. */
  readonly command: string
  readonly done: string
}

/**
 * Lists what a rewind touches and asks; where something else changed a file since, asks first what becomes of it.
 */
export async function rewindReply(rewinding: Rewinding, world: CommandWorld): Promise<CommandReply> {
  const { to, scope, onConflict, command, done } = rewinding
  const { sessionId, ask } = world
  const preview = await ask({ type: "rewind.preview", sessionId, to, scope })
  const touched = preview.files.filter(({ action, conflict }) => action !== "none" || conflict !== undefined)
  if (preview.turns.length === 0 && touched.length === 0) {
    const isKnown = preview.notCovered.length === 0
    const text = isKnown ? "Nothing would change: it is all as it was then." : "Nothing that is known would change."
    return { kind: "show", text: [text, ...notCoveredLines(preview)].join("\n") }
  }
  const text = await touchesText(preview, world)
  if (onConflict === undefined && touched.some(({ conflict }) => conflict !== undefined)) {
    const again = (how: string) => `${command} ${scope} ${how} yes`
    return {
      kind: "choose",
      title: `${text}\nSome files were changed by something else since. What is done with them?`,
      choices: [
        { label: "Leave them as they are", detail: "the rest goes back", command: again("skip") },
        { label: "Merge", detail: "keep the other changes, take back skein's", command: again("merge") },
        { label: "Overwrite them", detail: "the other changes are lost", command: again("overwrite") },
      ],
    }
  }
  return { kind: "ops", ops: [{ type: "session.rewind", sessionId, to, scope, onConflict }], confirm: text, done }
}

/** Asks what goes back, unless only the conversation would. */
export async function scopeReply(rewinding: Omit<Rewinding, "scope">, world: CommandWorld): Promise<CommandReply> {
  const { to, command } = rewinding
  const { files } = await world.ask({ type: "rewind.preview", sessionId: world.sessionId, to, scope: "code" })
  const touched = files.filter(({ action }) => action !== "none").length
  if (touched === 0) return rewindReply({ ...rewinding, scope: "chat" }, world)
  return {
    kind: "choose",
    title: "What goes back?",
    choices: [
      { label: "Conversation and files", detail: counted(touched, "file"), command: `${command} both` },
      { label: "Only the conversation", detail: "files stay as they are", command: `${command} chat` },
      { label: "Only the files", detail: counted(touched, "file"), command: `${command} code` },
    ],
  }
}

const LINES_MAX = 30

async function touchesText(preview: RewindPreview, { ask, facts, sessionId }: CommandWorld): Promise<string> {
  const { cwd } = await facts()
  const tree = preview.turns.length === 0 ? undefined : await ask({ type: "session.tree", sessionId })
  const turns = preview.turns.map((turnId) => `  ${turnText(turnId, tree)}`)
  const files = preview.files
    .filter(({ action, conflict }) => action !== "none" || conflict !== undefined)
    .map(({ action, path, conflict }) => {
      const why = conflict === undefined ? "" : `  ! ${conflict}`
      return `  ${action.padEnd(8)}${shownPath(path, cwd)}${why}`
    })
  return [
    ...(turns.length === 0
      ? []
      : ["Turns that leave the conversation, or come back:", ...firstLines(turns, LINES_MAX)]),
    ...(files.length === 0 ? [] : ["Files:", ...firstLines(files, LINES_MAX)]),
    ...notCoveredLines(preview),
  ].join("\n")
}

function notCoveredLines({ notCovered }: RewindPreview): string[] {
  return notCovered.map((sentence) => `Not covered: ${sentence}`)
}

function turnText(turnId: string, tree: SessionTree | undefined): string {
  return oneLine(tree?.turns.find((turn) => turn.turnId === turnId)?.preview ?? turnId)
}
