import { isAbsolute } from "node:path"
import { asText, type Json } from "@skein/protocol/json"
import { absolute, type Context, needed, type Reply, servicesOf } from "./method.ts"
import { INTERNAL_ERROR, RpcError } from "./peer.ts"
import { fromBase64 } from "./program-params.ts"
import type { ClientFiles } from "./services.ts"

/** Of one file in one message, in either direction. */
const FILE_BYTES_MAX = 16 * 1024 * 1024
/** Of one folder in one answer. */
const ENTRIES_MAX = 20_000
/** Of one connection at once. */
const WATCHES_MAX = 64

type FileMethod = (params: Json, files: ClientFiles) => Promise<Json>

/** A method over files, whose failures are told as the system says them. */
function overFiles(what: string, method: FileMethod): (params: Json, context: Context) => Promise<Reply> {
  return async (params, context) => {
    const { files } = servicesOf(what, context)
    try {
      return { result: await method(params, files) }
    } catch (error) {
      throw failed(error)
    }
  }
}

export const readFile = overFiles("fs/readFile", async (params, files) => {
  const path = absolute(params, "path")
  const { kind } = await files.facts(path)
  if (kind !== "file") throw new RpcError(`path \`${path}\` is not a file`)
  const bytes = await files.read(path, FILE_BYTES_MAX)
  return { dataBase64: Buffer.from(bytes).toString("base64") }
})

export const writeFile = overFiles("fs/writeFile", async (params, files) => {
  const path = absolute(params, "path")
  const text = asText(params.dataBase64)
  if (text === undefined) throw new RpcError("Invalid request: missing field `dataBase64`")
  const bytes = fromBase64(text, (why) => new RpcError(`fs/writeFile requires valid base64 dataBase64: ${why}`))
  if (bytes.length > FILE_BYTES_MAX) {
    throw new RpcError(`fs/writeFile takes ${FILE_BYTES_MAX} bytes at most, and was given ${bytes.length}`)
  }
  await files.write(path, bytes)
  return {}
})

export const createDirectory = overFiles("fs/createDirectory", async (params, files) => {
  await files.makeFolder(absolute(params, "path"), params.recursive !== false)
  return {}
})

export const getMetadata = overFiles("fs/getMetadata", async (params, files) => {
  const { kind, isLink, createdAt, modifiedAt } = await files.facts(absolute(params, "path"))
  return {
    isDirectory: kind === "folder",
    isFile: kind === "file",
    isSymlink: isLink,
    createdAtMs: createdAt,
    modifiedAtMs: modifiedAt,
  }
})

export const readDirectory = overFiles("fs/readDirectory", async (params, files) => {
  const entries = await files.list(absolute(params, "path"), ENTRIES_MAX)
  return {
    entries: entries.map(({ name, kind }) => ({
      ...{ fileName: name, isDirectory: kind === "folder", isFile: kind === "file" },
    })),
  }
})

export const remove = overFiles("fs/remove", async (params, files) => {
  const how = { isRecursive: params.recursive !== false, isForced: params.force !== false }
  await files.remove(absolute(params, "path"), how)
  return {}
})

export const copy = overFiles("fs/copy", async (params, files) => {
  const [from, to] = [absolute(params, "sourcePath"), absolute(params, "destinationPath")]
  const { kind } = await files.facts(from)
  if (kind === "folder" && params.recursive !== true) {
    throw new RpcError("fs/copy requires recursive: true when sourcePath is a directory")
  }
  if (kind === "folder" && `${to}/`.startsWith(`${from.replace(/\/+$/, "")}/`)) {
    throw new RpcError("fs/copy cannot copy a directory to itself or one of its descendants")
  }
  await files.copy(from, to, params.recursive === true)
  return {}
})

/** What a connection watches, by the names it gave. */
export class FileWatches {
  readonly #open = new Map<string, () => void>()

  async watch(params: Json, context: Context): Promise<Reply> {
    const { files } = servicesOf("fs/watch", context)
    const watchId = needed(params, "watchId")
    const path = absolute(params, "path")
    if (this.#open.has(watchId)) throw new RpcError(`watchId already exists: ${watchId}`)
    if (this.#open.size >= WATCHES_MAX)
      throw new RpcError(`fs/watch: ${WATCHES_MAX} are open, which is as many as there can be`)
    const told = (changedPaths: readonly string[]) => context.peer.notify("fs/changed", { watchId, changedPaths })
    this.#open.set(watchId, await files.watch(path, told))
    return { result: { path } }
  }

  /** What is not watched is none the less unwatched. */
  unwatch(params: Json): Reply {
    const watchId = needed(params, "watchId")
    this.#open.get(watchId)?.()
    this.#open.delete(watchId)
    return { result: {} }
  }

  end(): void {
    for (const stop of this.#open.values()) stop()
    this.#open.clear()
  }
}

/** `gitDiffToRemote`. */
export async function gitDiffToRemote(params: Json, context: Context): Promise<Reply> {
  const { diffToRemote } = servicesOf("gitDiffToRemote", context)
  const cwd = needed(params, "cwd")
  const found = isAbsolute(cwd) ? await diffToRemote(cwd) : undefined
  if (found !== undefined) return { result: { ...found } }
  throw new RpcError(`failed to compute git diff to remote for cwd: ${JSON.stringify(cwd)}`)
}

/** `ENOENT: no such file or directory, open '/x'` → `No such file or directory (os error 2)`. */
function failed(error: unknown): unknown {
  if (error instanceof RpcError || !(error instanceof Error)) return error
  const { errno } = error as NodeJS.ErrnoException
  if (typeof errno !== "number") return new RpcError(error.message, INTERNAL_ERROR)
  const said = /^\w+: ([^,]+)/.exec(error.message)?.[1] ?? error.message
  return new RpcError(`${said.slice(0, 1).toUpperCase()}${said.slice(1)} (os error ${Math.abs(errno)})`, INTERNAL_ERROR)
}
