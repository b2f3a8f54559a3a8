import { existsSync, realpathSync } from "node:fs"

/** A folder as sessions remember theirs, links resolved. One that is not there stays as it is named. */
export function realFolder(path: string): string {
  return existsSync(path) ? realpathSync(path) : path
}
