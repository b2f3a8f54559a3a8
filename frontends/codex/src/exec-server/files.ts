import type { Json } from "@skein/protocol/json"
import type { ClientFiles } from "../app-server/services.ts"
import { FAILED, INVALID_REQUEST, NOT_FOUND, number, path, Refused, text, truth, uriOf } from "./params.ts"

const FILE_BYTES_MAX = 64 * 1024 * 1024
const ENTRIES_MAX = 100_000
const BLOCK_BYTES_MAX = 1024 * 1024
const HANDLES_MAX = 256

/** What is done with files for a client; nothing of it tells changes. */
export type ServedFiles = Omit<ClientFiles, "watch">

/** The files of the machine, as a client asks for them; what it opened is its own. */
export class Files {
  readonly #files: ServedFiles
  readonly #open = new Map<string, Uint8Array>()

  constructor(files: ServedFiles) {
    this.#files = files
  }

  async readFile(params: Json): Promise<Json> {
    const bytes = await this.#read(path(params))
    return { dataBase64: Buffer.from(bytes).toString("base64") }
  }

  async writeFile(params: Json): Promise<Json> {
    const [file, data] = [path(params), text(params, "dataBase64")]
    await tried(() => this.#files.write(file, Buffer.from(data, "base64")))
    return {}
  }

  async createDirectory(params: Json): Promise<Json> {
    const [folder, isRecursive] = [path(params), truth(params, "recursive")]
    await tried(() => this.#files.makeFolder(folder, isRecursive))
    return {}
  }

  async getMetadata(params: Json): Promise<Json> {
    const file = path(params)
    const facts = await tried(() => this.#files.facts(file))
    const { kind, isLink, size, createdAt, modifiedAt } = facts
    return {
      ...{ isDirectory: kind === "folder", isFile: kind === "file", isSymlink: isLink, size },
      ...{ createdAtMs: createdAt, modifiedAtMs: modifiedAt },
    }
  }

  async readDirectory(params: Json): Promise<Json> {
    const folder = path(params)
    const entries = await tried(() => this.#files.list(folder, ENTRIES_MAX))
    return {
      entries: entries.map(({ name, kind }) => ({
        ...{ fileName: name, isDirectory: kind === "folder", isFile: kind === "file" },
      })),
    }
  }

  async remove(params: Json): Promise<Json> {
    const file = path(params)
    // Left out, both are on: so it is where this contract comes from.
    const [isRecursive, isForced] = ["recursive", "force"].map((key) => params[key] === undefined || truth(params, key))
    await tried(() => this.#files.remove(file, { isRecursive: isRecursive === true, isForced: isForced === true }))
    return {}
  }

  async copy(params: Json): Promise<Json> {
    const [from, to] = [path(params, "sourcePath"), path(params, "destinationPath")]
    if (params.recursive === undefined) truth({ recursive: text(params, "recursive") }, "recursive")
    await tried(() => this.#files.copy(from, to, truth(params, "recursive")))
    return {}
  }

  async canonicalize(params: Json): Promise<Json> {
    const file = path(params)
    return { path: uriOf(await tried(() => this.#files.real(file))) }
  }

  /** A file as it is now; it is read in blocks, and let go by `close`. */
  async open(params: Json): Promise<Json> {
    const [handleId, file] = [text(params, "handleId"), path(params)]
    if (this.#open.has(handleId)) throw new Refused(INVALID_REQUEST, `handle ${handleId} is open already`)
    if (this.#open.size >= HANDLES_MAX) throw new Refused(FAILED, `more than ${HANDLES_MAX} files are open`)
    this.#open.set(handleId, await this.#read(file))
    return { handleId }
  }

  readBlock(params: Json): Json {
    const bytes = this.#open.get(text(params, "handleId"))
    if (bytes === undefined) throw new Refused(INVALID_REQUEST, `unknown handle ${text(params, "handleId")}`)
    const [offset, length] = [count(params, "offset"), Math.min(count(params, "len"), BLOCK_BYTES_MAX)]
    const block = bytes.subarray(offset, offset + length)
    return { chunk: Buffer.from(block).toString("base64"), eof: offset + block.length >= bytes.length }
  }

  close(params: Json): Json {
    this.#open.delete(text(params, "handleId"))
    return {}
  }

  async #read(file: string): Promise<Uint8Array> {
    const { kind } = await tried(() => this.#files.facts(file))
    if (kind !== "file") throw new Refused(INVALID_REQUEST, `path \`${file}\` is not a file`)
    return tried(() => this.#files.read(file, FILE_BYTES_MAX))
  }
}

function count(params: Json, key: string): number {
  const value = number(params, key)
  if (value !== undefined && Number.isInteger(value) && value >= 0) return value
  if (value === undefined) text(params, key)
  throw new Refused(INVALID_REQUEST, `\`${key}\` must be a whole number of at least 0`)
}

async function tried<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const isAbsent = cause instanceof Error && "code" in cause && cause.code === "ENOENT"
    throw new Refused(isAbsent ? NOT_FOUND : FAILED, cause instanceof Error ? cause.message : String(cause))
  }
}
