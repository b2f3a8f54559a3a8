import { constants } from "node:fs"
import { type FileHandle, lstat, open, rename, rm } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { asNumber, asText, type Json, parseObject } from "@skein/protocol/json"
import { machineFiles } from "../app-server/files.ts"

/** A pipe without its other end would keep us waiting. */
const AT_ONCE = constants.O_NONBLOCK ?? 0

/** Does what is asked with files, for a server that is not to touch a client's paths itself; until its input ends. */
export async function serveFiles(lines: AsyncIterable<string>, write: (line: string) => void): Promise<void> {
  for await (const line of lines) {
    const request = parseObject(line)
    if (request !== undefined) void answered(request).then((answer) => write(JSON.stringify(answer)))
  }
}

async function answered(request: Json): Promise<Json> {
  const { id } = request
  try {
    return { id, value: (await done(request)) ?? null }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined
    return { id, error: { message: error instanceof Error ? error.message : String(error), code } }
  }
}

async function done(request: Json): Promise<unknown> {
  const [path, isRecursive] = [wanted(request, "path"), request.isRecursive === true]
  switch (request.op) {
    case "read":
      return (await read(path, asNumber(request.bytesMax) ?? 0)).toString("base64")
    case "facts":
      return machineFiles.facts(path)
    case "real":
      return machineFiles.real(path)
    case "list":
      return machineFiles.list(path, asNumber(request.countMax) ?? 0)
    case "write":
      return written(path, Buffer.from(wanted(request, "data"), "base64"))
    case "makeFolder":
      return machineFiles.makeFolder(path, isRecursive)
    case "remove":
      return isRecursive
        ? removeAll(path, request.isForced === true)
        : machineFiles.remove(path, { isRecursive, isForced: request.isForced === true })
    case "copy":
      return machineFiles.copy(path, wanted(request, "to"), isRecursive)
    default:
      throw new Error(`Nothing is called ${String(request.op)}.`)
  }
}

function wanted(request: Json, key: string): string {
  const value = asText(request[key])
  if (value === undefined) throw new Error(`${key} is missing.`)
  return value
}

/** What the kernel makes up has no size beforehand, and a file may grow: it is read until there is too much. */
async function read(path: string, bytesMax: number): Promise<Buffer> {
  return opened(path, constants.O_RDONLY | AT_ONCE, async (file) => {
    const parts: Buffer[] = []
    for (let bytes = 0; ; ) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(1024 * 1024))
      if (bytesRead === 0) return Buffer.concat(parts)
      bytes += bytesRead
      if (bytes > bytesMax) throw new Error(`It has more than ${bytesMax} bytes: ${path}`)
      parts.push(buffer.subarray(0, bytesRead))
    }
  })
}

async function written(path: string, bytes: Buffer): Promise<void> {
  await opened(path, constants.O_WRONLY | constants.O_CREAT | AT_ONCE, async (file) => {
    await file.truncate(0)
    await file.writeFile(bytes)
  })
}

async function opened<T>(path: string, flags: number, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, flags)
  try {
    if (!(await file.stat()).isFile()) throw new Error(`It is no regular file: ${path}`)
    return await use(file)
  } finally {
    await file.close()
  }
}

/** A folder that may not go is to lose nothing: it is moved first, which the system refuses as a whole. */
async function removeAll(path: string, isForced: boolean): Promise<void> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT" || !isForced) throw error
    return undefined
  })
  if (found?.isDirectory() !== true) return found && machineFiles.remove(path, { isRecursive: false, isForced })
  const aside = join(dirname(path), `.${basename(path).slice(0, 100)}.${crypto.randomUUID()}`)
  await rename(path, aside)
  try {
    await rm(aside, { recursive: true })
  } catch (error) {
    await rename(aside, path)
    throw error
  }
}
