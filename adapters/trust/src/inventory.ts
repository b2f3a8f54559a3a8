import type { Dirent } from "node:fs"
import { dirname, isAbsolute, join, relative, sep } from "node:path"
import { bound, type Item, unbound } from "./item.ts"
import { type Form, formOf, KEPT_FOLDERS, PROGRAM_FOLDERS, starting } from "./kinds/forms.ts"
import { gitItems, isBare } from "./kinds/git-folder.ts"
import type { Named } from "./kinds/mentioned.ts"
import { folded } from "./read/folded.ts"
import { BOUNDS, type Bounds, Look } from "./read/look.ts"

/** Folders of dependencies and builds: what is in them was put there by what is listed. */
const NOT_ENTERED: ReadonlySet<string> = new Set([
  ...[
    "node_modules",
    "bower_components",
    ".git",
    ".venv",
    "venv",
    "site-packages",
    "__pycache__",
    ".tox",
    ".hg",
    ".svn",
  ],
])

/**
 * Everything in a folder that could make something run, or send something elsewhere, for a program that works in it. Only
 * reads: nothing outside of the folder, nothing that waits, nothing beyond the bounds, and it says where those were
 * reached. The folders on the way to `cwd` come first. A repository inside is one line: it is trusted by itself or not.
 */
export async function inventory(root: string, cwd: string = root, bounds: Bounds = BOUNDS): Promise<readonly Item[]> {
  const walk = new Walk(new Look(root, bounds))
  await walk.all(foldersBetween(root, cwd))
  walk.mentioned()
  return walk.items
}

const NAMER = { hook: "a hook", mcp: "a server" } as const

class Walk {
  readonly items: Item[] = []
  readonly #look: Look
  readonly #mentions: Mention[] = []
  #files = 0
  #programFolders = 0

  constructor(look: Look) {
    this.#look = look
  }

  async all(first: readonly string[]): Promise<void> {
    const { root, bounds } = this.#look
    const seen = new Set<string>()
    const waiting = first.map((path) => ({ path, depth: 0 }))
    while (waiting.length > 0) {
      const { path, depth } = waiting.shift() ?? { path: root, depth: 0 }
      if (seen.has(path)) continue
      if (seen.size >= bounds.foldersMax)
        return this.#tooMany(".", `More than ${bounds.foldersMax} folders were not looked into.`)
      seen.add(path)
      // Others get their turn: this may be a large folder, and a person may be typing.
      if (seen.size % FOLDERS_AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve))
      for (const entry of this.#folder(path, path === root)) {
        if (depth < bounds.depthMax) waiting.push({ path: join(path, entry.name), depth: depth + 1 })
      }
    }
  }

  /** Files that hooks and servers name: what they say is run as if it stood in the settings themselves. */
  mentioned(): void {
    const known = new Set(this.items.map(({ name }) => name))
    for (const { word, kind, by, folder } of this.#mentions) {
      const { root } = this.#look
      // What looks absolute may be the rest of a variable that was cut off.
      const places = [folder, join(root, dirname(by)), root].map((at) => join(at, word))
      if (isAbsolute(word)) places.push(word)
      for (const path of places) {
        const real = this.#look.inside(path)
        const name = this.#nameOf(path)
        if (real === undefined || known.has(name) || !isAbove(root, path) || !this.#look.isFile(real)) continue
        known.add(name)
        const content = this.#look.content(real)
        if (content?.kind === "strange") this.items.push(unbound(name, content.why))
        if (content?.kind !== "content") continue
        const size = `${content.bytes.length} bytes${starting(content.bytes)}`
        this.items.push(
          bound(kind, name, content.bytes, `Is named by ${NAMER[kind]} of ${by}, which runs it (${size}).`),
        )
      }
    }
  }

  /** The folders in it that are still to be entered. */
  #folder(path: string, isRoot: boolean): Dirent[] {
    const entries = this.#look.entries(path)
    const names = entries.map(({ name }) => folded(name))
    if (!isRoot && (names.includes(".git") || isBare(names))) {
      this.#repository(path)
      return []
    }
    if (isRoot) this.items.push(...gitItems(this.#look, path, this.#nameOf))
    for (const entry of entries) this.#entry(path, entry)
    return entries.filter(
      (entry) =>
        entry.isDirectory() && !NOT_ENTERED.has(folded(entry.name)) && !PROGRAM_FOLDERS.has(folded(entry.name)),
    )
  }

  #entry(folder: string, entry: Dirent): void {
    const path = join(folder, entry.name)
    const name = folded(entry.name)
    const isProgramFolder = PROGRAM_FOLDERS.has(name)
    if (entry.isDirectory()) {
      if (isProgramFolder) this.#programFolder(path, name, 0)
      return
    }
    if (isProgramFolder && entry.isSymbolicLink()) return this.#linked(path, name)
    const form = formOf(name)
    if (form !== undefined) this.#file(path, name, form)
  }

  #linked(path: string, name: string): void {
    const real = this.#look.inside(path)
    if (real === undefined) this.items.push(unbound(this.#nameOf(path), OUT))
    else if (this.#look.isFolder(real)) this.#programFolder(path, name, 0)
  }

  /** `place` is the folded path from the folder that holds it. */
  #programFolder(path: string, place: string, depth: number): void {
    const { depthMax, foldersMax } = this.#look.bounds
    if (depth > depthMax) return this.#tooMany(this.#nameOf(path), "It lies deeper than is looked.")
    // Links may lead around in circles.
    this.#programFolders += 1
    if (this.#programFolders > foldersMax) {
      if (this.#programFolders === foldersMax + 1)
        this.#tooMany(this.#nameOf(path), "This and further folders were not looked into.")
      return
    }
    for (const entry of this.#look.entries(path)) {
      const inner = join(path, entry.name)
      const name = `${place}/${folded(entry.name)}`
      const real = entry.isSymbolicLink() ? this.#look.inside(inner) : inner
      if (real === undefined) {
        this.items.push(unbound(this.#nameOf(inner), OUT))
      } else if (this.#look.isFolder(real)) {
        if (!KEPT_FOLDERS.has(folded(entry.name))) this.#programFolder(inner, name, depth + 1)
      } else {
        const form = formOf(name)
        if (form !== undefined) this.#file(inner, name, form)
      }
    }
  }

  #file(path: string, foldedName: string, form: Form): void {
    const name = this.#nameOf(path)
    this.#files += 1
    if (this.#files > this.#look.bounds.filesMax) {
      if (this.#files === this.#look.bounds.filesMax + 1)
        this.#tooMany(name, "This and further files were not looked at: there are too many.")
      return
    }
    const real = this.#look.inside(path)
    if (real === undefined) {
      this.items.push(unbound(name, OUT))
      return
    }
    const content = this.#look.content(real)
    if (content?.kind === "strange") this.items.push(unbound(name, content.why))
    if (content?.kind !== "content") return
    const { bytes, isExecutable } = content
    const found = { name, folded: foldedName, bytes, isExecutable }
    this.items.push(...form.items(found))
    const folder = dirname(dirname(path))
    this.#mentions.push(...(form.mentions?.(found) ?? []).map((named) => ({ ...named, by: name, folder })))
  }

  /** Trusting a folder trusts no repository in it; that it could make git run something is said. */
  #repository(path: string): void {
    const name = this.#nameOf(path)
    const own = gitItems(this.#look, path, this.#nameOf)
    if (own.length === 0) return
    const all = own.map((item) => `${item.kind} ${item.name} ${item.sha256} ${item.isBound}`).join("\n")
    this.items.push(
      bound(
        "repository",
        name,
        all,
        `Is a repository of its own, with ${own.length} of what git would run; it is asked about when skein works there.`,
      ),
    )
  }

  #tooMany(name: string, why: string): void {
    this.items.push(unbound(name, why))
  }

  readonly #nameOf = (path: string): string => {
    const name = relative(this.#look.root, path)
    return name === "" ? "." : name
  }
}

interface Mention extends Named {
  /** The file that names it. */
  readonly by: string
  /** From which it is likely to be meant. */
  readonly folder: string
}

function isAbove(root: string, path: string): boolean {
  return path !== root && path.startsWith(`${root}${sep}`)
}

const FOLDERS_AT_ONCE = 50
const OUT = "It is a link out of the folder, so nobody knows what it is going to be."

/** All folders from one down to another in it, both included. */
function foldersBetween(outer: string, inner: string): string[] {
  const names = relative(outer, inner)
    .split(sep)
    .filter((name) => name !== "")
  return [outer, ...names.map((_, at) => join(outer, ...names.slice(0, at + 1)))]
}
