/** One thing of a folder that could make something run, or send something elsewhere, once a program goes by it. */
export interface Item {
  readonly kind: ItemKind
  /** The path in the folder, and behind `#` the place in that file. */
  readonly name: string
  /** Of exactly what would be gone by. */
  readonly sha256: string
  /** What it would do, in one sentence. Words of the folder are in it: it is shown with what hides in it made visible. */
  readonly does: string
  /** False: no hash can hold it, because it lies elsewhere or is too large. It never counts as trusted. */
  readonly isBound: boolean
}

export const ITEM_KINDS = [
  "agent",
  "command",
  "container",
  "editor",
  "env",
  "git",
  "hook",
  "mcp",
  "package",
  "permission",
  "plugin",
  "provider",
  "repository",
  "rule",
  "script",
  "setting",
  "skill",
  "task",
  "unread",
] as const
export type ItemKind = (typeof ITEM_KINDS)[number]

export function hashOf(bytes: string | Uint8Array): string {
  return new Bun.CryptoHasher("sha256").update(bytes).digest("hex")
}

export function bound(kind: ItemKind, name: string, content: string | Uint8Array, does: string): Item {
  return { kind, name, sha256: hashOf(content), does, isBound: true }
}

/** Something that may not be gone by, because nobody knows what it is going to be. */
export function unbound(name: string, why: string): Item {
  return { kind: "unread", name, sha256: hashOf(why), does: why, isBound: false }
}

const WORDS_MAX = 160

/** Words of a file as part of a sentence: on one line, with its size when it is long. */
export function quoted(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim()
  return line.length <= WORDS_MAX
    ? `\`${line}\``
    : `\`${line.slice(0, WORDS_MAX - 40)} … ${line.slice(-40)}\` (${line.length} characters)`
}
