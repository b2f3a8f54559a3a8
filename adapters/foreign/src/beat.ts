import type { InputPart, Usage } from "@skein/protocol"

/**
 * What the logs of all agents have in common, in the order it happened: each reader translates its program's lines into
 * these and knows nothing of our events; `draft/` makes events of them and knows nothing of any program.
 */
export type Beat =
  /** The person spoke. A steer belongs to the turn that is under way. */
  | { readonly kind: "said"; readonly at: number; readonly input: readonly InputPart[]; readonly isSteer?: boolean }
  /** `reply`: what one request to the model brought has the same one, where the log tells. */
  | {
      readonly kind: "thought" | "answered"
      readonly at: number
      readonly text: string
      readonly reply?: string | undefined
    }
  | {
      readonly kind: "called"
      readonly at: number
      readonly id: string
      readonly name: string
      readonly input?: unknown
      /** The arguments as written, when they are no JSON. */
      readonly inputText?: string | undefined
      readonly reply?: string | undefined
    }
  | {
      readonly kind: "settled"
      readonly at: number
      readonly id: string
      readonly outcome: "success" | "error" | "cancelled"
      readonly content: readonly InputPart[]
      readonly exitCode?: number | undefined
      readonly durationMs?: number | undefined
      readonly line?: number | undefined
    }
  /** What the reply under way cost. Said again for the same reply, it replaces. */
  | { readonly kind: "spent"; readonly at: number; readonly usage: Usage; readonly microUsd?: number | undefined }
  | { readonly kind: "ended"; readonly at: number; readonly end: Ending }
  /** Everything before was replaced by the summary. */
  | {
      readonly kind: "compacted"
      readonly at: number
      readonly summary?: string | undefined
      readonly tokensBefore: number
    }
  /** A text that the other program had put into the conversation and that belongs to it. */
  | { readonly kind: "placed"; readonly at: number; readonly source: string; readonly text: string }
  | { readonly kind: "noted"; readonly at: number; readonly level: "info" | "warning" | "error"; readonly text: string }
  | { readonly kind: "named"; readonly at: number; readonly title: string }
  /** `provider/model` of the replies that follow. */
  | { readonly kind: "modelled"; readonly at: number; readonly model: string }
  /** The newest turns were taken back. */
  | { readonly kind: "rewound"; readonly at: number; readonly turns: number }

export type Ending =
  | { readonly kind: "completed" }
  | { readonly kind: "interrupted" }
  | { readonly kind: "failed"; readonly message: string }
