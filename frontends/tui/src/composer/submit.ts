import { commandLine, nearestName } from "@skein/protocol"
import type { Intent } from "../intent.ts"
import { expanded, inputParts } from "./chips.ts"
import type { CommandEntry, PressContext, Pressed } from "./context.ts"
import { isExpecting } from "./expecting.ts"
import type { ComposerState, Kept, VimState } from "./state.ts"

/** What Enter makes of the text. Undefined when there is nothing to send. */
export function submit(
  state: ComposerState,
  delivery: "steer" | "queue",
  context: Pick<PressContext, "commands">,
): Pressed | undefined {
  const { text, chips } = state
  if (text.trim() === "") return undefined
  const known = text.startsWith("/") ? commandIn(text, context.commands) : undefined
  if (known?.kind === "unknown") return { state, intents: [{ type: "tell", text: known.message }] }
  if (isExpecting(state)) return sent(state, { type: "submit.later", draft: { text, chips }, delivery })
  if (text.startsWith("!")) return shell(state)
  if (known?.kind === "command") {
    return sent(state, { type: "command", line: expanded(text, chips, () => "").trim() })
  }
  return sent(state, { type: "submit", input: inputParts(text.trim(), chips), delivery })
}

/** What was said to the model, as it is typed: what begins like a command or a shell line stands behind a space, and is none. */
export function asTyped(said: string): string {
  return /^[!/]/.test(said) ? ` ${said}` : said
}

/** The composer after its text was sent: empty, with the line among those of before. */
export function cleared(state: ComposerState): ComposerState {
  const { kills, editing, history } = state
  return {
    text: "",
    caret: 0,
    chips: new Map(),
    kills: kills.filter((text) => !/[\uf600-\uf8fe]/.test(text)),
    last: { kind: "other" },
    editing: editing.kind === "vim" ? { kind: "vim", vim: begun(editing.vim) } : editing,
    history: remembered(history, { text: state.text, chips: state.chips }),
  }
}

function begun(vim: VimState): VimState {
  return { ...vim, mode: "insert", pending: [], recording: { keys: ["i"], typed: [], from: undefined } }
}

const HISTORY_MAX = 500

function remembered(history: readonly Kept[], line: Kept): readonly Kept[] {
  return history[0]?.text === line.text && line.chips.size === 0 ? history : [line, ...history].slice(0, HISTORY_MAX)
}

function sent(state: ComposerState, intent: Intent): Pressed {
  return { state: cleared(state), intents: [intent] }
}

function shell(state: ComposerState): Pressed | undefined {
  const isPrivate = state.text.startsWith("!!")
  const command = expanded(state.text.slice(isPrivate ? 2 : 1), state.chips, () => "").trim()
  return command === "" ? undefined : sent(state, { type: "shell", command, isPrivate })
}

type Found = { readonly kind: "command" } | { readonly kind: "unknown"; readonly message: string }

/** While the commands are not known yet, whatever reads like one is one: the engine says what it is. */
function commandIn(text: string, commands: readonly CommandEntry[] | undefined): Found | undefined {
  const line = commandLine(text)
  if (line === undefined) return undefined
  const name = line.name.toLowerCase()
  const isNamed = (command: CommandEntry) => [line.name, name].some((each) => namesOf(command).includes(each))
  if (commands === undefined || commands.some(isNamed)) return { kind: "command" }
  const offered = commands.filter(({ blocker }) => blocker === undefined)
  const nearest = nearestName(name, offered.flatMap(namesOf))
  const hint = nearest === undefined ? "" : ` Did you mean /${nearest}?`
  return { kind: "unknown", message: `There is no command /${name}.${hint} To send it as it is, begin with a space.` }
}

function namesOf({ name, aliases }: CommandEntry): readonly string[] {
  return [name, ...aliases]
}
