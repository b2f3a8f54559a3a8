import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs"
import { join } from "node:path"
import { SkeinError } from "@skein/protocol"
import { type PackedFile, UnpackError, unpack } from "@skein/unpack"
import { readFolder } from "./folder.ts"
import type { Source } from "./source.ts"

export interface Reaching {
  /** The way out for skein's own requests, recorded. */
  readonly fetched: (url: string, init?: RequestInit) => Promise<Response>
  /** Clones a branch or tag of a repository into a folder that is not there; rejects with SkeinError. Runs nothing of it. */
  readonly clone: (url: string, ref: string | undefined, into: string) => Promise<void>
  /** Where the registry of npm is; without a slash at its end. */
  readonly registry: string
  /** Where folders may lie for a moment. */
  readonly temporary: string
}

export interface Gathered {
  readonly files: readonly PackedFile[]
  /** Links and devices that are not taken; paths. */
  readonly leftOut: readonly string[]
}

/** All files of a source, in memory and checked; nothing of it is run. Throws SkeinError that says what was tried. */
export async function gather(source: Source, reaching: Reaching): Promise<Gathered> {
  switch (source.kind) {
    case "path":
      return statSync(source.path).isDirectory()
        ? readFolder(source.path)
        : unpacked(readFileSync(source.path), source.path)
    case "archive":
      return unpacked(await download(source.url, reaching), source.url)
    case "npm":
      return unpacked(await npmTarball(source, reaching), source.name)
    case "git":
      return await cloned(source, reaching)
  }
}

function unpacked(archive: Uint8Array, from: string): Gathered {
  try {
    return { files: unpack(archive), leftOut: [] }
  } catch (cause) {
    if (!(cause instanceof UnpackError)) throw cause
    throw new SkeinError("op.invalid", `Nothing is taken from ${from}: ${cause.message}`, { cause })
  }
}

async function cloned({ url, path, ref }: Extract<Source, { kind: "git" }>, reaching: Reaching): Promise<Gathered> {
  const folder = mkdtempSync(join(reaching.temporary, "skein-skill-"))
  try {
    await reaching.clone(url, ref, join(folder, "repository"))
    const { files, leftOut } = readFolder(join(folder, "repository"))
    if (path === undefined) return { files, leftOut }
    const below = `${path.replace(/\/+$/, "")}/`
    // The folder itself keeps its name, which is a skill's own.
    const parent = below.slice(0, below.slice(0, -1).lastIndexOf("/") + 1)
    const within = files.filter((file) => file.path.startsWith(below))
    if (within.length === 0) throw new SkeinError("op.invalid", `There is no folder ${path} in ${url}.`)
    return {
      files: within.map((file) => ({ ...file, path: file.path.slice(parent.length) })),
      leftOut: leftOut.filter((one) => one.startsWith(below)),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const ARCHIVE_BYTES_MAX = 64 * 2 ** 20
const DOCUMENT_BYTES_MAX = 16 * 2 ** 20
const DEADLINE_MS = 120_000
const HOPS_MAX = 5

/** Only over what is encrypted, or within this machine: whoever stands on the way could put something else there. */
async function download(url: string, reaching: Reaching, bytesMax = ARCHIVE_BYTES_MAX): Promise<Uint8Array> {
  const signal = AbortSignal.timeout(DEADLINE_MS)
  let at = url
  for (let hop = 0; hop <= HOPS_MAX; hop++) {
    const response = await answered(at, reaching, signal)
    const to = response.headers.get("location")
    if (response.status >= 300 && response.status < 400 && to !== null) {
      await response.body?.cancel()
      at = new URL(to, at).href
      continue
    }
    if (response.ok) return await bounded(response, bytesMax, at)
    await response.body?.cancel()
    throw new SkeinError("op.invalid", `Cannot get ${at}: the server answers ${response.status}.`)
  }
  throw new SkeinError("op.invalid", `Cannot get ${url}: it leads on to another address more than ${HOPS_MAX} times.`)
}

async function answered(url: string, { fetched }: Reaching, signal: AbortSignal): Promise<Response> {
  if (!/^https:|^http:\/\/(?:localhost|127(?:\.\d+){3}|\[::1\])(?:[:/]|$)/.test(url))
    throw new SkeinError("op.invalid", `Cannot get ${url}: it is not encrypted. Use https.`)
  try {
    return await fetched(url, { signal, redirect: "manual", headers: { accept: "*/*" } })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new SkeinError("op.invalid", `Cannot get ${url}: ${why}`, { cause })
  }
}

async function bounded({ body }: Response, bytesMax: number, url: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.length
    if (bytes > bytesMax)
      throw new SkeinError("op.invalid", `${url} has more than ${bytesMax} bytes. Nothing is taken.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The package's own archive, compared with what the registry says of it. Its scripts are never run. */
async function npmTarball(source: Extract<Source, { kind: "npm" }>, reaching: Reaching): Promise<Uint8Array> {
  const { name, version = "latest" } = source
  const about = `${reaching.registry}/${name.replace("/", "%2f")}/${version}`
  const document: unknown = parsed(await download(about, reaching, DOCUMENT_BYTES_MAX), about)
  const dist = memberOf(document, "dist")
  const [url, integrity] = [memberOf(dist, "tarball"), memberOf(dist, "integrity")]
  if (typeof url !== "string" || typeof integrity !== "string")
    throw new SkeinError("op.invalid", `The registry tells of no archive of ${name}@${version}.`)
  const bytes = await download(url, reaching)
  const [algorithm = "", expected] = integrity.split(/[- ]/)
  const isKnown = algorithm === "sha512" || algorithm === "sha256"
  if (!isKnown || new Bun.CryptoHasher(algorithm).update(bytes).digest("base64") !== expected)
    throw new SkeinError("op.invalid", `The archive of ${name} is not what its registry says that it is.`)
  return bytes
}

function parsed(bytes: Uint8Array, url: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch (cause) {
    throw new SkeinError("op.invalid", `${url} answers with something else than JSON.`, { cause })
  }
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined
}
