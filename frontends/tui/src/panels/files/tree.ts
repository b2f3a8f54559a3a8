/** A file or a folder; the path of a folder ends in `/`. */
export interface FileNode {
  readonly path: string
  readonly name: string
  readonly isFolder: boolean
}

/** A row of the tree. */
export interface FileRow {
  readonly node: FileNode
  readonly depth: number
  readonly isExpanded: boolean
}

/** What the workspace holds, asked for folder by folder. */
export interface FileSource {
  /** Folders first, by name. The workspace itself is `""`. Undefined while it is being read. */
  children(folder: string): readonly FileNode[] | undefined
  /** The beginning of a file as rows that can be shown, or why there is none. Undefined while it is being read. */
  preview(path: string): { readonly rows: readonly string[] } | { readonly note: string } | undefined
}

/** The rows that are unfolded, from the top. Folders that are folded are not looked into. */
export function visibleRows(source: FileSource, expanded: ReadonlySet<string>): readonly FileRow[] {
  const rows: FileRow[] = []
  const visit = (folder: string, depth: number) => {
    for (const node of source.children(folder) ?? []) {
      const isExpanded = node.isFolder && expanded.has(node.path)
      rows.push({ node, depth, isExpanded })
      if (isExpanded) visit(node.path, depth + 1)
    }
  }
  visit("", 0)
  return rows
}

/** The folders of a flat list of relative paths. What is below a folder is sorted when it is looked into. */
export function childrenOf(paths: readonly string[]): (folder: string) => readonly FileNode[] {
  const known = new Map<string, readonly FileNode[]>()
  return (folder) => {
    const kept = known.get(folder)
    if (kept !== undefined) return kept
    const nodes = nodesIn(folder, paths)
    known.set(folder, nodes)
    return nodes
  }
}

function nodesIn(folder: string, paths: readonly string[]): readonly FileNode[] {
  const names = new Set<string>()
  for (const path of paths) {
    if (!path.startsWith(folder) || path.length === folder.length) continue
    const slash = path.indexOf("/", folder.length)
    names.add(slash === -1 ? path.slice(folder.length) : path.slice(folder.length, slash + 1))
  }
  return [...names].sort(byKind).map((name) => {
    const isFolder = name.endsWith("/")
    return { path: folder + name, name: isFolder ? name.slice(0, -1) : name, isFolder }
  })
}

function byKind(a: string, b: string): number {
  const folders = Number(b.endsWith("/")) - Number(a.endsWith("/"))
  return folders !== 0 ? folders : a < b ? -1 : 1
}
