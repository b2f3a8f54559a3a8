import type { Tree, TreeCursor } from "web-tree-sitter"
import type { Kinds } from "./kinds.ts"
import { TOKEN_KINDS, type TokenKind } from "./token.ts"

/**
 * What each unit of the code from `from` on is, by number of its kind. Undefined when there is more in it than can be
 * looked at in a moment.
 */
export function paint(tree: Tree, code: string, from: number, kinds: Kinds): Uint8Array | undefined {
  const colors = new Uint8Array(code.length - from)
  const cursor = tree.walk()
  try {
    return walk(cursor, { code, from, kinds, colors }) ? colors : undefined
  } finally {
    cursor.delete()
  }
}

interface Canvas {
  readonly code: string
  readonly from: number
  readonly kinds: Kinds
  readonly colors: Uint8Array
}

interface Seen {
  readonly type: string
  /** Within a string or a comment. */
  readonly isText: boolean
  readonly isType: boolean
  /** It is called, and the name in it is that of a function. */
  readonly isCalled: boolean
}

/** Outer nodes first: what is within paints over them. False when there are too many. */
function walk(cursor: TreeCursor, canvas: Canvas): boolean {
  const parents: Seen[] = []
  for (let nodes = 0; nodes < NODES_MAX; nodes += 1) {
    if (cursor.endIndex > canvas.from && parents.length < DEPTH_MAX) {
      parents.push(visit(cursor, parents.at(-1), canvas))
      if (descend(cursor, parents.length, canvas.from)) continue
      parents.pop()
    }
    while (!cursor.gotoNextSibling()) {
      if (!cursor.gotoParent()) return true
      parents.pop()
    }
  }
  return false
}

/** To the first child that is looked for; those before it are not even counted. */
function descend(cursor: TreeCursor, depth: number, from: number): boolean {
  if (from === 0) return cursor.gotoFirstChild()
  // What it answers is wrong for all but a second child; where the cursor then stands is right.
  cursor.gotoFirstChildForIndex(from)
  return cursor.currentDepth === depth
}

const NODES_MAX = 100_000
/** Code is not nested that deep; what is looks plain from there on. */
const DEPTH_MAX = 500

function visit(cursor: TreeCursor, parent: Seen | undefined, { code, from, kinds, colors }: Canvas): Seen {
  const type = cursor.nodeType
  const start = cursor.startIndex
  const end = Math.min(cursor.endIndex, code.length)
  const role = `${parent?.type}.${cursor.currentFieldName}`
  const isCalled = COMPOUND.has(type) && kinds.functions.has(role)
  const isHole = kinds.holes.has(type)
  const kind = isHole ? "plain" : isCalled ? undefined : kindOf(cursor, type, role, parent, kinds)
  const word = isWord(kind, kinds, end - start) ? kinds.words.get(code.slice(start, end)) : undefined
  const color = word ?? kind
  if (color !== undefined) colors.fill(TOKEN_KINDS.indexOf(color), Math.max(start - from, 0), end - from)
  return {
    type,
    isText: !isHole && (kind === "string" || kind === "comment" || (parent?.isText ?? false)),
    isType: kind === "type",
    isCalled,
  }
}

function isWord(kind: TokenKind | undefined, { words }: Kinds, length: number): boolean {
  return words.size > 0 && length < WORD_CHARS_MAX && (kind === undefined || kind === "type")
}

const WORD_CHARS_MAX = 32

/** Undefined for what is as its parent is. */
function kindOf(cursor: TreeCursor, type: string, role: string, parent: Seen | undefined, kinds: Kinds) {
  const own = kinds.nodes.get(type)
  if (parent?.isText === true) return own === "string" ? own : undefined
  if (!cursor.nodeIsNamed) {
    // A node without a name is what it says.
    if (parent?.isType === true || own === "constant" || own === "type") return parent?.isType ? undefined : own
    if (kinds.isKeyword(type)) return "keyword"
    return OPERATOR.test(type) ? "operator" : undefined
  }
  if (kinds.functions.has(role)) return "function"
  if (kinds.tags.has(role)) return "tag"
  if (parent?.isCalled === true && NAMES.has(cursor.currentFieldName ?? "")) return "function"
  if (kinds.properties.has(role)) return "property"
  return own
}

const OPERATOR = /^[-+*/%=<>!&|^~?:.@$\\]+$/
/** Where the last name of a compound stands. */
const NAMES: ReadonlySet<string> = new Set(["property", "field", "attribute", "name", "declarator"])

/** Of `a.b.c()` only the last name is called: that of a compound is found within it. */
const COMPOUND: ReadonlySet<string> = new Set([
  "member_expression",
  "field_expression",
  "selector_expression",
  "attribute",
  "scoped_identifier",
  "call_expression",
  "parenthesized_expression",
  "subscript_expression",
  "function_declarator",
  "pointer_declarator",
])
