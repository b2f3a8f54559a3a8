import type { CallId, CommandInfo } from "@skein/protocol"
import type { Intent } from "../../intent.ts"
import { ACTIONS, type Action } from "../../keys/actions.ts"
import type { Entry } from "../list/entry.ts"
import { listPanel } from "../list/list.ts"
import type { Panel } from "../panel.ts"
import {
  effortEntries,
  modeEntries,
  named,
  networkEntries,
  type SettingOf,
  sandboxEntries,
  verbosityEntries,
  webSearchDetails,
  webSearchEntries,
} from "./settings.ts"

/** What can be done now. */
export interface PaletteOptions extends SettingOf {
  /** The engine's commands and the screen's own. */
  readonly commands: readonly CommandInfo[]
  /** Why an action could do nothing now. */
  readonly blockerOf: (action: Action) => string | undefined
  /** The first key that is bound to an action. */
  readonly keyOf: (action: Action) => string | undefined
  readonly isRunning: boolean
  /** Calls that run now, in the order they began. */
  readonly calls: readonly { readonly callId: CallId; readonly title: string }[]
}

/** Everything that can be done, in one list. What is not there yet is found by who types it, and says so. */
export function palettePanel(options: PaletteOptions): Panel {
  const stays = options.commands.filter(({ name }) => name !== "quit")
  const leaves = options.commands.filter(({ name }) => name === "quit")
  return listPanel({
    ...{ title: "do", isVim: options.isVim, verb: "do it" },
    entries: [
      ...stays.map((command) => commandEntry(command, options)),
      ...actions().map((action) => actionEntry(action, options)),
      ...named("mode", modeEntries(options)),
      ...named("effort", effortEntries(options)),
      ...named("verbosity", verbosityEntries(options)),
      ...named("web search", [...webSearchEntries(options), ...webSearchDetails(options)]),
      ...named("sandbox", sandboxEntries(options)),
      ...named("network", networkEntries(options)),
      ...toolEntries(options),
      ...NOT_YET.map(([label, detail, blocker]) => ({ label, detail, blocker, intents: [], isOnlyFound: true })),
      ...leaves.map((command) => commandEntry(command, options)),
    ],
    empty: "There is nothing to do.",
  })
}

/** A command that needs words is put into the composer, to be gone on with. */
function commandEntry(command: CommandInfo, { isRunning }: PaletteOptions): Entry {
  const { name, summary, usage, aliases, whileBusy, blocker } = command
  if (blocker !== undefined) return { label: `/${name}`, detail: summary, blocker, intents: [], isOnlyFound: true }
  const needsWords = usage.startsWith("<")
  const intent: Intent = needsWords ? { type: "insert", text: `/${name} ` } : { type: "command", line: `/${name}` }
  return {
    label: `/${name}`,
    detail: summary,
    below: usage === "" ? undefined : `/${name} ${usage}`,
    words: aliases.join(" "),
    intents: [intent],
    ...(isRunning && !whileBusy ? { blocker: "Not while a turn runs. Esc interrupts it." } : {}),
  }
}

function actions(): Action[] {
  // The keys of an object literal are its own.
  return (Object.keys(ACTIONS) as Action[]).filter((action) => action !== "palette")
}

function actionEntry(action: Action, { blockerOf, keyOf }: PaletteOptions): Entry {
  const what = { label: ACTIONS[action], key: keyOf(action), words: action }
  return { ...what, blocker: blockerOf(action), intents: [{ type: "act", action }] }
}

function toolEntries({ calls, sessionId }: PaletteOptions): Entry[] {
  const stop = calls.map(
    ({ callId, title }): Entry => ({
      label: "Stop the call",
      detail: title,
      intents: [{ type: "op", op: { type: "call.cancel", sessionId, callId }, done: "Stopped." }],
    }),
  )
  return stop.length > 0 ? stop : [{ label: "Stop a call", blocker: "No call runs now.", intents: [] }]
}

const FOREGROUND = "Not there yet: a call runs in the foreground until it ends, or is stopped."

const NOT_YET: readonly (readonly [label: string, detail: string, blocker: string])[] = [
  ["Background the call", "let it run while the turn goes on", FOREGROUND],
  ["Foreground a call", "wait for it again", FOREGROUND],
  ["Cycle through the calls", "the next one to the front", FOREGROUND],
  ["Attach to a call", "type into it", FOREGROUND],
  ["Detach from the call", "leave it running", FOREGROUND],
  ["Poll a call", "ask for its output now", "Not needed: output is shown as it comes."],
  ["Close the call's input", "end of file for it", FOREGROUND],
  ["Close the input of all calls", "end of file for each", FOREGROUND],
  ["Stop all background calls", "", FOREGROUND],
  ["Approve what is asked", "", "Answered where it is shown, and nowhere else: Esc goes back to the question."],
  ["Refuse what is asked", "", "Answered where it is shown, and nowhere else: Esc goes back to the question."],
]
