/** One entry of a log whose entries name the one before them. */
export interface Link {
  readonly id: string
  readonly parent: string | undefined
  readonly line: number
}

/**
 * The ids from the first entry to a leaf. A parent that is not in the log, or that would lead in a circle, is taken to be
 * the entry written before; `isMended` tells of it.
 */
export function pathTo(leaf: Link, links: ReadonlyMap<string, Link>): { ids: Set<string>; isMended: boolean } {
  const before = inOrder(links)
  const ids = new Set<string>()
  let isMended = false
  for (let at: Link | undefined = leaf; at !== undefined; ) {
    ids.add(at.id)
    const { parent }: Link = at
    const next: Link | undefined = parent === undefined ? undefined : links.get(parent)
    if (parent === undefined || (next !== undefined && !ids.has(next.id))) {
      at = next
      continue
    }
    isMended = true
    at = before(at, ids)
  }
  return { ids, isMended }
}

/** The newest entry that was written before another one, leaving out those taken. */
function inOrder(links: ReadonlyMap<string, Link>): (of: Link, taken: ReadonlySet<string>) => Link | undefined {
  const all = [...links.values()].sort((a, b) => a.line - b.line)
  const places = new Map(all.map(({ id }, at) => [id, at]))
  return ({ id }, taken) => {
    for (let at = (places.get(id) ?? 0) - 1; at >= 0; at--) {
      const link = all[at]
      if (link !== undefined && !taken.has(link.id)) return link
    }
    return undefined
  }
}
