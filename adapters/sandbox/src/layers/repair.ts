import { join } from "node:path"
import { lstat } from "../paths.ts"
import { eachOrphan, removeTree } from "./folder.ts"
import { type Journal, readJournal } from "./journal.ts"
import { clearAway } from "./keep.ts"
import type { Libc } from "./libc.ts"
import { Pinned } from "./pinned.ts"
import { isPerformed, Overtaken, perform, type Site } from "./steps.ts"

/**
 * Removes what killed processes left of their layers. A keep that had begun is finished: the person had said so, and all
 * of it lies ready. What somebody else changed since stays as they left it. Returns sentences for the log.
 */
export function repair(parent: string, libc: Libc): readonly string[] {
  const said: string[] = []
  eachOrphan(parent, libc, (folder) => {
    try {
      const journal = readJournal(folder)
      if (journal !== undefined) said.push(...finish(journal, folder, libc))
      removeTree(folder)
    } catch (error) {
      // Left for the next time: one that cannot be read or written now must not keep skein from starting.
      said.push(`Could not clean up ${folder}: ${error instanceof Error ? error.message : String(error)}`)
    }
  })
  return said
}

function finish({ stagings, steps }: Journal, folder: string, libc: Libc): readonly string[] {
  const present = stagings.filter(({ root, name }) => lstat(join(root, name))?.isDirectory() === true)
  const left: string[] = []
  let finished = 0
  for (const [at, { root, name }] of stagings.entries()) {
    if (!present.some((one) => one.root === root && one.name === name)) continue
    using pinned = Pinned.open(root)
    using staging = pinned.child(name)
    const site: Site = { root, staging, libc }
    for (const step of steps.filter((one) => one.staging === at && !isPerformed(one, site))) {
      try {
        perform(step, site)
        finished += 1
      } catch (error) {
        if (!(error instanceof Overtaken) && !isSystem(error)) throw error
        left.push(join(root, step.path))
      }
    }
  }
  clearAway(present, folder)
  if (steps.length === 0 || present.length === 0) return []
  const more = left.length === 0 ? "" : ` Left as they are, because something else changed them: ${left.join(", ")}.`
  return [
    `A keep that was cut short was finished: ${finished} paths in ${stagings.map(({ root }) => root).join(", ")}.${more}`,
  ]
}

function isSystem(error: unknown): boolean {
  return error instanceof Error && "code" in error && /^E[A-Z0-9]+$/.test(String(error.code))
}
