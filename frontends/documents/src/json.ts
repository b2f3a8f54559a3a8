import { jsonPage, type SessionView } from "@skein/protocol"
import type { RedactionReport } from "./redact/kinds.ts"

/** Raised when the shape of the document changes; the view within has the shape of the protocol. */
const VERSION = 1

/**
 * A session without loss, but for commands that the person ran in private: `{format: "skein-session", version: 1, session}`, where `session` is the view that `session.read`
 * answers with. `redacted` is there when secrets were taken out, with how many of each kind.
 */
export function jsonOf(view: SessionView, options: { readonly report?: RedactionReport } = {}): string {
  const { report } = options
  const document = {
    format: "skein-session",
    version: VERSION,
    ...(report === undefined ? {} : { redacted: report }),
    session: { ...view, items: view.items.filter((item) => item.kind !== "shell" || !item.isPrivate) },
  }
  return `${jsonPage(document)}\n`
}
