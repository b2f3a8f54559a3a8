import type { SearchHit } from "@skein/protocol"
import { ageText } from "../../view/amounts.ts"
import type { Entry } from "../list/entry.ts"
import { listPanel } from "../list/list.ts"
import type { Panel } from "../panel.ts"
import { sessionName } from "./sessions.ts"

/** Sessions in which words were found, best first, each with the words in their surroundings. */
export function foundPanel(words: string, hits: readonly SearchHit[], now: number, isVim = false): Panel {
  return listPanel({
    ...{ title: `found: ${words}`, isVim, verb: "open" },
    entries: hits.map((hit) => hitEntry(hit, now)),
    empty: "No session says that. Fewer words find more.",
  })
}

function hitEntry({ session, snippet }: SearchHit, now: number): Entry {
  const { sessionId, updatedAt } = session
  return {
    id: sessionId,
    label: sessionName(session),
    aside: ageText(updatedAt, now),
    below: snippet.replaceAll(MARKS, "").trim(),
    words: snippet.replaceAll(MARKS, ""),
    intents: [{ type: "session", sessionId, place: "here" }],
  }
}

/** What stands around the words that matched. */
const MARKS = /[\ue000\ue001]/g
