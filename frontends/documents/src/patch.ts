/** What a patch between `*** Begin Patch` and `*** End Patch` does, step by step. */
export type PatchAct =
  | { readonly kind: "add"; readonly path: string; readonly content: string }
  | { readonly kind: "delete"; readonly path: string }
  | { readonly kind: "edit"; readonly path: string; readonly before: string; readonly after: string }

/** Undefined when something of the patch cannot be said as one of these: a move, or an addition with nothing around it. */
export function patchActs(patch: string): readonly PatchAct[] | undefined {
  const acts: PatchAct[] = []
  for (const section of patch.split(/^(?=\*\*\* (?:Add|Delete|Update|Begin|End)\b)/m)) {
    const [head = "", ...lines] = section.replace(/\n$/, "").split("\n")
    const [, verb, path = ""] = /^\*\*\* (Add|Delete|Update) File: (.+)$/.exec(head.trimEnd()) ?? []
    if (verb === "Add") acts.push({ kind: "add", path, content: lines.map((line) => `${line.slice(1)}\n`).join("") })
    else if (verb === "Delete") acts.push({ kind: "delete", path })
    else if (verb === "Update") {
      const edits = editsOf(path, lines)
      if (edits === undefined) return undefined
      acts.push(...edits)
    } else if (!/^\*\*\* (Begin|End) Patch/.test(head) && section.trim() !== "") return undefined
  }
  return acts.length === 0 ? undefined : acts
}

/** Each hunk: its lines before and after, with those around them. */
function editsOf(path: string, lines: readonly string[]): PatchAct[] | undefined {
  if (lines.some((line) => line.startsWith("*** Move to:"))) return undefined
  const hunks: string[][] = []
  for (const line of lines) {
    if (line.startsWith("@@")) hunks.push([])
    else if (line.startsWith("*** End of File")) continue
    else if (hunks.length === 0) hunks.push([line])
    else hunks.at(-1)?.push(line)
  }
  const edits = hunks.map((hunk): PatchAct => {
    const side = (sign: string) =>
      hunk.flatMap((line) => (line.startsWith(sign) || line.startsWith(" ") || line === "" ? [line.slice(1)] : []))
    return { kind: "edit", path, before: side("-").join("\n"), after: side("+").join("\n") }
  })
  return edits.some((edit) => edit.kind === "edit" && edit.before === "") ? undefined : edits
}
