import type { Hunk } from "./hunks.ts"

/** One thing of the conversation, as the page draws it. */
export type Block =
  | { readonly kind: "user"; readonly text: string; readonly isSteer: boolean }
  | {
      readonly kind: "agent" | "thought"
      readonly text: string
      readonly isOpen: boolean
      readonly isDiscarded: boolean
    }
  | CallBlock
  | { readonly kind: "notice"; readonly level: "info" | "warning" | "error"; readonly text: string }

export interface CallBlock {
  readonly kind: "call"
  readonly title: string
  readonly state: "running" | "waiting" | "success" | "error" | "cancelled"
  readonly summary?: string | undefined
  /** Newest output while it runs, or why it failed. */
  readonly said?: string | undefined
  readonly hunks: readonly Hunk[]
  readonly isInner: boolean
}

/** An open question, as the page shows it. */
export interface Asked {
  readonly approvalId: string
  readonly title: string
  readonly facts: readonly (readonly [name: string, value: string])[]
  readonly hunks: readonly Hunk[]
  /** Each hunk can be taken or left. */
  readonly canChoose: boolean
  readonly options: readonly string[]
  /** What "always" would allow, in words. */
  readonly always?: string | undefined
}

export interface Facts {
  readonly state: "none" | "idle" | "running" | "waiting"
  readonly model?: string | undefined
  readonly mode?: string | undefined
  readonly title?: string | undefined
  /** How full the model's window is, in per cent. */
  readonly context?: number | undefined
  /** Inputs that wait for the turn's next step or its end. */
  readonly queued?: number | undefined
}

/** A file that the session changed. */
export interface Changed {
  readonly path: string
  readonly name: string
  readonly sha256?: string | undefined
  readonly hunks: readonly Hunk[]
  /** Of what is no text. */
  readonly note?: string | undefined
}

/** What the extension tells the page. */
export type ToPage =
  /** The blocks from `from` on are these, and there are no others. */
  | { readonly type: "blocks"; readonly from: number; readonly blocks: readonly Block[] }
  | { readonly type: "facts"; readonly facts: Facts }
  | { readonly type: "asked"; readonly asked: Asked | null }
  /** What goes along with the next prompt, in words; empty: nothing. */
  | { readonly type: "along"; readonly text: string }
  | { readonly type: "changes"; readonly files: readonly Changed[]; readonly note?: string | undefined }
  /** What could not be sent: it stands in the composer again. */
  | { readonly type: "draft"; readonly text: string }
  | { readonly type: "focus" }

/** What the page asks of the extension. */
export type FromPage =
  | { readonly type: "ready" }
  | { readonly type: "say"; readonly text: string; readonly delivery: "steer" | "queue" }
  | {
      readonly type: "answer"
      readonly approvalId: string
      readonly answer: string
      readonly scope?: "session" | "project" | "user"
      readonly hunks?: readonly number[]
      readonly feedback?: string
    }
  | { readonly type: "compare"; readonly approvalId: string }
  | { readonly type: "revert"; readonly path: string; readonly sha256: string; readonly hunk: Hunk }
  | { readonly type: "open"; readonly path: string; readonly line: number }
  | { readonly type: "stop" }
