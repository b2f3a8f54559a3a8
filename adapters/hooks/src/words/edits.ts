import { asList, asObject, asText, type Json } from "@skein/protocol/json"

/** What one call does to one file, whatever tool it is by. */
export interface FileEdit {
  readonly kind: "write" | "edit" | "delete"
  /** As the call has it. */
  readonly path: string
  /** The new content, or pairs of old and new text. */
  readonly content?: string | undefined
  readonly changes: readonly { readonly oldText: string; readonly newText: string; readonly replaceAll: boolean }[]
}

/**
 * The files that a call would change, for words that know one file at a time: a guard of another program's `Edit` is to see
 * what a patch of several does. Undefined for a tool that changes none in its input's own words.
 */
export function editsOf(toolName: string, input: unknown): readonly FileEdit[] | undefined {
  const words = asObject(input) ?? {}
  switch (toolName) {
    case "write":
      return [{ kind: "write", path: asText(words.path) ?? "", content: asText(words.content) ?? "", changes: [] }]
    case "edit":
    case "confirm_edit":
      return [{ kind: "edit", path: asText(words.path) ?? "", changes: [changeOf(words)] }]
    case "advanced_edit": {
      const change = changeOf({ oldText: words.pattern, newText: words.rewrite, replaceAll: true })
      return [{ kind: "edit", path: asText(words.path) ?? ".", changes: [change] }]
    }
    case "multiedit":
    case "confirm_multiedit":
      return byFile(words)
    case "apply_patch":
      return patched(asText(words.patch) ?? "")
    default:
      return undefined
  }
}

function changeOf(words: Json): FileEdit["changes"][number] {
  const { oldText, newText, replaceAll } = words
  return { oldText: asText(oldText) ?? "", newText: asText(newText) ?? "", replaceAll: replaceAll === true }
}

function byFile(words: Json): readonly FileEdit[] {
  const files = new Map<string, FileEdit["changes"][number][]>()
  for (const entry of asList(words.edits)) {
    const edit = asObject(entry) ?? {}
    const path = asText(edit.path) ?? asText(words.path) ?? ""
    files.set(path, [...(files.get(path) ?? []), changeOf(edit)])
  }
  return [...files].map(([path, changes]) => ({ kind: "edit", path, changes }))
}

const HEAD = /^(?:\*\*\* (Add|Update|Delete) File: (.+)|\+\+\+ (?:b\/)?([^\t\n]+).*|\*\*\* Move to: (.+))$/

/** Files of a patch in the public format or of a unified diff; each chunk is one change. */
function patched(patch: string): readonly FileEdit[] {
  const files: { kind: FileEdit["kind"]; path: string; chunks: { old: string[]; fresh: string[] }[] }[] = []
  for (const line of patch.split("\n")) {
    const head = HEAD.exec(line)
    if (head !== null) {
      const [, deed, path, ofDiff, moved] = head
      const kind = deed === "Add" || moved !== undefined ? "write" : deed === "Delete" ? "delete" : "edit"
      files.push({ kind, path: (path ?? ofDiff ?? moved ?? "").trim(), chunks: [] })
      continue
    }
    const file = files.at(-1)
    if (file === undefined) continue
    if (line.startsWith("@@") || file.chunks.length === 0) file.chunks.push({ old: [], fresh: [] })
    const chunk = file.chunks.at(-1)
    if (line.startsWith("@@") || line.startsWith("***")) continue
    if (!line.startsWith("+")) chunk?.old.push(line.slice(1))
    if (!line.startsWith("-")) chunk?.fresh.push(line.slice(1))
  }
  return files.map(({ kind, path, chunks }) => ({
    ...{ kind, path },
    ...(kind === "write" ? { content: chunks.flatMap(({ fresh }) => fresh).join("\n") } : {}),
    changes:
      kind === "write"
        ? []
        : chunks.map(({ old, fresh }) => ({ oldText: old.join("\n"), newText: fresh.join("\n"), replaceAll: false })),
  }))
}

/** Those edits as one patch in the public format. */
export function patchOf(edits: readonly FileEdit[]): string {
  const signed = (sign: string, text: string) => text.split("\n").map((line) => `${sign}${line}`)
  const lines = edits.flatMap(({ kind, path, content, changes }) => {
    if (kind === "delete") return [`*** Delete File: ${path}`]
    if (kind === "write") return [`*** Add File: ${path}`, ...signed("+", content ?? "")]
    const chunks = changes.flatMap(({ oldText, newText }) => ["@@", ...signed("-", oldText), ...signed("+", newText)])
    return [`*** Update File: ${path}`, ...chunks]
  })
  return ["*** Begin Patch", ...lines, "*** End Patch"].join("\n")
}
