import { keys } from "./keys.ts"
import type { Entry, Origin } from "./layers.ts"
import { fits } from "./paths.ts"

/** One line of `config show`. */
export interface Row {
  readonly key: string
  /** As JSON; secrets replaced by stars. */
  readonly value: string
  readonly origin: Origin
}

export function rowsOf(held: ReadonlyMap<string, readonly Entry[]>): readonly Row[] {
  const rows = [...held].flatMap(([key, entries]) =>
    entries.map((entry) => ({ key, value: shown(entry), origin: entry.origin })),
  )
  return rows.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
}

const STARS = "********"

function shown({ path, value }: Entry): string {
  const secrecy = keys().find((key) => key.path.length === path.length && fits(key.path, path))?.secrecy
  if (secrecy === "hidden") return STARS
  const text = JSON.stringify(value)
  return secrecy === "userinfo" ? text.replace(/\/\/[^/?#]*@/, `//${STARS}@`) : text
}
