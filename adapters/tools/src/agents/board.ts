import type { SessionId } from "@skein/protocol"

/** What agents of one session tell each other while they work. It goes with the process. */
export interface Board {
  /** A child that works for this session: the two have one board. */
  join(child: SessionId, parent: SessionId): void
  post(by: SessionId, name: string, text: string): void
  /** What others posted, oldest first; `isNew` where this session has not seen it before. */
  read(by: SessionId): readonly Note[]
}

export interface Note {
  readonly name: string
  readonly text: string
  readonly isNew: boolean
}

const NOTES_MAX = 200

interface Kept {
  readonly by: SessionId
  readonly name: string
  readonly text: string
  readonly seenBy: Set<SessionId>
}

export function board(): Board {
  const parents = new Map<SessionId, { readonly of: SessionId; readonly at: number }>()
  const boards = new Map<SessionId, Kept[]>()
  const notesOf = (id: SessionId) => {
    const key = parents.get(id)?.of ?? id
    const notes = boards.get(key) ?? []
    boards.set(key, notes)
    return notes
  }
  return {
    join: (child, parent) => void parents.set(child, { of: parent, at: parents.size + 1 }),
    post(by, name, text) {
      const notes = notesOf(by)
      const place = parents.get(by)?.at
      notes.push({ by, name: place === undefined ? name : `${name} ${place}`, text, seenBy: new Set([by]) })
      if (notes.length > NOTES_MAX) notes.shift()
    },
    read: (by) =>
      notesOf(by)
        .filter((note) => note.by !== by)
        .map(({ name, text, seenBy }) => {
          const isNew = !seenBy.has(by)
          seenBy.add(by)
          return { name, text, isNew }
        }),
  }
}
