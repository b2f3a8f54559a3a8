import { SkeinError } from "@skein/protocol"

/** The code of a refusal by the operating system, as `ENOENT`; undefined for any other error. */
export function refusal(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined
  return typeof error.code === "string" ? error.code : undefined
}

/** SkeinError `audit.unwritable` that names the path, why, and what to do. */
export function unwritable(path: string, cause: unknown): SkeinError {
  if (cause instanceof SkeinError) return cause
  return new SkeinError(
    "audit.unwritable",
    `Cannot record the action in ${path}: ${reasonOf(cause)}. What cannot be recorded is not done; audit.file in your ` +
      "settings names another place, audit.enabled = false does without the record.",
    { cause },
  )
}

/** What it gives, or SkeinError that names the path and why, where the operating system refuses; a defect stays one. */
export function readable<T>(path: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (refusal(cause) === undefined) throw cause
    const text = `Cannot read the record of actions in ${path}: ${reasonOf(cause)}. Put back what belongs there, or move it away.`
    throw new SkeinError("audit.unwritable", text, { cause })
  }
}

function reasonOf(cause: unknown): string {
  const code = refusal(cause)
  const reason = REASONS[code ?? ""] ?? (cause instanceof Error ? cause.message : String(cause))
  return code === undefined ? reason : `${reason} (${code})`
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full; free some space",
  EDQUOT: "your disk quota is used up; free some space",
  EROFS: "the file system is read-only",
  EACCES: "permission is denied; check the owner of the folder",
  EPERM: "permission is denied; check the owner of the folder",
  EIO: "the disk reports an error; check it before you go on",
  EFBIG: "the file has reached the size limit of this system or process",
  EMFILE: "too many files are open in this process",
  ENFILE: "too many files are open on this machine",
  ELOOP: "it is a link, and no record is written through one",
  EISDIR: "it is a folder",
  EFTYPE: "it is no regular file",
  ENOTDIR: "a part of the path is no folder",
}
