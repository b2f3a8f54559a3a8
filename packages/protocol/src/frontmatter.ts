/** A value of the head of a file, with where it stands. */
export interface Field {
  /** As written; `-` and `_` and capitals do not count. */
  readonly key: string
  readonly line: number
  /** A text, a list, or a map of one level. */
  readonly value: string | readonly string[] | Readonly<Record<string, string>>
}

export interface Parsed {
  readonly fields: readonly Field[]
  readonly body: string
  /** Lines that say nothing that is understood; sentence parts. */
  readonly flaws: readonly { readonly line: number; readonly why: string }[]
}

/**
 * Reads `---`, keys and values, `---`, text. The head is the part of YAML that agents' files are written in: texts, quoted
 * or not, lists of both forms, blocks, maps of one level. Colons within a plain text are part of it, as they are in files
 * that other programs take. Undefined when there is no head.
 */
export function frontmatter(text: string): Parsed | undefined {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/)
  if (lines[0]?.trimEnd() !== "---") return undefined
  const end = lines.findIndex((line, at) => at > 0 && line.trimEnd() === "---")
  if (end === -1) return { fields: [], body: "", flaws: [{ line: 1, why: "its head is not closed by ---" }] }
  const fields: Field[] = []
  const flaws: { line: number; why: string }[] = []
  for (let at = 1; at < end; ) {
    const line = lines[at] ?? ""
    const [, key, rest = ""] = /^([A-Za-z_][\w-]*)\s*:(?:\s+(.*)|)$/.exec(line) ?? []
    const next = afterBlock(lines, at + 1, end)
    if (key !== undefined) fields.push({ key, line: at + 1, value: fieldValue(rest.trim(), lines.slice(at + 1, next)) })
    else if (line.trim() !== "" && !line.trimStart().startsWith("#"))
      flaws.push({ line: at + 1, why: `${JSON.stringify(line.slice(0, 60))} is no key with a value` })
    at = key === undefined ? at + 1 : next
  }
  return {
    fields,
    body: lines
      .slice(end + 1)
      .join("\n")
      .trim(),
    flaws,
  }
}

/** The first line that does not belong to the key above: neither deeper, nor empty, nor of a list. */
function afterBlock(lines: readonly string[], from: number, end: number): number {
  let at = from
  while (at < end && (/^(\s|-\s|-$)/.test(lines[at] ?? "") || lines[at] === "")) at += 1
  return at
}

function fieldValue(rest: string, block: readonly string[]): Field["value"] {
  if (/^[|>][+-]?$/.test(rest)) return blockText(block, rest.startsWith(">"))
  if (rest.startsWith("[")) return listOf(`${rest} ${block.map((line) => line.trim()).join(" ")}`)
  const inner = block.filter((line) => line.trim() !== "" && !line.trimStart().startsWith("#"))
  if (rest !== "" && !rest.startsWith("#")) return unquoted([rest, ...inner.map((line) => line.trim())].join(" "))
  const items = inner.map((line) => /^\s*-\s+(.*)$/.exec(line)?.[1])
  if (items.length > 0 && items.every((item) => item !== undefined)) return items.map(unquoted)
  const pairs = inner.flatMap((line) => {
    const [, key, value = ""] = /^\s+["']?([\w*.-]+)["']?\s*:\s*(.*)$/.exec(line) ?? []
    return key === undefined ? [] : [[key, unquoted(value)] as const]
  })
  return pairs.length > 0 ? Object.fromEntries(pairs) : inner.map((line) => line.trim()).join(" ")
}

function blockText(block: readonly string[], isFolded: boolean): string {
  const indent = /^\s*/.exec(block.find((line) => line.trim() !== "") ?? "")?.[0].length ?? 0
  return block
    .map((line) => line.slice(indent))
    .join(isFolded ? " " : "\n")
    .trim()
}

function listOf(text: string): readonly string[] {
  const inner = text.slice(1, text.lastIndexOf("]") === -1 ? undefined : text.lastIndexOf("]"))
  return inner
    .split(",")
    .map((item) => unquoted(item.trim()))
    .filter((item) => item !== "")
}

function unquoted(text: string): string {
  const [, quote, inner = ""] = /^(["'])([\s\S]*)\1\s*(?:#.*)?$/.exec(text) ?? []
  if (quote === '"') return inner.replaceAll(/\\(["\\/nt])/g, (_, sign: string) => ({ n: "\n", t: "\t" })[sign] ?? sign)
  if (quote === "'") return inner.replaceAll("''", "'")
  return text.replace(/\s+#.*$/, "")
}
