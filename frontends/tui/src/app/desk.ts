import type { CommandInfo, Engine, SessionId } from "@skein/protocol"
import type { Panel } from "../panels/panel.ts"
import type { Connected } from "./options.ts"
import type { SessionLink } from "./session-link.ts"

/** What carrying out an intent may touch of the screen. */
export interface Desk {
  readonly connected: Connected | undefined
  /** The session that is seen. */
  readonly link: SessionLink | undefined
  readonly commands: readonly CommandInfo[]
  /** A line of skein's own, in the transcript. */
  tell(text: string, level?: "info" | "warning" | "error"): void
  /** What a command gave. */
  show(title: string, text: string): void
  /** Below the composer, until the next key. */
  hint(text: string): void
  open(panel: Panel): void
  insert(text: string): void
  /** Goes on in another session; what runs in the one before ends unless it keeps a tab. */
  enter(sessionId: SessionId, isNew: boolean, place: "here" | "tab"): Promise<void>
  redraw(): void
  quit(): void
}

/** The parts that are there once skein is connected. */
export function engineOf({ connected }: Desk): Engine | undefined {
  return connected?.engine
}
