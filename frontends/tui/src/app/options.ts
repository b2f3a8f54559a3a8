import type { ClientId, Engine, InputPart, SessionId, SessionSummary, Settings } from "@skein/protocol"
import type { Terminal, TerminalFacts } from "@skein/term"
import type { YesQuestion } from "../panels/yes.ts"
import type { SystemSettings } from "../system/port.ts"
import type { SystemPort } from "../system/system.ts"

/** What the person set for the screen. */
export interface TuiSettings {
  readonly theme: string
  /** Where to draw from now on, where that is said. How it begins is the option of the same name. */
  readonly screen?: "inline" | "full" | "lines" | undefined
  readonly editing: "emacs" | "vim"
  /** By the name of the action: its chords, over the defaults. */
  readonly keys: Readonly<Record<string, string>>
  readonly isStill: boolean
  /** `auto`: as the locale says, and where it names no character set, the terminal. */
  readonly glyphs: "auto" | "unicode" | "ascii"
  /** When to call: never, when the terminal has no focus, always. */
  readonly notifications: "never" | "unfocused" | "always"
  /** By which ways; as the terminal takes it best when undefined. */
  readonly notifyBy?: SystemSettings["notifyBy"]
  /** The person's own, whose first line of output stands in the status line. */
  readonly statusCommand?: string | undefined
  /** Paths and globs that `@` offers though ignore rules hide them. */
  readonly includedPaths: readonly string[]
}

export const DEFAULT_SETTINGS: TuiSettings = {
  theme: "monochrome",
  editing: "emacs",
  keys: {},
  isStill: false,
  glyphs: "auto",
  notifications: "unfocused",
  includedPaths: [],
}

/** What a screen is made of: the terminal and the machine it is on, and how it comes to an engine. */
export interface TuiOptions {
  readonly terminal: Terminal
  readonly system: SystemPort
  readonly env: Readonly<Record<string, string | undefined>>
  readonly version: string
  /** The folder it was started in, absolute, and the person's home. */
  readonly cwd: string
  readonly home: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Whenever the terminal has said more of itself. */
  readonly onFacts?: ((facts: TerminalFacts) => void) | undefined
  /** Writes a theme that was chosen where the next start finds it. Absent: what is chosen holds until the screen is left. */
  readonly keepTheme?: ((theme: string) => Promise<Kept>) | undefined
  /** Builds the engine and opens the session. Called after the first frame: what it takes is not waited for. */
  readonly connect: (asking: Asking) => Promise<Connected>
  /**
   * What can be shown without an engine, which then is connected to when the person begins to ask for something. Undefined,
   * or absent: it is connected to at once. Called after the first frame, once.
   */
  readonly glance?: (() => Promise<Glance | undefined>) | undefined
  /** Below the shell's lines, or the whole screen from the start. */
  readonly screen: "inline" | "full"
  /** A first prompt, sent when the session is open. */
  readonly prompt?: readonly InputPart[] | undefined
}

/** A file that it stands in, or a sentence's end that says why it does not. */
export type Kept = { readonly where: string } | { readonly failure: string }

/** What is known of a folder where nobody has asked for anything yet. */
export interface Glance {
  readonly settings: TuiSettings
  /** Model, permission mode and sandbox of the session that would be begun. */
  readonly session: Pick<Settings, "model" | "mode" | "sandbox">
  /** The newest sessions of the folder. */
  recent(limit: number): Promise<readonly Pick<SessionSummary, "title" | "preview" | "updatedAt">[]>
  /** Tells what the person sets, and what of it cannot be, until there is an engine. */
  readonly follow?: ((person: SettingsListener) => void) | undefined
}

/** Who hears of other settings. */
export interface SettingsListener {
  readonly onChange: (settings: TuiSettings) => void
  readonly tell: (sentence: string) => void
}

/** How whoever connects asks the person something first. */
export interface Asking {
  /** Undefined when the person left the question. */
  yes(question: YesQuestion): Promise<boolean | undefined>
  tell(text: string, level?: "info" | "warning"): void
}

/** A session that is there, and what the person set. */
export interface Connected {
  readonly engine: Engine
  readonly clientId: ClientId
  readonly sessionId: SessionId
  /** Made for this run: when nothing comes of it, it is not kept. */
  readonly isNew: boolean
  readonly settings: TuiSettings
  /** Whenever the person changes them while the screen is open. */
  readonly onSettings?: ((handler: (settings: TuiSettings) => void) => void) | undefined
  /** What a session of this folder starts with; another session or tab is made by it. */
  create(cwd: string): Promise<SessionId>
}

/** How the screen did, without a word of what was on it. */
export interface ScreenMetrics {
  readonly frames: number
  /** Of those: painted whole, as after a resize. */
  readonly fullFrames: number
  readonly bytes: number
  readonly keys: number
  /** From a key's bytes to its frame's, of half and of 99 in 100 of them. */
  readonly keyMedianMs?: number | undefined
  readonly keyP99Ms?: number | undefined
}

/** How it ended: what the command line says after the screen is gone. */
export interface Left {
  /** By a key, because somebody asked the process to end, or because the terminal is gone. */
  readonly by: "person" | "SIGINT" | "SIGTERM" | "SIGHUP"
  readonly sessionId?: SessionId | undefined
  readonly isKept: boolean
  readonly failure?: unknown
  /** What still ran was not waited for: it took too long, or somebody asked twice. */
  readonly isCutShort?: boolean | undefined
  /** What was typed and not sent, whole: nobody leaves it behind by a key. */
  readonly unsent?: string | undefined
  readonly metrics?: ScreenMetrics | undefined
}
