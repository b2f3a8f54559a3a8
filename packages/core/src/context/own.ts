import type { DurableDraft, PathChange, Section } from "@skein/protocol"
import type { TokensPort } from "../ports/index.ts"

/** A text that skein itself puts into the conversation. It came from no file, so there is no hash of one. */
export function ownSection(source: string, text: string, tokens: TokensPort): Section {
  return { source, text, sha256: "", bytes: text.length, tokens: tokens.estimate(text) }
}

const PATHS_NAMED = 50

/** Files went back while the conversation did not: the model has to know, or it goes on as if they had not. */
export function takenBack(changes: readonly PathChange[], tokens: TokensPort): DurableDraft {
  const named = changes.slice(0, PATHS_NAMED).map(({ path, after }) => `- ${path}${after === null ? " (removed)" : ""}`)
  const more = changes.length > PATHS_NAMED ? [`- and ${changes.length - PATHS_NAMED} more`] : []
  const text = ["The person took these files back to an earlier state. Read them again before you rely on them:"]
  const section = ownSection("checkpoint", [...text, ...named, ...more].join("\n"), tokens)
  return { type: "context.loaded", placement: "inline", cause: "changed", sections: [section] }
}
