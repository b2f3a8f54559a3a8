/**
 * The paths that a text imports: `@relative/path` on a line of its own, or as the whole of a list item. Lines in code
 * fences import nothing. In order, each once.
 */
export function importsIn(text: string): string[] {
  const found = new Set<string>()
  let fence: string | undefined
  for (const line of text.split("\n")) {
    const mark = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line)
    if (fence !== undefined) {
      if (mark !== null && isClosing(fence, mark[1] ?? "", mark[2] ?? "")) fence = undefined
    } else if (mark !== null) {
      fence = mark[1]
    } else {
      const path = /^\s*(?:[-*] +)?@([^\s@][^\s]*)\s*$/.exec(line)?.[1]
      if (path !== undefined) found.add(path)
    }
  }
  return [...found]
}

function isClosing(fence: string, mark: string, rest: string): boolean {
  return mark[0] === fence[0] && mark.length >= fence.length && rest.trim() === ""
}

/** Why a path may not be imported, whatever is there. */
export function importRefusal(path: string): string | undefined {
  if (/^[/~]/.test(path)) return "only paths relative to the file are imported"
  return hiddenRefusal(path)
}

/**
 * Why a file may not be read for instructions. A repository must not bring a person's secrets (`.env`, `.ssh/id_rsa`,
 * `.git/config`) before the model unasked, by an import or by a link under a name that is read: below a hidden name only
 * documents are. `path` is relative.
 */
export function hiddenRefusal(path: string): string | undefined {
  const names = path.split("/").filter((name) => name !== "." && name !== "..")
  if (names.some((name) => name.toLowerCase() === ".git")) return "nothing of .git is read"
  const isHidden = names.some((name) => name.startsWith("."))
  return isHidden && !DOCUMENT.test(names.at(-1) ?? "") ? "a hidden file is read only when it is a document" : undefined
}

const DOCUMENT = /\.(md|mdc|markdown|txt)$|^\.\w*rules$/i
