import type { Language } from "@skein/grammars"

/** How a language names what it imports: as places in the tree, best guess first. Extensions are tried behind each. */
export interface ImportRow {
  /** Behind a place, in this order: `.ts`, `/index.ts`. */
  readonly endings: readonly string[]
  readonly places: (text: string, from: string) => readonly Place[]
}

/** From the root on, or the end of a path anywhere in the tree. */
export type Place = { readonly path: string } | { readonly end: string } | { readonly folderEnd: string }

const SCRIPT_ENDINGS = [
  ".ts",
  ".tsx",
  ".mts",
  ".cts",
  ".js",
  ".jsx",
  ".mjs",
  ".cjs",
  "/index.ts",
  "/index.tsx",
  "/index.js",
]

const script: ImportRow = {
  endings: ["", ...SCRIPT_ENDINGS],
  places(text, from) {
    if (/^[@~]\//.test(text)) return [{ end: text.slice(2) }]
    if (!text.startsWith(".")) return []
    const path = joined(folderOf(from), text)
    // Sources name what they will be compiled to.
    return [{ path }, { path: path.replace(/\.([mc]?)js(x?)$/, ".$1ts$2") }, { path: path.replace(/\.[mc]?jsx?$/, "") }]
  },
}

/** By its folder first, then wherever a path ends so. */
const included: ImportRow = {
  endings: [""],
  places: (text, from) => [{ path: joined(folderOf(from), text) }, { path: text }, { end: text }],
}

/** A language that is not here has no imports that lead to files. */
export const IMPORT_ROWS: Partial<Readonly<Record<Language, ImportRow>>> = {
  bash: included,
  c: included,
  cpp: included,
  go: {
    endings: [""],
    places: (text) => (text.includes("/") ? [{ folderEnd: text.split("/").slice(-2).join("/") }] : []),
  },
  java: { endings: [".java"], places: (text) => [{ end: text.replaceAll(".", "/") }] },
  javascript: script,
  php: {
    endings: ["", ".php"],
    places(text, from) {
      if (text.endsWith(".php")) return included.places(text, from)
      const parts = text.split("\\")
      return parts.length < 2
        ? []
        : [{ end: parts.join("/") }, { end: parts.slice(1).join("/") }, { end: parts.slice(-2).join("/") }]
    },
  },
  python: {
    endings: [".py", "/__init__.py", ".pyi"],
    places(text, from) {
      const dots = /^\.*/.exec(text)?.[0].length ?? 0
      const inner = text.slice(dots).replaceAll(".", "/")
      if (dots > 0) return [{ path: joined(folderOf(from), `${"../".repeat(dots - 1)}${inner}`) }]
      return [
        { path: inner },
        { path: joined(folderOf(from), inner) },
        ...(inner.includes("/") ? [{ end: inner }] : []),
      ]
    },
  },
  ruby: {
    endings: ["", ".rb"],
    places: (text, from) => [
      { path: joined(folderOf(from), text) },
      { path: `lib/${text}` },
      ...(text.includes("/") ? [{ end: text }] : []),
    ],
  },
  rust: {
    endings: [".rs", "/mod.rs"],
    places(text, from) {
      const parts = text
        .replace(/::?\{[\s\S]*|::\*|\s+as\s.*/g, "")
        .split("::")
        .filter((part) => part !== "")
      const inner = parts.filter((part) => !["crate", "self", "super"].includes(part))
      if (parts.length === 1)
        return [{ path: joined(folderOf(from), inner[0] ?? "") }, { path: `${from.replace(/\.rs$/, "")}/${inner[0]}` }]
      if (parts.length === inner.length) return []
      // The last parts may be names within the file.
      return inner.map((_, at) => ({ end: `src/${inner.slice(0, inner.length - at).join("/")}` }))
    },
  },
  tsx: script,
  typescript: script,
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")))
}

/** `a/b` and `../c` are `a/c`. Empty for what lies outside of the tree. */
export function joined(folder: string, path: string): string {
  const parts = folder === "" ? [] : folder.split("/")
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue
    if (part !== "..") parts.push(part)
    else if (parts.pop() === undefined) return ""
  }
  return parts.join("/")
}
