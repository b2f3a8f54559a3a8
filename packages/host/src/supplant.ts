import { linkSync, lstatSync, renameSync, type Stats, unlinkSync } from "node:fs"
import { dirname, join } from "node:path"
import type { Quietly, Supplant, Supplanted } from "@skein/core/ports"
import { type Exchange, loadExchange } from "./exchange.ts"
import { type Lease, loadLease, type TakeLease } from "./lease.ts"

/** Where the system cannot tell who writes a file, it is used as it is. */
export async function loadQuietly(): Promise<Quietly> {
  return quietly(await loadLease())
}

/**
 * Undefined where names cannot be exchanged. Draft and file change places, and what came out is looked at where nobody else
 * finds it. A process that is killed in between leaves the old or the new whole, and the other one under the draft's name.
 */
export async function loadSupplant(): Promise<Supplant | undefined> {
  const [exchange, takeLease] = await Promise.all([loadExchange(), loadLease()])
  return exchange === undefined ? undefined : supplanting(exchange, takeLease)
}

export function supplanting(exchange: Exchange, takeLease?: TakeLease): Supplant {
  const use = quietly(takeLease)
  return (draft, name, isExpected) => {
    const own = lstatSync(draft)
    try {
      if (!exchange(draft, name)) return { kind: "cannot" }
    } catch (error) {
      if (codeOf(error) !== "ENOENT") throw error
      unlinkSync(draft)
      return { kind: "changed" } // it is gone
    }
    const supplanted = use(draft, (isUnbroken): Supplanted => {
      let isDone = false
      let keptAs: string | undefined
      try {
        isDone = isExpected(draft) && isUnbroken()
      } finally {
        // Also when it cannot be told what came out.
        if (!isDone) keptAs = putBack(exchange, draft, name, own)
      }
      return isDone ? { kind: "done" } : { kind: "changed", keptAs }
    })
    if (supplanted.kind === "done") unlinkSync(draft)
    return supplanted
  }
}

function quietly(takeLease: TakeLease | undefined): Quietly {
  return (path, use) => {
    const lease = takeLease === undefined ? undefined : quiet(takeLease, path)
    try {
      return use(() => lease?.isUnbroken() !== false)
    } finally {
      lease?.release()
    }
  }
}

/**
 * An editor that opened the file under its name may be about to write it: that takes microseconds, and is waited for.
 * Who keeps a file open for writing all the time keeps nobody from replacing it.
 */
function quiet(takeLease: TakeLease, path: string): Lease | undefined {
  for (let waitedMs = 0; ; waitedMs += 1) {
    const lease = takeLease(path)
    if (lease !== "busy") return lease
    if (waitedMs >= QUIET_WAIT_MS) return undefined
    Bun.sleepSync(1)
  }
}

const QUIET_WAIT_MS = 20

/**
 * Exchanges until what comes out is what was put in last: whatever else comes out was saved over it meanwhile, so it is
 * newer and belongs under the name. Who saved it may have seen only our draft: then the one before it is kept.
 */
function putBack(exchange: Exchange, draft: string, name: string, own: Stats): string | undefined {
  let inPlace = own
  for (;;) {
    const next = lstatSync(draft)
    if (!exchangedBack(exchange, draft, name)) return undefined
    const out = lstatSync(draft)
    if (isSame(out, inPlace)) return isSame(out, own) ? discarded(draft) : kept(draft)
    inPlace = next
  }
}

/** False when there was nothing to change places with, and the draft's name is free again. */
function exchangedBack(exchange: Exchange, draft: string, name: string): boolean {
  try {
    if (exchange(draft, name)) return true
    renameSync(draft, name) // the folder was closed to exchanges since; only our own draft is in its way
    return false
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error
  }
  try {
    if (lstatSync(draft).isDirectory()) renameSync(draft, name)
    else {
      linkSync(draft, name)
      unlinkSync(draft)
    }
    return false
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error
    return exchangedBack(exchange, draft, name) // something came there at this moment
  }
}

function discarded(draft: string): undefined {
  unlinkSync(draft)
}

/** The name of a sweep of drafts is not for it. */
function kept(draft: string): string {
  const name = `.skein-${crypto.randomUUID()}.kept`
  renameSync(draft, join(dirname(draft), name))
  return name
}

/** A rename moves the change time; a write in place moves the others. */
function isSame(a: Stats, b: Stats): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.size === b.size && a.mtimeMs === b.mtimeMs
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined
}
