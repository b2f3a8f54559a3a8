/** One file's part of a unified diff. */
export interface FileDiff {
  /** Where it is now; where it was, when it is gone. */
  readonly path: string
  readonly pathBefore?: string | undefined
  readonly kind: "changed" | "added" | "deleted" | "renamed"
  readonly isBinary: boolean
  readonly hunks: readonly Hunk[]
  /** What stands between and below hunks and is none of a diff: how much was left out. */
  readonly notes: readonly string[]
}

/** Lines that stand together in a diff. */
export interface Hunk {
  readonly oldStart: number
  readonly newStart: number
  readonly lines: readonly DiffLine[]
}

/** A line of a hunk, with its numbers. */
export interface DiffLine {
  readonly sign: " " | "+" | "-"
  readonly text: string
  /** The file ends here, without a newline. */
  readonly isUnended?: boolean | undefined
}

interface Draft {
  path: string
  pathBefore: string
  kind: FileDiff["kind"]
  isBinary: boolean
  hasNames: boolean
  hunks: { oldStart: number; newStart: number; lines: DiffLine[] }[]
  notes: string[]
}

const HUNK = /^@@+ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/

/**
 * Reads unified diffs, as git and others write them, one file or many. Lines are counted, so that a removed `-- x` is no
 * header. What cannot be read is a note: nothing is lost and nothing throws.
 */
export function parseDiff(text: string): FileDiff[] {
  const files: Draft[] = []
  let file: Draft | undefined
  let left = { old: 0, new: 0 }
  for (const line of linesOf(text)) {
    if (left.old > 0 || left.new > 0) {
      const taken = hunkLine(line, left, file?.hunks.at(-1)?.lines)
      if (taken !== undefined) {
        left = taken
        continue
      }
      left = { old: 0, new: 0 }
    }
    if (line.startsWith("\\")) {
      markUnended(file?.hunks.at(-1)?.lines)
      continue
    }
    const hunk = HUNK.exec(line)
    if (hunk !== null) {
      file ??= begin(files)
      file.hunks.push({ oldStart: Number(hunk[1]), newStart: Number(hunk[3]), lines: [] })
      left = { old: Number(hunk[2] ?? 1), new: Number(hunk[4] ?? 1) }
      continue
    }
    const isNext = line.startsWith("diff --git ") || (line.startsWith("--- ") && (file?.hasNames ?? true))
    if (isNext) file = begin(files)
    if (file === undefined) file = begin(files)
    header(line, file)
  }
  return files.filter(isSomething).map(finished)
}

function linesOf(text: string): string[] {
  const lines = text.split("\n")
  if (lines.at(-1) === "") lines.pop()
  return lines
}

function begin(files: Draft[]): Draft {
  const file: Draft = {
    path: "",
    pathBefore: "",
    kind: "changed",
    isBinary: false,
    hasNames: false,
    hunks: [],
    notes: [],
  }
  files.push(file)
  return file
}

/** Undefined when the line is none of the hunk, which was then cut. */
function hunkLine(line: string, left: { old: number; new: number }, lines: DiffLine[] | undefined) {
  const [sign] = line
  if (sign === "\\") {
    markUnended(lines)
    return left
  }
  // Editors strip the space of an empty line.
  if (line !== "" && sign !== " " && sign !== "+" && sign !== "-") return undefined
  const kind = sign === "+" || sign === "-" ? sign : " "
  lines?.push({ sign: kind, text: line.slice(1) })
  return { old: left.old - (kind === "+" ? 0 : 1), new: left.new - (kind === "-" ? 0 : 1) }
}

function markUnended(lines: DiffLine[] | undefined): void {
  const last = lines?.pop()
  if (last !== undefined) lines?.push({ ...last, isUnended: true })
}

function header(line: string, file: Draft): void {
  if (line.startsWith("diff --git ")) {
    const names = /^diff --git "?a\/(.*?)"? "?b\/(.*?)"?$/.exec(line)
    file.pathBefore = names?.[1] ?? ""
    file.path = names?.[2] ?? line.slice("diff --git ".length)
  } else if (line.startsWith("--- ")) {
    const name = nameOf(line)
    file.hasNames = true
    if (name === undefined) file.kind = "added"
    else file.pathBefore = name
  } else if (line.startsWith("+++ ")) {
    const name = nameOf(line)
    file.hasNames = true
    if (name === undefined) file.kind = "deleted"
    else file.path = name
  } else if (line.startsWith("new file mode")) file.kind = "added"
  else if (line.startsWith("deleted file mode")) file.kind = "deleted"
  else if (line.startsWith("rename from ")) {
    file.kind = "renamed"
    file.pathBefore = line.slice("rename from ".length)
  } else if (line.startsWith("rename to ")) {
    file.kind = "renamed"
    file.path = line.slice("rename to ".length)
  } else if (line.startsWith("Binary files ") || line === "GIT binary patch") file.isBinary = true
  else if (!isDetail(line)) file.notes.push(line)
}

/** What git says of a file besides, and the bytes of a binary patch. */
function isDetail(line: string): boolean {
  return (
    line.trim() === "" ||
    /^(?:index |similarity index |dissimilarity index |old mode |new mode |copy (?:from|to) |literal \d|delta \d)/.test(
      line,
    )
  )
}

/** Undefined for no file. A date may follow after a tab. */
function nameOf(line: string): string | undefined {
  const [name = ""] = line.slice(4).split("\t")
  if (name === "/dev/null") return undefined
  return name.replace(/^"(.*)"$/, "$1").replace(/^[ab]\//, "")
}

function isSomething({ path, pathBefore, hunks, notes, isBinary }: Draft): boolean {
  return path !== "" || pathBefore !== "" || hunks.length > 0 || notes.length > 0 || isBinary
}

function finished({ path, pathBefore, kind, isBinary, hunks, notes }: Draft): FileDiff {
  const isMoved = kind === "renamed" && pathBefore !== path
  return {
    path: path === "" ? pathBefore : path,
    ...(isMoved ? { pathBefore } : {}),
    kind,
    isBinary,
    hunks,
    notes: isBinary ? [] : notes,
  }
}
