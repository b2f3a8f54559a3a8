import type { Language } from "@skein/grammars"

/** What one piece of code may cost. */
export interface ReadBounds {
  readonly charsMax: number
  /**
   * How often the parser may report that it is still at work on one piece of code. It counts steps, not time: what is
   * colored on one machine is on all.
   */
  readonly reportsMax: number
  /** The last resort, for input that makes every step dear. */
  readonly timeMaxMs: number
}

/** What the worker is given first. */
export interface Outset {
  readonly port: MessagePort
  /** One number that grows with each answer: whoever waits for one waits for it. */
  readonly answers: Int32Array
  readonly bounds: ReadBounds
}

/** What is asked of the worker; each is answered once, in this order but for `prepare`. */
export type Request =
  | { readonly kind: "prepare"; readonly language: Language }
  | { readonly kind: "read"; readonly language: Language; readonly code: string }
  | { readonly kind: "open"; readonly stream: number; readonly language: Language }
  | { readonly kind: "line"; readonly stream: number; readonly text: string }
  | { readonly kind: "close"; readonly stream: number }

export interface Asked {
  readonly id: number
  readonly request: Request
}

export type Answer =
  /** Of each unit of what was asked about, the number of its kind; none when there are no colors for it. */
  | { readonly id: number; readonly kind: "done"; readonly colors?: Uint8Array | undefined }
  /** The memory of the grammars can no longer be trusted. */
  | { readonly id: number; readonly kind: "broken"; readonly reason: string }
