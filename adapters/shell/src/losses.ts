import { lstat, readdir } from "node:fs/promises"
import { join } from "node:path"
import type { SimpleCommand } from "@skein/core/ports"

/** Of larger files no content is kept for an undo, as the checkpoints' bounds say. */
const FILE_BYTES_MAX = 10_000_000
/** A folder with more in it is not looked through. */
const ENTRIES_MAX = 20_000
/** Undo does not watch these when they are large, but what lies there may be somebody's own. */
const SOURCES = new Set(["deps", "third_party", "vendor"])
const SOURCES_MAX = { entries: 1_000, bytes: 32_000_000 }
/** What a build, a test or a package manager makes again: nobody is asked for its sake. */
const OUTPUTS = new Set(
  "node_modules __pycache__ .venv venv .cache .next .nuxt .turbo .output .build _build build coverage dist obj out target .gradle .tox .git".split(
    " ",
  ),
)

/** Marks removals of which undo could not give back all: what is kept is bounded. */
export async function withLosses(commands: readonly SimpleCommand[]): Promise<readonly SimpleCommand[]> {
  return await Promise.all(
    commands.map(async (command) => {
      if (!command.risks.includes("destroy")) return command
      for (const path of command.writes) if (await isBeyond(path)) return { ...command, isBeyondUndo: true }
      return command
    }),
  )
}

interface Sum {
  entries: number
  bytes: number
}

async function isBeyond(path: string): Promise<boolean> {
  const parts = path.split("/")
  if (!path.startsWith("/") || parts.some((part) => OUTPUTS.has(part))) return false
  const sum = { entries: 0, bytes: 0 }
  if (await holdsMore(path, sum)) return true
  return parts.some((part) => SOURCES.has(part)) && isLarge(sum)
}

const isLarge = ({ entries, bytes }: Sum) => entries > SOURCES_MAX.entries || bytes > SOURCES_MAX.bytes

async function holdsMore(path: string, sum: Sum): Promise<boolean> {
  // What is not there, or not to be looked at, is not removed either.
  const found = await lstat(path).catch(() => undefined)
  if (found === undefined) return false
  sum.entries += 1
  sum.bytes += found.isFile() ? found.size : 0
  if (sum.entries > ENTRIES_MAX || (found.isFile() && found.size > FILE_BYTES_MAX)) return true
  if (!found.isDirectory()) return false
  const from = { ...sum }
  for (const name of await readdir(path).catch(() => [])) {
    if (!OUTPUTS.has(name) && (await holdsMore(join(path, name), sum))) return true
  }
  const inside = { entries: sum.entries - from.entries, bytes: sum.bytes - from.bytes }
  return SOURCES.has(path.slice(path.lastIndexOf("/") + 1)) && isLarge(inside)
}
