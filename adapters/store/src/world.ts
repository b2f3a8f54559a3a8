import { SkeinError } from "@skein/protocol"

/** The code of a refusal by the operating system, as `ENOENT`; undefined for any other error. */
export function refusal(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined
  return typeof error.code === "string" ? error.code : undefined
}

/** SkeinError `log.unwritable` that names the path, why, and what to do. */
export function unwritable(path: string, cause: unknown): SkeinError {
  const code = refusal(cause)
  const reason = REASONS[code ?? ""] ?? (cause instanceof Error ? cause.message : String(cause))
  const name = code === undefined ? "" : ` (${code})`
  return new SkeinError(
    "log.unwritable",
    `Cannot write ${path}: ${reason}${name}. Nothing more is saved; what was saved before is intact.`,
    { cause },
  )
}

/** SkeinError `session.corrupt` for what is there and cannot be read. */
export function unreadable(path: string, cause: unknown): SkeinError {
  const message = cause instanceof Error ? cause.message : String(cause)
  return new SkeinError("session.corrupt", `Cannot read ${path}: ${message}. Check who may read it.`, { cause })
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full; free some space and resume the session",
  EDQUOT: "your disk quota is used up; free some space and resume the session",
  EROFS: "the file system is read-only; set SKEIN_HOME to a folder that can be written",
  EACCES: "permission is denied; check the owner of the folder, or set SKEIN_HOME to another",
  EPERM: "permission is denied; check the owner of the folder, or set SKEIN_HOME to another",
  EIO: "the disk reports an error; check it before you go on",
  EFBIG: "the file has reached the size limit of this system or process",
  EMFILE: "too many files are open in this process",
  ENFILE: "too many files are open on this machine",
}
