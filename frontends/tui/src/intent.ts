import type { Answer, ApprovalId, InputId, InputPart, Op, ProcessId, SessionId } from "@skein/protocol"
import type { Input } from "@skein/term"
import type { Kept } from "./composer/state.ts"
import type { Action } from "./keys/actions.ts"

/** What a key, a panel or the composer wants done. The app does it; nothing else of the screen touches the engine or the machine. */
export type Intent =
  /** Input for the model: now when idle, else at the next step (`steer`) or after the turn (`queue`). */
  | { readonly type: "submit"; readonly input: readonly InputPart[]; readonly delivery: "steer" | "queue" }
  /** What Enter was pressed on while something that was pasted into it is still being read. It is sent once that is there. */
  | { readonly type: "submit.later"; readonly draft: Kept; readonly delivery: "steer" | "queue" }
  /** `/name args`. */
  | { readonly type: "command"; readonly line: string }
  /** A `!` line; with `isPrivate` (`!!`) the model does not see what came of it. */
  | { readonly type: "shell"; readonly command: string; readonly isPrivate: boolean }
  | { readonly type: "op"; readonly op: Op; readonly done?: string | undefined }
  | {
      readonly type: "answer"
      readonly approvalId: ApprovalId
      readonly answer: Answer
      readonly scope?: "session" | "project" | "user" | undefined
      readonly feedback?: string | undefined
      /** Only these of the shown diff's, counted from 1. */
      readonly hunks?: number[] | undefined
    }
  /** Takes one hunk back; what is left is then shown anew, from the place `at` that it had. */
  | { readonly type: "hunk.revert"; readonly op: Op<"files.revert">; readonly at: number }
  /** Shows the screen of a process and gives it the keys. */
  | { readonly type: "process.attach"; readonly processId: ProcessId }
  | { readonly type: "queue.edit"; readonly inputId: InputId }
  | { readonly type: "queue.cancel"; readonly inputId: InputId }
  /** The turn of the session that asks this; else of the one that is seen. */
  | { readonly type: "interrupt"; readonly asking?: ApprovalId | undefined }
  | { readonly type: "quit" }
  /** What the key of an action would do, though it was not pressed. */
  | { readonly type: "act"; readonly action: Action }
  | { readonly type: "open"; readonly what: PanelName }
  | { readonly type: "session"; readonly sessionId: SessionId; readonly place: "here" | "tab" }
  | { readonly type: "session.new"; readonly place: "here" | "tab" }
  | { readonly type: "tab"; readonly to: "next" | "previous" | "close" | number }
  | { readonly type: "copy"; readonly text: string; readonly what: string }
  | { readonly type: "editor" }
  | { readonly type: "image.paste" }
  /** Paths of images that were pasted as `text`: chips of the images, or the text where they cannot be read. */
  | { readonly type: "image.read"; readonly paths: readonly string[]; readonly text: string }
  /** Opens a link, or a file, as the person's machine opens such. */
  | { readonly type: "visit"; readonly target: string }
  /** Shown, and where it was chosen also kept for the next start. */
  | { readonly type: "theme"; readonly name: string; readonly isChosen?: true }
  | { readonly type: "screen"; readonly screen: "inline" | "full" }
  | { readonly type: "insert"; readonly text: string }
  /** Keys that were meant for the composer, whoever had them first. */
  | { readonly type: "type"; readonly inputs: readonly Input[] }
  | { readonly type: "tell"; readonly text: string }
  | { readonly type: "suspend" }
  | { readonly type: "redraw" }

/** What can be opened over the composer or the whole screen. */
export const PANELS = [
  "palette",
  "help",
  "models",
  "modes",
  "efforts",
  "verbosities",
  "searches",
  "sessions",
  "themes",
  "history",
  "viewer",
  "call",
  "review",
  "files",
  "context",
  "plan",
  "cost",
  "tools",
  "agents",
  "queue",
  "tree",
] as const
export type PanelName = (typeof PANELS)[number]
