import { RUNS_LATER } from "@skein/core/ports"

/**
 * What would run the content of a file later, without anybody asking again: a hook of git, a task of an editor, a shell
 * at its start. `path` is relative to the root it lies in, or absolute outside of all roots.
 */
export function runsLater(path: string): string | undefined {
  // Case-insensitive file systems take ".GIT" for ".git", and some leave out invisible characters.
  const parts = path
    .toLowerCase()
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, "")
    .split("/")
  const name =
    parts.find((part) => Object.hasOwn(RUNS_LATER, part)) ?? (parts.some(isBareRepository) ? ".git" : undefined)
  if (name !== undefined) return RUNS_LATER[name]
  return parts.at(-1)?.endsWith(".code-workspace") === true ? "workspace settings of an editor" : undefined
}

const isBareRepository = (part: string, index: number, parts: readonly string[]) =>
  part.endsWith(".git") && ["hooks", "config"].includes(parts[index + 1] ?? "")
