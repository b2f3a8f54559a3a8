import { ToolFailure } from "@skein/core/ports"

/** What the operating system said, as a text for the model: what was tried, on which path, why not. */
export function fileFailure(tried: string, path: string, cause: unknown): ToolFailure {
  if (cause instanceof ToolFailure) return cause
  const code = errnoOf(cause)
  if (code === undefined) throw cause
  return new ToolFailure(`Cannot ${tried} ${path}: ${REASONS[code] ?? `the system answered ${code}`}.`, { cause })
}

/** `ENOENT` …, when the error is the system's. */
export function errnoOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined
  return typeof code === "string" && /^E[A-Z0-9]+$/.test(code) ? code : undefined
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "nothing is there",
  ENOTDIR: "a part of the path is a file, not a folder",
  EISDIR: "it is a folder",
  EACCES: "permission denied",
  EPERM: "the system does not permit it",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left on the device",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file would be larger than the system allows",
  ELOOP: "a link in the path leads to another link or in a circle",
  ENAMETOOLONG: "the name is too long",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  EIO: "the device reported an input/output error",
  ETXTBSY: "the program is running",
  EEXIST: "something is already there",
  ENXIO: "it is a device or pipe without another end",
  EINVAL: "the file system does not allow that name or operation",
}
