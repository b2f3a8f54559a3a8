import { existsSync, realpathSync } from "node:fs"
import { relative } from "node:path"
import { isWithin } from "@skein/protocol"

/** A folder as sessions remember theirs, links resolved. One that is not there stays as it is named. */
export function realFolder(path: string): string {
  return existsSync(path) ? realpathSync(path) : path
}

/**
 * A path as the client knows it: it names its folders by links where it likes, and has its files open under those names, while
 * sessions know folders by their real paths.
 */
export function clientPaths(folders: readonly string[]): (path: string) => string {
  const linked = folders
    .map((named) => ({ named, real: realFolder(named) }))
    .filter(({ named, real }) => named !== real)
  return (path) => {
    const found = linked.find(({ real }) => isWithin(path, real))
    if (found === undefined) return path
    const rest = relative(found.real, path)
    return rest === "" ? found.named : `${found.named.replace(/\/$/, "")}/${rest}`
  }
}
