import type { Node, Parser } from "web-tree-sitter"
import type { SyntaxLanguage } from "./languages.ts"

/** Reads the code of one language. */
export interface SyntaxReader {
  /** Hands the tree to `use`, and frees it. Undefined when reading takes too long: strange input can cost any parser much. */
  read<T>(code: string, use: (root: Node) => T): T | undefined
}

/** Of one text. */
const READING_MS_MAX = 1_000

let core: Promise<typeof import("web-tree-sitter")> | undefined
const readers = new Map<string, Promise<SyntaxReader>>()

/** Loaded with the first use: some 40 ms, and 2 to 13 more for each language. */
export function syntaxReader(language: SyntaxLanguage): Promise<SyntaxReader> {
  const known = readers.get(language.name) ?? load(language)
  readers.set(language.name, known)
  return known
}

async function load({ grammar }: SyntaxLanguage): Promise<SyntaxReader> {
  core ??= loadCore()
  const [{ Language, Parser: ParserOf }, { default: path }] = await Promise.all([core, grammar()])
  const loaded = await Language.load(await Bun.file(path).bytes())
  let parser: Parser | undefined
  return {
    read(code, use) {
      parser ??= new ParserOf().setLanguage(loaded)
      const deadlineMs = performance.now() + READING_MS_MAX
      const tree = parser.parse(code, null, { progressCallback: () => performance.now() > deadlineMs })
      if (tree === null) {
        // One that was stopped is not to be used again.
        parser.delete()
        parser = undefined
        return undefined
      }
      try {
        return use(tree.rootNode)
      } finally {
        tree.delete()
      }
    },
  }
}

async function loadCore(): Promise<typeof import("web-tree-sitter")> {
  const [module, { default: path }] = await Promise.all([
    import("web-tree-sitter"),
    import("web-tree-sitter/web-tree-sitter.wasm", { with: { type: "file" } }),
  ])
  await module.Parser.init({ wasmBinary: await Bun.file(path).bytes() })
  return module
}
