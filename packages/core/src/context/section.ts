import type { Section } from "@skein/protocol"
import type { TokensPort } from "../ports/index.ts"
import { sha256, utf8Bytes } from "./sha256.ts"

/** A text that skein made, as a piece of context. */
export function madeSection(source: string, text: string, tokens: TokensPort): Section {
  return { source, text, sha256: sha256(text), bytes: utf8Bytes(text), tokens: tokens.estimate(text) }
}
