import type { SessionId, SessionSummary } from "@skein/protocol"
import { isId } from "@skein/protocol"
import { ageText, counted } from "../../view/amounts.ts"
import { shortPath } from "../../view/text/path.ts"
import type { Entry, EntryKey } from "../list/entry.ts"
import { listPanel } from "../list/list.ts"
import type { Panel } from "../panel.ts"

/** The sessions to choose from, and the one that is on the screen. */
export interface SessionsOptions {
  /** Newest first. */
  readonly sessions: readonly SessionSummary[]
  /** The one on the screen. */
  readonly current?: SessionId | undefined
  /** Those in other tabs: what is open is not deleted. */
  readonly open?: readonly SessionId[] | undefined
  readonly cwd?: string | undefined
  readonly home?: string | undefined
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly isVim?: boolean | undefined
}

/** Sessions to go on with: when, how long, where. They are renamed, archived and deleted here too. */
export function sessionPanel(options: SessionsOptions): Panel {
  const archived = new Set(options.sessions.filter(({ isArchived }) => isArchived).map(({ sessionId }) => sessionId))
  return listPanel({
    ...{ title: "sessions", isVim: options.isVim, verb: "open", keys: sessionKeys(options, archived) },
    entries: options.sessions.map((session) => sessionEntry(session, options)),
    empty: "No session yet. Say what you want done, and this one is kept.",
  })
}

/** What a session is called: its title, or the first thing that was said in it. */
export function sessionName({ title, preview, sessionId }: SessionSummary): string {
  return [title, preview].find((text) => text !== undefined && text.trim() !== "") ?? sessionId
}

function sessionEntry(session: SessionSummary, { current, cwd, home, now }: SessionsOptions): Entry {
  const { sessionId, title, preview, turns, labels = [], parent } = session
  const facts = [
    session.cwd === cwd ? undefined : shortPath(session.cwd, home),
    sessionId === current ? "this one" : undefined,
    session.isArchived ? "archived" : undefined,
    ...labels.map((label) => `#${label}`),
  ]
  const below = [
    title === undefined ? undefined : preview,
    parent === undefined ? undefined : `${parent.kind} of another`,
  ]
  return {
    id: sessionId,
    label: sessionName(session),
    detail: joined(facts),
    aside: joined([turns === undefined ? undefined : counted(turns, "turn"), ageText(session.updatedAt, now)]),
    below: joined(below) === "" ? undefined : joined(below),
    words: `${sessionId} ${session.model ?? ""}`,
    intents: sessionId === current ? [] : [{ type: "session", sessionId, place: "here" }],
  }
}

function joined(facts: readonly (string | undefined)[]): string {
  return facts.filter((fact) => fact !== undefined && fact !== "").join(" · ")
}

function sessionKeys({ current, open = [] }: SessionsOptions, archived: ReadonlySet<string>): readonly EntryKey[] {
  return [
    {
      ...{ chord: "ctrl+t", name: "tab", after: "leave" },
      intents: about((sessionId) => [{ type: "session", sessionId, place: "tab" }]),
    },
    {
      ...{ chord: "ctrl+r", name: "rename", after: "rename", typed: ({ label }) => label },
      intents: about((sessionId, title) => [{ type: "op", op: { type: "session.change", sessionId, title } }]),
    },
    {
      ...{ chord: "ctrl+x", name: "archive", after: "remove" },
      intents: about((sessionId) => {
        const isArchived = !archived.has(sessionId)
        const done = isArchived ? "Archived. /resume --all lists it." : "Back in the list."
        return [{ type: "op", op: { type: "session.change", sessionId, isArchived }, done }]
      }),
    },
    {
      ...{ chord: "ctrl+d", name: "delete", after: "remove", confirm: ({ label }) => `Delete "${label}" for good?` },
      intents: about((sessionId) =>
        sessionId === current || open.includes(sessionId)
          ? undefined
          : [{ type: "op", op: { type: "session.delete", sessionId }, done: "Deleted." }],
      ),
    },
  ]
}

function about(act: (sessionId: SessionId, typed: string) => Entry["intents"] | undefined): EntryKey["intents"] {
  return ({ id }, typed) => (id !== undefined && isId("ses", id) ? act(id, typed) : undefined)
}
