import { lstatSync } from "node:fs"
import type { LeftBehind } from "@skein/core/ports"
import type { PathChange, SessionId } from "@skein/protocol"
import { type Held, marked, marksOf, unmarkQuietly } from "./marker.ts"
import { differing, lookAt, orSentence, type WatchOptions } from "./watch.ts"

/** What differs now from when the watches of a killed process began; undefined when it left none that can be read. */
export async function leftBehind(sessionId: SessionId, options: WatchOptions): Promise<LeftBehind | undefined> {
  try {
    return await compared(sessionId, options)
  } catch (error) {
    const note = `What was changed before skein was killed could not be looked at: ${String(error)}`
    return { changes: [], notCovered: [note], recorded() {} }
  }
}

async function compared(sessionId: SessionId, options: WatchOptions): Promise<LeftBehind | undefined> {
  options.blobs.refresh()
  const marks = marksOf(sessionId, options.blobs)
  const changes = new Map<string, PathChange>()
  const notes = new Set<string>()
  let isKnown = false
  for (const mark of marks) {
    const trees = await marked(mark, options.blobs)
    if (trees === undefined) continue
    isKnown = true
    for (const each of trees) {
      const found = typeof each === "string" ? { changes: [], notes: [each] } : await changedIn(each, options)
      for (const note of found.notes) notes.add(note)
      // The oldest knows what was there before all of them.
      for (const change of found.changes) if (!changes.has(change.path)) changes.set(change.path, change)
    }
  }
  if (!isKnown) return undefined
  const sorted = [...changes.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
  return {
    changes: sorted,
    notCovered: [...notes],
    recorded: () => {
      for (const mark of marks) unmarkQuietly(mark, options.blobs)
    },
  }
}

async function changedIn({ isExact, scan: was }: Held, options: WatchOptions) {
  const { root } = was
  if (!isExact && !isSameFolder(was)) {
    const note = `${root} is not the folder any more that it was when skein was killed: what changed there is not known.`
    return { changes: [], notes: [note] }
  }
  const is = await orSentence(root, () => lookAt(root, isExact, "after", options))
  return differing(was, is, options)
}

/** One that was moved away or replaced says nothing of what a command did in it. */
function isSameFolder({ root, entries }: Held["scan"]): boolean {
  return lstatSync(root, { throwIfNoEntry: false })?.ino === entries.get(root)?.inode
}
