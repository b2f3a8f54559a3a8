import { readdirSync } from "node:fs"
import { join } from "node:path"
import { isWithin } from "@skein/protocol"
import { reach } from "./paths.ts"

/** What a command without a /dev of its own may write to. */
export const LANDLOCK_DEVICES = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"] as const

const NAMES_MAX = 10_000

/**
 * Paths that together are all of a folder but `closed`. Landlock only grants, and what it grants to a folder holds for
 * everything below: so a folder with something closed in it is replaced by what else is in it, and cannot be granted
 * itself. Nothing new can be made in such a folder.
 */
export function allBut(folder: string, closed: readonly string[]): readonly string[] {
  const inside = closed.filter((path) => isWithin(path, folder))
  if (inside.length === 0) return [folder]
  if (inside.includes(folder)) return []
  const names = reach(() => readdirSync(folder)) ?? []
  if (names.length > NAMES_MAX) return []
  return names.flatMap((name) => allBut(join(folder, name), inside))
}
