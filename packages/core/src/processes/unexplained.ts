import type { DurableEvent, FileVersion, PathChange } from "@skein/protocol"

/**
 * What a process did to files that nobody else is known to have done: what calls and rewinds changed while it ran is in the
 * log under their names, and taking this back must not take back theirs. `since`: the events since it began.
 */
export function unexplained(changes: readonly PathChange[], since: readonly DurableEvent[]): PathChange[] {
  const last = new Map<string, FileVersion | null>()
  for (const event of since) {
    if (event.type !== "files.changed" && event.type !== "files.restored") continue
    for (const { path, after } of event.changes) last.set(path, after)
  }
  return changes.flatMap((change) => {
    const known = last.get(change.path)
    if (known === undefined) return [change]
    return isSame(known, change.after) ? [] : [{ ...change, before: known }]
  })
}

function isSame(a: FileVersion | null, b: FileVersion | null): boolean {
  return JSON.stringify(factsOf(a)) === JSON.stringify(factsOf(b))
}

function factsOf(version: FileVersion | null): readonly unknown[] {
  if (version === null) return []
  if (version.kind === "file") return ["file", version.sha256, version.mode]
  return version.kind === "link" ? ["link", version.target] : ["folder", version.mode]
}
