import { type Language, type Loaded, languageOf, loadGrammar } from "@skein/grammars"
import type { Query, Tree } from "web-tree-sitter"
import { type Defined, definitionsIn, oneLine } from "./definitions.ts"
import { referencesIn } from "./references.ts"
import { type LanguageRow, ROWS, rowFor } from "./rows.ts"

/** What one file says of itself. */
export interface FileFacts {
  readonly definitions: readonly Defined[]
  readonly references: Uint32Array
  /** What it imports, as it is written. */
  readonly imports: readonly string[]
}

/** One place where something is called. */
export interface Call {
  readonly callee: string
  readonly at: number
  readonly line: number
}

/** Larger files are no code that a person reads. */
export const FILE_BYTES_MAX = 1_000_000
const IMPORTS_MAX = 500
const IMPORT_CHARS_MAX = 200
const CALLS_MAX = 20_000
/** Of one file. Reading comes to some 200 reports a megabyte. */
const READ_REPORTS_MAX = 20_000
const READ_MS_MAX = 2_000

/** Whether there is anything to read in a file of this name. */
export function isReadable(path: string): boolean {
  return rowFor(path) !== undefined
}

/** Undefined for a language without a row, and for code that takes too long to read. */
export async function factsOf(path: string, code: string): Promise<FileFacts | undefined> {
  const outfit = await outfitOf(path)
  return outfit === undefined
    ? undefined
    : within(outfit, code, (tree) => {
        const froms = outfit.imports.captures(tree.rootNode).filter(({ name }) => name === "from")
        return {
          definitions: definitionsIn(tree.rootNode, code, outfit.definitions, outfit.row.isPublic),
          references: referencesIn(code, outfit.row),
          imports: [...new Set(froms.slice(0, IMPORTS_MAX).map(({ node }) => oneLine(node.text, IMPORT_CHARS_MAX)))],
        }
      })
}

/** Where things are called in code, and what is defined around them. */
export async function callsOf(path: string, code: string) {
  const outfit = await outfitOf(path)
  return outfit === undefined
    ? undefined
    : within(outfit, code, (tree) => {
        const captures = outfit.calls.captures(tree.rootNode).filter(({ name }) => name === "callee")
        const calls = captures
          .slice(0, CALLS_MAX)
          .map(({ node }): Call => ({ callee: node.text, at: node.startIndex, line: node.startPosition.row + 1 }))
        return { calls, definitions: definitionsIn(tree.rootNode, code, outfit.definitions, outfit.row.isPublic) }
      })
}

interface Outfit {
  readonly row: LanguageRow
  readonly reader: Loaded["reader"]
  readonly definitions: Query
  readonly calls: Query
  readonly imports: Query
}

const outfits = new Map<Language, Promise<Outfit>>()

async function outfitOf(path: string): Promise<Outfit | undefined> {
  const language = languageOf({ path })
  const row = language === undefined ? undefined : ROWS[language]
  if (language === undefined || row === undefined) return undefined
  const known = outfits.get(language) ?? loaded(language, row)
  outfits.set(language, known)
  return await known
}

async function loaded(language: Language, row: LanguageRow): Promise<Outfit> {
  const { reader, query } = await loadGrammar(language)
  const [definitions, calls, imports] = [query(row.definitions), query(row.calls), query(row.imports)]
  return { row, reader, definitions, calls, imports }
}

function within<T>({ reader }: Outfit, code: string, work: (tree: Tree) => T): T | undefined {
  const bounds = { reportsMax: READ_REPORTS_MAX, deadlineMs: performance.now() + READ_MS_MAX }
  const tree = reader.read(code, undefined, bounds)
  if (tree === null) return undefined
  try {
    return work(tree)
  } finally {
    tree.delete()
  }
}
