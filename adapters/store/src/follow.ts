import { closeSync, type FSWatcher, fstatSync, lstatSync, watch } from "node:fs"
import { type DurableEvent, SkeinError } from "@skein/protocol"
import { openForReading, seek } from "./open.ts"
import { type Scan, type ScanOptions, scan } from "./scan.ts"
import type { Upgrades } from "./versions.ts"

/**
 * The events of a log from `from` on, and then what others write, as they write it. Only whole lines: what is torn stays
 * unread until it is whole, or gone by a repair. Ends with the signal. Throws SkeinError `session.not_found` when the log
 * is deleted, `session.corrupt` when it is damaged and stays so.
 */
export async function* follow(
  path: string,
  from: number,
  signal: AbortSignal,
  upgrades?: Upgrades,
): AsyncGenerator<readonly DurableEvent[]> {
  let next = from
  while (!signal.aborted) {
    const fd = openForReading(path)
    if (fd === undefined) throw gone(path)
    const watched = watching(path, signal)
    try {
      for await (const events of fileEvents(fd, path, next, { signal, watched, upgrades })) {
        next = (events.at(-1)?.seq ?? next - 1) + 1
        yield events
      }
    } finally {
      watched.close()
      closeSync(fd)
    }
  }
}

interface Following {
  readonly signal: AbortSignal
  readonly watched: Watched
  readonly upgrades: Upgrades | undefined
}

/** Of one file; ends when another has its name: a migration gave it that. */
async function* fileEvents(fd: number, path: string, from: number, following: Following) {
  let at: ScanOptions["after"] = seek(fd, path, from)
  let failingSince: number | undefined
  while (!following.signal.aborted) {
    const found: Scan | undefined = await scan(fd, path, { from, after: at, upgrades: following.upgrades }).catch(
      (error: unknown) => {
        // A repair under way can look like damage. What is damaged stays so.
        failingSince ??= performance.now()
        if (performance.now() - failingSince > REPAIR_MS_MAX) throw error
        return undefined
      },
    )
    if (found !== undefined) {
      failingSince = undefined
      at = found
      if (found.events.length > 0) yield found.events
    }
    if (lstatSync(path, { throwIfNoEntry: false })?.ino !== fstatSync(fd).ino) return
    await following.watched.changed()
  }
}

interface Watched {
  /** Resolves when something may have been written, at the latest after the poll's time. */
  changed(): Promise<void>
  close(): void
}

const POLL_MS = 250
const REPAIR_MS_MAX = 1000

/** The system tells of a change where it can; a slow look of our own covers where it cannot. */
function watching(path: string, signal: AbortSignal): Watched {
  let isChanged = false
  let wake = () => {}
  const tell = () => {
    isChanged = true
    wake()
  }
  let watcher: FSWatcher | undefined
  try {
    watcher = watch(path, { persistent: false }, tell)
    watcher.on("error", noWatch)
  } catch (error) {
    noWatch(error)
  }
  signal.addEventListener("abort", tell)
  return {
    async changed() {
      if (!isChanged && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, POLL_MS)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      isChanged = false
    },
    close() {
      signal.removeEventListener("abort", tell)
      watcher?.close()
    },
  }
}

/** Nobody hears of it: the poll finds the same, a quarter of a second later. */
function noWatch(_error: unknown): void {}

function gone(path: string): SkeinError {
  return new SkeinError("session.not_found", `Cannot follow ${path}: it is not there. It may have been deleted.`)
}
