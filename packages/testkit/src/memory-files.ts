import { dirname, join } from "node:path"
import { type FileEntry, type FileStat, type FilesPort, ToolFailure } from "@skein/core/ports"

/** Files in memory, by absolute path. Folders come into being with what is in them. */
export interface MemoryFiles extends FilesPort {
  /** Puts a file there, whatever was there before, as another program would. */
  put(path: string, content: string | Uint8Array): void
  link(path: string, target: string): void
  /** A device, FIFO or socket. */
  special(path: string): void
  remove(path: string): void
}

type Node =
  | { readonly kind: "file"; readonly bytes: Uint8Array; readonly mode: number }
  | { readonly kind: "link"; readonly target: string }
  | { readonly kind: "directory" | "other" }

export function memoryFiles(seed: Readonly<Record<string, string | Uint8Array>> = {}): MemoryFiles {
  const nodes = new Map<string, Node>([["/", { kind: "directory" }]])
  for (const [path, content] of Object.entries(seed)) put(path, content)

  function makeFolders(path: string): void {
    if (nodes.get(path)?.kind === "directory") return
    if (nodes.has(path)) throw new ToolFailure(`Cannot write below ${path}: it is not a folder.`)
    makeFolders(dirname(path))
    nodes.set(path, { kind: "directory" })
  }
  function put(path: string, content: string | Uint8Array): void {
    makeFolders(dirname(path))
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content.slice()
    nodes.set(path, { kind: "file", bytes, mode: modeAt(path) })
  }
  function modeAt(path: string): number {
    const node = nodes.get(path)
    return node?.kind === "file" ? node.mode : 0o644
  }
  function resolved(path: string): string {
    if (path.includes("\0")) throw new ToolFailure("A path cannot hold a NUL character.")
    if (!path.startsWith("/")) throw new TypeError(`Not an absolute path: ${path}`)
    const rest = path.split("/").toReversed()
    let at = "/"
    for (let links = 0; rest.length > 0; ) {
      const part = rest.pop() ?? ""
      const node = nodes.get(join(at, part))
      if (part === "" || part === "..") at = part === "" ? at : dirname(at)
      else if (node?.kind !== "link") at = join(at, part)
      else {
        links += 1
        if (links > 40) throw new ToolFailure(`Cannot resolve ${path}: its links lead in a circle.`)
        if (node.target.startsWith("/")) at = "/"
        rest.push(...node.target.split("/").toReversed())
      }
    }
    return at
  }
  function fileAt(path: string): Uint8Array {
    const node = nodes.get(plain(path))
    if (node === undefined) throw new ToolFailure(`Cannot read ${path}: nothing is there.`)
    if (node.kind !== "file") throw new ToolFailure(`Cannot read ${path}: it is a ${node.kind}, not a file.`)
    return node.bytes
  }
  /** As it is: a path that holds a link is refused. */
  function plain(path: string): string {
    if (nodes.get(path)?.kind === "link" || resolved(path) !== join(path)) {
      throw new ToolFailure(`${path} leads to ${resolved(path)}: a part of it is a link.`)
    }
    return path
  }

  return {
    put,
    link(path, target) {
      makeFolders(dirname(path))
      nodes.set(path, { kind: "link", target })
    },
    special(path) {
      makeFolders(dirname(path))
      nodes.set(path, { kind: "other" })
    },
    remove(path) {
      for (const key of nodes.keys()) if (key === path || key.startsWith(`${path}/`)) nodes.delete(key)
    },
    resolve: async (path) => resolved(path),
    async stat(path): Promise<FileStat | undefined> {
      const node = nodes.get(join(resolved(dirname(path)), path.slice(path.lastIndexOf("/") + 1)))
      if (node === undefined) return undefined
      const isFile = node.kind === "file"
      return { kind: node.kind, bytes: isFile ? node.bytes.length : 0, mode: isFile ? node.mode : 0o755, modifiedMs: 0 }
    },
    async read(path, { bytesMax }) {
      const bytes = fileAt(path)
      if (bytes.length <= bytesMax) return { bytes, sha256: sha256Of(bytes) }
      throw new ToolFailure(`${path} has ${bytes.length} bytes; at most ${bytesMax} can be read at once.`)
    },
    readPart: async (path, { offset, bytesMax }) => fileAt(path).slice(offset, offset + bytesMax),
    async list(path): Promise<readonly FileEntry[]> {
      const folder = plain(path)
      const found = nodes.get(folder)
      if (found?.kind !== "directory") throw new ToolFailure(`Cannot list ${path}: it is not a folder.`)
      return [...nodes]
        .filter(([key]) => key !== "/" && dirname(key) === folder)
        .map(([key, node]) => ({ name: key.slice(key.lastIndexOf("/") + 1), kind: node.kind }))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
    },
    async replace(path, bytes, expected, made = {}) {
      const before = nodes.get(plain(path))
      if (before !== undefined && before.kind !== "file")
        throw new ToolFailure(`Cannot write ${path}: it is not a file.`)
      const now = before === undefined ? null : sha256Of(before.bytes)
      if (now !== expected) throw new ToolFailure(`${path} changed underneath. Nothing was written; read it again.`)
      const { like, mode = like === undefined ? undefined : modeAt(like) } = made
      put(path, bytes)
      if (before === undefined && mode !== undefined) nodes.set(path, { kind: "file", bytes: bytes.slice(), mode })
      return { bytes, sha256: sha256Of(bytes) }
    },
    async delete(path, expected) {
      const node = nodes.get(plain(path))
      if (node !== undefined && node.kind !== "file") throw new ToolFailure(`Cannot delete ${path}: it is not a file.`)
      if (node === undefined || sha256Of(node.bytes) !== expected)
        throw new ToolFailure(`${path} changed underneath. Nothing was written; read it again.`)
      nodes.delete(path)
    },
  }
}

const sha256Of = (bytes: Uint8Array): string => Bun.CryptoHasher.hash("sha256", bytes, "hex")
