import { relative } from "node:path"
import type { Trusting } from "./trusting.ts"

/** A file of a project, as the adapter found it. */
export interface ProjectFile {
  /** Absolute. */
  readonly path: string
  /** Of its bytes, hex. */
  readonly sha256: string
}

/** The paths of those that stand, byte for byte, among what a person trusted. */
export async function trustedFiles(
  cwd: string,
  files: readonly ProjectFile[],
  trust: Pick<Trusting, "trustOf">,
): Promise<ReadonlySet<string>> {
  const { folder, decision, isByPerson, items, changed } = await trust.trustOf(cwd)
  if (!isByPerson && decision !== "trusted") return new Set()
  const known = new Map(items.map(({ name, sha256 }) => [name, sha256]))
  // Whoever trusts a folder for one run has decided about none of its items before.
  const isChanged = new Set(changed.map(({ name, sha256 }) => `${name}\0${sha256}`))
  const isTrusted = ({ path, sha256 }: ProjectFile) => {
    const name = relative(folder, path)
    return known.get(name) === sha256 && (isByPerson || !isChanged.has(`${name}\0${sha256}`))
  }
  return new Set(files.filter(isTrusted).map(({ path }) => path))
}
