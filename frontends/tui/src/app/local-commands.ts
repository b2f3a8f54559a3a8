import type { CommandEntry } from "../composer/context.ts"
import type { Intent, PanelName } from "../intent.ts"
import type { Action } from "../keys/actions.ts"
import { THEME_NAMES } from "../view/themes/themes.ts"

/** Commands that are about the screen and mean nothing to an engine. They stand in `/` with all the others. */
export interface LocalCommand extends Omit<CommandEntry, "whileBusy"> {
  readonly run: (args: string) => readonly Intent[]
  /** With words behind it, it is the engine's command of that name. */
  readonly isBare?: boolean
}

/** What a key does too. */
const acts = (action: Action) => (): readonly Intent[] => [{ type: "act", action }]
const opens = (what: PanelName) => (): readonly Intent[] => [{ type: "open", what }]

export const LOCAL_COMMANDS: readonly LocalCommand[] = [
  {
    name: "quit",
    aliases: ["exit", "q"],
    summary: "Leave; the session is kept",
    usage: "",
    run: acts("quit"),
  },
  { name: "keys", aliases: [], summary: "What each key does", usage: "", run: acts("help") },
  { name: "models", aliases: ["m"], summary: "Choose the model", usage: "", run: acts("models") },
  { name: "sessions", aliases: ["s"], summary: "Choose a session to go on with", usage: "", run: opens("sessions") },
  {
    name: "theme",
    aliases: ["themes"],
    summary: "Choose how the screen looks",
    usage: "[name]",
    choices: THEME_NAMES.map((value) => ({ value, detail: "" })),
    run: (args) => (args === "" ? acts("theme")() : [{ type: "theme", name: args, isChosen: true }]),
  },
  {
    name: "transcript",
    aliases: ["view"],
    summary: "Read, search and copy what was said",
    usage: "",
    run: acts("viewer"),
  },
  {
    name: "review",
    aliases: [],
    summary: "Go through the changes, hunk by hunk; with words, let the model review them",
    usage: "[uncommitted | base <branch> | commit <sha> | what]",
    run: acts("review"),
    isBare: true,
  },
  {
    name: "files",
    aliases: ["file"],
    summary: "The files of the workspace; a path is named in the prompt",
    usage: "[path]",
    run: (args) => (args === "" ? acts("files")() : [{ type: "insert", text: mention(args) }]),
  },
  { name: "tools", aliases: ["ps"], summary: "What runs", usage: "", run: acts("tools") },
  { name: "history", aliases: ["prompts"], summary: "Take a prompt of before", usage: "", run: opens("history") },
  { name: "queue", aliases: [], summary: "What waits for its turn", usage: "", run: opens("queue") },
  { name: "editor", aliases: [], summary: "Go on in $EDITOR", usage: "", run: acts("editor") },
  { name: "copy", aliases: [], summary: "Copy the last answer", usage: "", run: acts("copy.answer") },
  {
    name: "image",
    aliases: ["paste"],
    summary: "Attach an image: of a file, or of the clipboard",
    usage: "[path]",
    run: (args) =>
      args === "" ? acts("paste.image")() : [{ type: "image.read", paths: [unquoted(args)], text: args }],
  },
  {
    name: "full",
    aliases: ["fullscreen"],
    summary: "Use the whole screen",
    usage: "",
    run: () => [{ type: "screen", screen: "full" }],
  },
  {
    name: "inline",
    aliases: [],
    summary: "Use the terminal's own scrollback",
    usage: "",
    run: () => [{ type: "screen", screen: "inline" }],
  },
  {
    name: "tab",
    aliases: [],
    summary: "Another session beside this one",
    usage: "[next|previous|close | number]",
    run: (args) => tabIntents(args),
  },
]

/** As it is completed after `@`. */
function mention(path: string): string {
  const plain = unquoted(path.replace(/^@/, ""))
  return /\s/.test(plain) ? `@"${plain}" ` : `@${plain} `
}

/** A path as one writes it to a shell, where quotes hold it together. */
function unquoted(path: string): string {
  return /^(["'])(.*)\1$/s.exec(path)?.[2] ?? path
}

function tabIntents(args: string): readonly Intent[] {
  if (args === "" || args === "new") return acts("tab.new")()
  if (args === "next" || args === "previous" || args === "close") return [{ type: "tab", to: args }]
  const place = Number(args)
  if (Number.isInteger(place) && place > 0) return [{ type: "tab", to: place - 1 }]
  return [{ type: "tell", text: `/tab takes next, previous, close or a number, not ${args}.` }]
}

/** The command of a line, when it is one of these. */
export function localCommand(line: string): readonly Intent[] | undefined {
  const [, name = "", args = ""] = /^\/([a-z][a-z-]*)(?:\s+([\s\S]*))?$/i.exec(line.trim()) ?? []
  const wanted = name.toLowerCase()
  const named = LOCAL_COMMANDS.find((command) => command.name === wanted || command.aliases.includes(wanted))
  const found = named?.isBare === true && args.trim() !== "" ? undefined : named
  const panel = args.trim() === "" ? BARE[wanted] : undefined
  return found?.run(args.trim()) ?? (panel === undefined ? undefined : [{ type: "open", what: panel }])
}

/** Commands of the engine that a panel answers better, as long as nothing is said with them. */
const BARE: Readonly<Record<string, PanelName>> = {
  ...{ model: "models", resume: "sessions", mode: "modes", context: "context", cost: "cost" },
  ...{ tree: "tree", rewind: "tree", todos: "plan", plan: "plan", effort: "efforts" },
  ...{ verbosity: "verbosities", "web-search": "searches", web: "searches", agents: "agents" },
}
