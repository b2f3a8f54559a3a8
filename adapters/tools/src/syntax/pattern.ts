import { ToolFailure } from "@skein/core/ports"
import type { Node } from "web-tree-sitter"
import type { SyntaxLanguage } from "./languages.ts"
import type { SyntaxReader } from "./reader.ts"

/** A piece of code to look for, with holes: `$NAME` for one piece, `$$$NAME` for any number of them. */
export type Pattern =
  | { readonly kind: "hole"; readonly name: string; readonly isMany: boolean }
  | { readonly kind: "leaf"; readonly type: string; readonly isNamed: boolean; readonly text: string }
  | { readonly kind: "tree"; readonly type: string; readonly children: readonly Pattern[] }

export interface CompiledPattern {
  readonly pattern: Extract<Pattern, { kind: "leaf" | "tree" }>
  /** Names of its holes, without those that are only `_`. */
  readonly names: ReadonlySet<string>
  /** The longest word that every match holds. */
  readonly word: string | undefined
  /** The pattern itself ends with ";". */
  readonly endsStatement: boolean
}

const HOLE = /\$\$\$([A-Z_][A-Z0-9_]*)?|\$([A-Z_][A-Z0-9_]*)/g
/** How a hole is spelled while it is read: a name in every language. */
const SPELLED = /^zqhole(one|many)_([A-Z0-9_]*)_zq$/

/** Throws ToolFailure when it is no whole piece of the language, or all of it is one hole. */
export function compilePattern(source: string, language: SyntaxLanguage, reader: SyntaxReader): CompiledPattern {
  const text = source.trim()
  if (text === "") throw new ToolFailure("The pattern is empty.")
  const names = new Set<string>()
  const spelled = text.replace(HOLE, (_, many: string | undefined, one: string | undefined) => {
    const name = one ?? many ?? "_"
    if (!name.startsWith("_")) names.add(name)
    return `zqhole${one === undefined ? "many" : "one"}_${name}_zq`
  })
  const pattern = framed(spelled, language, reader)
  if (pattern === undefined) {
    throw new ToolFailure(
      `The pattern cannot be read as one whole piece of ${language.name}. Write an expression, a statement or a ` +
        "definition, with $NAME for one piece and $$$NAME for any number of them.",
    )
  }
  if (pattern.kind === "hole") throw new ToolFailure("The pattern is one hole: it would match everything.")
  const words = text.replace(HOLE, " ").match(/[A-Za-z_]\w+/g) ?? []
  const word = words.toSorted((a, b) => b.length - a.length)[0]
  return { pattern, names, word, endsStatement: text.endsWith(";") }
}

/** Read by itself, or in the first frame that it fits in; where it fits in none as it is, a mark that it lacks may be added. */
function framed(spelled: string, { frames }: SyntaxLanguage, reader: SyntaxReader): Pattern | undefined {
  const isWhole = (root: Node) => !root.hasError
  const lacksMarks = (root: Node) => root.descendantsOfType("ERROR").length === 0
  for (const isRead of [isWhole, lacksMarks]) {
    for (const [before, after] of frames) {
      const found = reader.read(before + spelled + after, (root) => {
        const node = isRead(root) ? spanning(root, before.length, before.length + spelled.length) : undefined
        return node === undefined ? undefined : patternOf(innermost(node))
      })
      if (found !== undefined) return found
    }
  }
  return undefined
}

/** The outermost piece that is exactly this. */
function spanning(root: Node, start: number, end: number): Node | undefined {
  for (let at: Node | null = root; at !== null; ) {
    if (at.startIndex === start && at.endIndex === end) return at
    at = at.children.find((child) => child !== null && child.startIndex <= start && child.endIndex >= end) ?? null
  }
  return undefined
}

/** An expression that stands alone is looked for anywhere, not only as a statement. */
function innermost(node: Node): Node {
  const only = node.childCount === 1 ? node.child(0) : null
  return only === null || !only.isNamed ? node : innermost(only)
}

function patternOf(node: Node): Pattern {
  const { text, type, isNamed } = node
  const hole = SPELLED.exec(text)
  if (hole !== null) return { kind: "hole", isMany: hole[1] === "many", name: hole[2] ?? "_" }
  const children = node.children.filter((child) => child !== null && !child.isMissing)
  if (children.length === 0) return { kind: "leaf", type, isNamed, text }
  return { kind: "tree", type, children: children.map(patternOf) }
}
