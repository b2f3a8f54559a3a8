import {
  EFFORT_MEANINGS,
  EFFORTS,
  MODE_MEANINGS,
  MODES,
  NETWORKS,
  SANDBOXES,
  SEARCH_SIZES,
  type SessionId,
  type Settings,
  type SettingsChange,
  VERBOSITIES,
  VERBOSITY_MEANINGS,
  WEB_SEARCH_MEANINGS,
  WEB_SEARCHES,
  type WebSearch,
} from "@skein/protocol"
import type { Intent } from "../../intent.ts"
import type { Entry } from "../list/entry.ts"
import { listPanel } from "../list/list.ts"
import type { Panel } from "../panel.ts"

/** The session that is changed, and how it is set now. */
export interface SettingOf {
  readonly sessionId: SessionId
  readonly settings: Settings
  readonly isVim?: boolean | undefined
}

/** Chooses what may be done without asking. */
export function modePanel(of: SettingOf): Panel {
  return settingPanel("mode", MODES.indexOf(of.settings.mode), modeEntries(of), of)
}

/** Chooses how long the model thinks. */
export function effortPanel(of: SettingOf): Panel {
  return settingPanel(
    "effort",
    of.settings.effort === undefined ? 0 : EFFORTS.indexOf(of.settings.effort),
    effortEntries(of),
    of,
  )
}

/** Chooses how much the model writes. */
export function verbosityPanel(of: SettingOf): Panel {
  const { verbosity } = of.settings
  return settingPanel(
    "verbosity",
    verbosity === undefined ? 0 : VERBOSITIES.indexOf(verbosity),
    verbosityEntries(of),
    of,
  )
}

/** Chooses what the model's provider may search. */
export function webSearchPanel(of: SettingOf): Panel {
  const { access } = of.settings.webSearch ?? NO_SEARCH
  return settingPanel("web search", WEB_SEARCHES.indexOf(access), webSearchEntries(of), of)
}

/** One for each mode, with what it means. */
export function modeEntries(of: SettingOf): Entry[] {
  return MODES.map((mode) => settingEntry(of, mode, MODE_MEANINGS[mode], { mode }, of.settings.mode === mode))
}

/** One for each effort. */
export function effortEntries(of: SettingOf): Entry[] {
  return EFFORTS.map((effort) =>
    commandEntry(effort, EFFORT_MEANINGS[effort], `/effort ${effort}`, of.settings.effort === effort),
  )
}

/** One for each verbosity. */
export function verbosityEntries(of: SettingOf): Entry[] {
  return VERBOSITIES.map((verbosity) =>
    commandEntry(
      verbosity,
      VERBOSITY_MEANINGS[verbosity],
      `/verbosity ${verbosity}`,
      of.settings.verbosity === verbosity,
    ),
  )
}

const NO_SEARCH: WebSearch = { access: "disabled" }

/** One for each reach of the web search; its details stay. */
export function webSearchEntries(of: SettingOf): Entry[] {
  const { webSearch = NO_SEARCH } = of.settings
  return WEB_SEARCHES.map((access) =>
    commandEntry(access, WEB_SEARCH_MEANINGS[access], `/web-search ${access}`, webSearch.access === access),
  )
}

/** What it is held to: a size is chosen, domains and a place are typed. */
export function webSearchDetails(of: SettingOf): Entry[] {
  const { webSearch = NO_SEARCH } = of.settings
  const typed = (label: string, detail: string, text: string): Entry => ({
    ...{ label, detail },
    intents: [{ type: "insert", text: `/web-search ${text}` }],
  })
  return [
    ...SEARCH_SIZES.map((contextSize) => {
      const isNow = webSearch.contextSize === contextSize
      return commandEntry(`size ${contextSize}`, SIZE_MEANINGS[contextSize], `/web-search size=${contextSize}`, isNow)
    }),
    typed("domains", "which are searched, and no others", "domains="),
    typed("location", "where it is searched from", "country="),
  ]
}

const SIZE_MEANINGS: Readonly<Record<(typeof SEARCH_SIZES)[number], string>> = {
  low: "little of what is found is read",
  medium: "as much is read as most questions need",
  high: "much of what is found is read",
}

/** One for each sandbox, with what it holds. */
export function sandboxEntries(of: SettingOf): Entry[] {
  return SANDBOXES.map((sandbox) =>
    settingEntry(of, sandbox, SANDBOX_MEANINGS[sandbox], { sandbox }, of.settings.sandbox === sandbox),
  )
}

/** One for each network setting. */
export function networkEntries(of: SettingOf): Entry[] {
  const { network = { access: "ask", allow: [] } } = of.settings
  return NETWORKS.map((access) =>
    settingEntry(of, access, NETWORK_MEANINGS[access], { network: { ...network, access } }, network.access === access),
  )
}

/** The entries under the setting's name: `effort high`. */
export function named(name: string, entries: readonly Entry[]): Entry[] {
  return entries.map((entry) => ({ ...entry, label: `${name} ${entry.label}` }))
}

const SANDBOX_MEANINGS: Readonly<Record<Settings["sandbox"], string>> = {
  "read-only": "commands change no file",
  "workspace-write": "commands change files of the workspace alone",
  "full-access": "nothing is held back",
}

const NETWORK_MEANINGS: Readonly<Record<(typeof NETWORKS)[number], string>> = {
  off: "commands reach nothing",
  ask: "commands reach hosts of the list; others are asked about",
  on: "commands reach everything public",
}

function settingPanel(title: string, selected: number, entries: readonly Entry[], { isVim }: SettingOf): Panel {
  return listPanel({ title, entries, selected, isVim, empty: "There is nothing to choose from." })
}

function settingEntry(
  { sessionId }: SettingOf,
  label: string,
  detail: string,
  changes: SettingsChange,
  isNow: boolean,
): Entry {
  const change: Intent = {
    type: "op",
    op: { type: "settings.change", sessionId, changes },
    done: `${label}: ${detail}.`,
  }
  return { label, detail, aside: isNow ? "now" : "", intents: isNow ? [] : [change] }
}

/** Of a setting whose command has more to say than that it is set: what the change costs. */
function commandEntry(label: string, detail: string, line: string, isNow: boolean): Entry {
  return { label, detail, aside: isNow ? "now" : "", intents: isNow ? [] : [{ type: "command", line }] }
}
