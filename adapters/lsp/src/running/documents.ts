import { readFile, stat } from "node:fs/promises"
import { fileURLToPath, pathToFileURL } from "node:url"
import type { Connection } from "../wire/connection.ts"

/** What a server was told of the files that are open with it. */
export interface Documents {
  /** Tells it the file's text where that is another than it knows; null closes it. Gives the version that holds then. */
  put(path: string, text: string | null): number
  /** Brings every open one to what is on disk; those that are gone are closed. */
  refresh(): Promise<void>
  version(path: string): number | undefined
  /** Open ones, the newest last. */
  readonly paths: readonly string[]
  /** Counts every change of any of them. */
  readonly epoch: number
}

/** More than these are closed again, the oldest first: each is memory of the server's. */
const OPEN_MAX = 64
/** Nobody writes such files by hand, and servers choke on them. */
export const TEXT_BYTES_MAX = 2_000_000

interface Open {
  version: number
  text: string
  /** Of the file when it was last looked at: what tells whether it is to be read. */
  stamp: string
}

export function documents(connection: Pick<Connection, "tell">, languageOf: (path: string) => string): Documents {
  const open = new Map<string, Open>()
  /** Versions only grow, also over closing and opening again: a late answer is told by its number. */
  const versions = new Map<string, number>()
  let epoch = 0

  function close(path: string): void {
    if (!open.delete(path)) return
    epoch++
    connection.tell("textDocument/didClose", { textDocument: { uri: uriOf(path) } })
  }

  function put(path: string, text: string | null, stamp = ""): number {
    const known = open.get(path)
    if (text === null) {
      close(path)
      return versions.get(path) ?? 0
    }
    if (known?.text === text) {
      if (stamp !== "") known.stamp = stamp
      return known.version
    }
    const version = (versions.get(path) ?? 0) + 1
    versions.set(path, version)
    epoch++
    const uri = uriOf(path)
    if (known === undefined) {
      const languageId = languageOf(path)
      connection.tell("textDocument/didOpen", { textDocument: { uri, languageId, version, text } })
    } else {
      connection.tell("textDocument/didChange", { textDocument: { uri, version }, contentChanges: [{ text }] })
      connection.tell("textDocument/didSave", { textDocument: { uri } })
    }
    open.delete(path)
    open.set(path, { version, text, stamp })
    for (const oldest of [...open.keys()].slice(0, Math.max(0, open.size - OPEN_MAX))) close(oldest)
    return version
  }

  async function refreshOne(path: string): Promise<void> {
    const stamp = await stampOf(path)
    if (stamp === undefined) close(path)
    else if (open.get(path)?.stamp !== stamp) put(path, (await textOf(path)) ?? null, stamp)
  }

  return {
    put: (path, text) => put(path, text),
    refresh: async () => void (await Promise.all([...open.keys()].map(refreshOne))),
    version: (path) => open.get(path)?.version,
    get paths() {
      return [...open.keys()]
    },
    get epoch() {
      return epoch
    },
  }
}

/** A file's text; undefined when there is none, when it is no text, or too long to be of use. */
export async function textOf(path: string): Promise<string | undefined> {
  try {
    const { size } = await stat(path)
    if (size > TEXT_BYTES_MAX) return undefined
    const bytes = await readFile(path)
    return bytes.includes(0) ? undefined : bytes.toString("utf8")
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined
    throw error
  }
}

async function stampOf(path: string): Promise<string | undefined> {
  try {
    const { mtimeNs, ctimeNs, size, ino } = await stat(path, { bigint: true })
    return [mtimeNs, ctimeNs, size, ino].join(" ")
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined
    throw error
  }
}

export function uriOf(path: string): string {
  return pathToFileURL(path).href
}

/** The path of a `file:` URI; undefined for any other. */
export function pathOf(uri: string): string | undefined {
  try {
    return fileURLToPath(uri)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}
