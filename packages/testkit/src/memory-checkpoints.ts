import type { CheckpointsPort, OnConflict, Restored, RestoreStep } from "@skein/core/ports"
import { type FileAction, type FileVersion, type PathChange, SkeinError } from "@skein/protocol"

/** A workspace in memory and its checkpoints: paths with what stands there, and bytes by their hash. */
export interface MemoryCheckpoints extends CheckpointsPort {
  /** Puts a text file there, a link or a folder with `version`, or nothing with null: as a call would, or a person. */
  put(path: string, content: string | FileVersion | null): void
  /** The text of a file, `-> target` of a link, `/` of a folder; undefined when nothing is there. */
  at(path: string): string | undefined
  /** Said by every watch, as what it could not watch. */
  notCovered: readonly string[]
}

/** CheckpointsPort over a map: what the engine asks of one, without a file system. Does not merge. */
export function memoryCheckpoints(seed: Readonly<Record<string, string>> = {}): MemoryCheckpoints {
  const standing = new Map<string, FileVersion>()
  const texts = new Map<string, string>()

  function put(path: string, content: string | FileVersion | null): void {
    if (content === null) standing.delete(path)
    else standing.set(path, typeof content === "string" ? fileOf(content) : content)
  }
  function fileOf(text: string): FileVersion {
    const bytes = new TextEncoder().encode(text)
    const sha256 = Bun.CryptoHasher.hash("sha256", bytes, "hex")
    texts.set(sha256, text)
    return { kind: "file", sha256, bytes: bytes.length, mode: 0o644, isKept: true }
  }
  function actionOf({ path, expected, target, isInterrupted }: RestoreStep): FileAction {
    const now = standing.get(path) ?? null
    if (isSame(now, target)) return { path, action: "none" }
    const action = target === null ? "delete" : now === null ? "create" : "restore"
    return isSame(now, expected) && isInterrupted !== true
      ? { path, action }
      : { path, action, conflict: "it was changed since" }
  }
  function restore(steps: readonly RestoreStep[], onConflict: OnConflict): Restored {
    const changes: PathChange[] = []
    const conflicts: { path: string; reason: string }[] = []
    for (const step of steps) {
      const { path, target } = step
      const { action, conflict } = actionOf(step)
      if (action === "none") continue
      if (conflict !== undefined && onConflict !== "overwrite") conflicts.push({ path, reason: conflict })
      else changes.push({ path, before: standing.get(path) ?? null, after: target })
    }
    if (onConflict === "refuse" && conflicts.length > 0) {
      const paths = conflicts.map(({ path }) => path).join(", ")
      throw new SkeinError("checkpoint.conflict", `Cannot restore, and nothing was touched: ${paths} changed since.`)
    }
    for (const { path, after } of changes) put(path, after)
    return { changes, conflicts }
  }

  for (const [path, text] of Object.entries(seed)) put(path, text)
  const port: MemoryCheckpoints = {
    notCovered: [],
    put,
    at(path) {
      const version = standing.get(path)
      if (version?.kind === "file") return texts.get(version.sha256)
      return version?.kind === "link" ? `-> ${version.target}` : version && "/"
    },
    async watch({ roots, paths, signal }) {
      signal.throwIfAborted()
      const isWatched = (path: string) =>
        paths === undefined ? roots.some((root) => path.startsWith(root)) : paths.includes(path)
      const before = new Map(standing)
      return {
        settle: async () => {
          const all = [...new Set([...before.keys(), ...standing.keys()])].filter(isWatched).sort()
          const changes = all.map((path) => ({
            path,
            before: before.get(path) ?? null,
            after: standing.get(path) ?? null,
          }))
          return { changes: changes.filter((each) => !isSame(each.before, each.after)), notCovered: port.notCovered }
        },
      }
    },
    preview: async (steps) => steps.map(actionOf),
    async revertHunk({ path, sha256, hunk: { line, oldText, newText }, isNew }) {
      const before = standing.get(path)
      const text = before?.kind === "file" && before.sha256 === sha256 ? texts.get(sha256) : undefined
      const lines = (text ?? "").split(/(?<=\n)/)
      const [head, tail] = [lines.slice(0, line - 1).join(""), lines.slice(line - 1).join("")]
      if (text === undefined || !tail.startsWith(newText)) {
        throw new SkeinError("checkpoint.conflict", `Cannot take that back: ${path} changed since.`)
      }
      const left = `${head}${oldText}${tail.slice(newText.length)}`
      put(path, isNew === true && left === "" ? null : left)
      return { path, before: before ?? null, after: standing.get(path) ?? null }
    },
    restore: async (steps, onConflict) => restore(steps, onConflict),
    diff: async (steps) =>
      steps
        .filter(({ path, target }) => !isSame(standing.get(path) ?? null, target))
        .map(({ path, target }) => ({
          path,
          diff: `-${target?.kind === "file" ? texts.get(target.sha256) : ""}\n+${port.at(path) ?? ""}\n`,
        })),
  }
  return port
}

/** Watches nothing and has nothing to put back: for tests that are about something else. */
export function noCheckpoints(): CheckpointsPort {
  return {
    watch: async () => ({ settle: async () => ({ changes: [], notCovered: [] }) }),
    preview: async () => [],
    restore: async () => ({ changes: [], conflicts: [] }),
    diff: async () => [],
    revertHunk: () => Promise.reject(new SkeinError("checkpoint.not_found", "Nothing is kept here.")),
  }
}

function isSame(a: FileVersion | null, b: FileVersion | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
