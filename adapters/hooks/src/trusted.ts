import { realpathSync } from "node:fs"
import { relative } from "node:path"
import type { HookRow } from "./row.ts"

/** What of a folder is trusted, as far as this is about it. */
export interface TrustFacts {
  /** Real path of what is trusted as a whole. */
  readonly folder: string
  readonly isByPerson: boolean
  readonly items: readonly TrustItem[]
  readonly changed: readonly TrustItem[]
}

interface TrustItem {
  readonly name: string
  readonly sha256: string
}

/** What is done with a hook, and why where it is not run. */
export interface Verdict {
  readonly row: HookRow
  readonly kind: "runs" | "untrusted" | "blocked"
  readonly why: string
}

export const NO_TRUST: TrustFacts = { folder: "", isByPerson: false, items: [], changed: [] }

/**
 * A person's own hooks are theirs, and those of a plugin they enabled. One of a project runs where the person trusts the
 * folder as it is, and this very hook, by its hash, is among what they looked at.
 */
export function trustOf(row: HookRow, facts: TrustFacts, isTrusting: boolean): Verdict {
  const { handler, source } = row
  if (handler.kind === "unsupported") return { row, kind: "blocked", why: handler.why }
  if (source.owner !== "project") return { row, kind: "runs", why: "" }
  if (handler.kind === "http")
    return { row, kind: "blocked", why: "A project's hooks have no network: put it into a file of your own." }
  if (isTrusting) return { row, kind: "runs", why: "" }
  if (!facts.isByPerson) return { row, kind: "untrusted", why: "nobody trusts the folder as it is" }
  return isListed(row, facts)
    ? { row, kind: "runs", why: "" }
    : { row, kind: "untrusted", why: "it is not what was trusted, byte for byte" }
}

/** By itself, or with its whole file where that could not be taken apart without doubt. */
function isListed({ source }: HookRow, { folder, items, changed }: TrustFacts): boolean {
  const name = relative(folder, realpathSync(source.file))
  const asked = [
    { name: `${name}#${source.place}`, sha256: source.sha256 },
    { name, sha256: source.fileSha256 },
  ]
  const isAmong = (all: readonly TrustItem[]) =>
    all.some((item) => asked.some((one) => one.name === item.name && one.sha256 === item.sha256))
  return isAmong(items) && !isAmong(changed)
}
