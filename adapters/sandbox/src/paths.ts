import { lstatSync, realpathSync, type Stats } from "node:fs"

/** Undefined when nothing is there, or nothing that this user can reach. */
export function lstat(path: string): Stats | undefined {
  return reach(() => lstatSync(path, { throwIfNoEntry: false }))
}

/** Links resolved; undefined when it leads nowhere that this user can reach. */
export function realpath(path: string): string | undefined {
  // Most of what is asked about is not there, and an exception costs more than a look.
  return lstat(path) === undefined ? undefined : reach(() => realpathSync(path))
}

/** Codes that mean "not there for us"; everything else is a surprise and goes on as one. */
const UNREACHABLE = new Set(["ENOENT", "ENOTDIR", "EACCES", "EPERM", "ELOOP", "ENAMETOOLONG"])

export function reach<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch (error) {
    if (UNREACHABLE.has(String((error as NodeJS.ErrnoException).code))) return undefined
    throw error
  }
}
