/** A path that a text imports. */
export interface Import {
  readonly path: string
  /** Nothing else stands on its line, so that it is meant as one, whether there is such a file or not. */
  readonly isAlone: boolean
}

/**
 * The paths that a text imports: `@relative/path` on a line of its own or as the whole of a list item, and within a line where
 * it has an extension. Code fences and code spans import nothing. In order, each once.
 */
export function importsIn(text: string): readonly Import[] {
  const found = new Map<string, Import>()
  let fence: string | undefined
  for (const line of text.split("\n")) {
    const mark = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line)
    if (fence !== undefined) {
      if (mark !== null && isClosing(fence, mark[1] ?? "", mark[2] ?? "")) fence = undefined
    } else if (mark !== null) {
      fence = mark[1]
    } else {
      for (const one of importsOf(line)) if (!found.has(one.path)) found.set(one.path, one)
    }
  }
  return [...found.values()]
}

const CODE_SPAN = /(`+)(?!`).*?[^`]\1(?!`)/g

function importsOf(line: string): readonly Import[] {
  const path = /^\s*(?:[-*] +)?@([^\s@][^\s]*)\s*$/.exec(line)?.[1]
  if (path !== undefined) return [{ path, isAlone: true }]
  // Four columns in, a line is code.
  if (/^(?: {4}|\t)/.test(line)) return []
  const within = line
    .replaceAll(CODE_SPAN, " ")
    .matchAll(/(?<=^|[\s(])@((?:[\w.~-]*\/)*[\w.-]*\w\.[a-z]{1,8})(?![\w/@])/gi)
  return [...within].flatMap(([, found]) => (found === undefined ? [] : [{ path: found, isAlone: false }]))
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
