import { lstatSync, readdirSync, readFileSync } from "node:fs"
import { join, relative } from "node:path"
import type { PluginParts } from "@skein/core/ports"

/** One extension of an enabled plugin. */
export interface Found {
  /** The plugin's name as tools are called by it: small letters, digits, `_`. */
  readonly group: string
  readonly plugin: string
  /** `The extension github`, for sentences. */
  readonly title: string
  /** The plugin's folder; absolute, as is the module's file in it. */
  readonly root: string
  readonly file: string
  readonly dataFolder: string
  readonly network: readonly string[]
  readonly canWriteWorkspace: boolean
  /** Of every file of its plugin and of what it may reach: another one is another extension. */
  readonly sha256: string
}

/** Hashes of plugins' folders are kept while no file in them looks changed. */
export class Finder {
  readonly #hashes = new Map<string, { readonly print: string; readonly sha256: string }>()

  found(plugins: readonly PluginParts[]): readonly Found[] {
    return plugins.flatMap(({ name, root, dataFolder, extensions }) =>
      extensions.map(({ file, network, canWriteWorkspace }) => ({
        ...{ group: groupOf(name), plugin: name, root, file, dataFolder, network, canWriteWorkspace },
        title: extensions.length === 1 ? `The extension ${name}` : `The extension ${name} (${relative(root, file)})`,
        sha256: sha256(JSON.stringify([this.#hashOf(root), relative(root, file), network, canWriteWorkspace])),
      })),
    )
  }

  #hashOf(root: string): string {
    const files = filesBelow(root)
    const print = files.map(({ path, bytes, changedMs }) => `${path}\0${bytes}\0${changedMs}`).join("\n")
    const before = this.#hashes.get(root)
    if (before?.print === print) return before.sha256
    const hash = new Bun.CryptoHasher("sha256")
    for (const { path, bytes } of files) hash.update(`${relative(root, path)}\0${bytes}\0`).update(readFileSync(path))
    const made = { print, sha256: hash.digest("hex") }
    this.#hashes.set(root, made)
    return made.sha256
  }
}

export function sha256(text: string): string {
  return new Bun.CryptoHasher("sha256").update(text).digest("hex")
}

export function groupOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .slice(0, GROUP_CHARS_MAX)
}

/** Leaves room for the longest name of a tool. */
const GROUP_CHARS_MAX = 16
const FILES_MAX = 5_000
const FILE_BYTES_MAX = 16_000_000

interface OneFile {
  readonly path: string
  readonly bytes: number
  readonly changedMs: number
}

/** Regular files, sorted; links lead nowhere, and what git keeps for itself is no part of a plugin. */
function filesBelow(folder: string, files: OneFile[] = []): readonly OneFile[] {
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && entry.name !== ".git") filesBelow(path, files)
    if (!entry.isFile() || files.length >= FILES_MAX) continue
    const { size, mtimeMs } = lstatSync(path)
    if (size <= FILE_BYTES_MAX) files.push({ path, bytes: size, changedMs: mtimeMs })
  }
  return files
}
