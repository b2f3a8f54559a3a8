/** A line of a `.gitignore`; see gitignore(5). */
export interface IgnoreRule {
  readonly glob: Bun.Glob
  /** It takes something back in. */
  readonly isNegated: boolean
  readonly isForFolders: boolean
  /** It is about names at any depth, and not about a path. */
  readonly isName: boolean
  /** Where its file is, without a slash at the end; empty: the top. */
  readonly folder: string
}

/** The rules of an ignore file, in its order. */
export function ignoreRules(text: string, folder: string): readonly IgnoreRule[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const said = line.replace(/(?<!\\)\s+$/, "")
    if (said === "" || said.startsWith("#")) return []
    const isNegated = said.startsWith("!")
    const whole = isNegated ? said.slice(1) : said
    const isForFolders = whole.endsWith("/")
    const pattern = isForFolders ? whole.slice(0, -1) : whole
    const isName = !pattern.includes("/")
    // Braces are only themselves there, and a choice to the matcher.
    const glob = new Bun.Glob(
      pattern
        .replace(/^\//, "")
        .replace(/[{}]/g, "\\$&")
        .replace(/\/\*\*$/, "/**/*"),
    )
    return [{ glob, isNegated, isForFolders, isName, folder }]
  })
}

/** The last rule that is about it decides. */
export function isIgnored(path: string, isFolder: boolean, rules: readonly IgnoreRule[]): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1)
  const rule = rules.findLast(({ glob, isForFolders, isName, folder }) => {
    if (isForFolders && !isFolder) return false
    return glob.match(isName ? name : path.slice(folder === "" ? 0 : folder.length + 1))
  })
  return rule !== undefined && !rule.isNegated
}
