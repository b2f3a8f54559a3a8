import type { DocumentKind, DocumentText } from "@skein/core/ports"

export interface Asked {
  readonly bytes: Uint8Array
  readonly kind: DocumentKind
  readonly pages: string | undefined
}

export type Answer =
  | { readonly kind: "text"; readonly document: DocumentText }
  /** It cannot be read, and why. */
  | { readonly kind: "failed"; readonly message: string }
  /** What reads it did not expect it. */
  | { readonly kind: "broken"; readonly message: string }
