import type { Edit, Language as Grammar, Query } from "web-tree-sitter"
import type { Language } from "./languages.ts"
import { Reader } from "./reader.ts"

/** What reads one language, what says to it that a text has changed, and what finds nodes in what was read. */
export interface Loaded {
  readonly reader: Reader
  edit(change: ConstructorParameters<typeof Edit>[0]): Edit
  /** Compiled: keep it. Throws for a pattern that the grammar has no nodes for. */
  query(pattern: string): Query
}

interface File {
  readonly default: string
}

/**
 * Where the grammars are: each in a file that is read when its language is first asked for. One that reads two
 * languages well enough stands for both: the reader of TypeScript with tags reads JavaScript, the one of C reads as much
 * of C++ as colors need.
 */
const FILES: Readonly<Record<Language, () => Promise<File>>> = {
  bash: () => import("tree-sitter-bash/tree-sitter-bash.wasm", { with: { type: "file" } }),
  c: () => import("tree-sitter-c/tree-sitter-c.wasm", { with: { type: "file" } }),
  cpp: () => import("tree-sitter-c/tree-sitter-c.wasm", { with: { type: "file" } }),
  css: () => import("@vscode/tree-sitter-wasm/wasm/tree-sitter-css.wasm", { with: { type: "file" } }),
  go: () => import("@vscode/tree-sitter-wasm/wasm/tree-sitter-go.wasm", { with: { type: "file" } }),
  html: () => import("tree-sitter-html/tree-sitter-html.wasm", { with: { type: "file" } }),
  java: () => import("@vscode/tree-sitter-wasm/wasm/tree-sitter-java.wasm", { with: { type: "file" } }),
  javascript: () => import("@vscode/tree-sitter-wasm/wasm/tree-sitter-tsx.wasm", { with: { type: "file" } }),
  json: () => import("tree-sitter-json/tree-sitter-json.wasm", { with: { type: "file" } }),
  php: () => import("@vscode/tree-sitter-wasm/wasm/tree-sitter-php.wasm", { with: { type: "file" } }),
  python: () => import("@vscode/tree-sitter-wasm/wasm/tree-sitter-python.wasm", { with: { type: "file" } }),
  ruby: () => import("@vscode/tree-sitter-wasm/wasm/tree-sitter-ruby.wasm", { with: { type: "file" } }),
  rust: () => import("@vscode/tree-sitter-wasm/wasm/tree-sitter-rust.wasm", { with: { type: "file" } }),
  toml: () => import("@tree-sitter-grammars/tree-sitter-toml/tree-sitter-toml.wasm", { with: { type: "file" } }),
  tsx: () => import("@vscode/tree-sitter-wasm/wasm/tree-sitter-tsx.wasm", { with: { type: "file" } }),
  typescript: () => import("@vscode/tree-sitter-wasm/wasm/tree-sitter-tsx.wasm", { with: { type: "file" } }),
  yaml: () => import("@tree-sitter-grammars/tree-sitter-yaml/tree-sitter-yaml.wasm", { with: { type: "file" } }),
}

let core: Promise<typeof import("web-tree-sitter")> | undefined
const grammars = new Map<string, Promise<Grammar>>()

/** Loads what reads this language; the second time it is there at once. */
export async function loadGrammar(language: Language): Promise<Loaded> {
  core ??= loadCore()
  const [{ Edit, Language: grammarOf, Parser, Query }, { default: path }] = await Promise.all([core, FILES[language]()])
  let loading = grammars.get(path)
  if (loading === undefined) {
    loading = Bun.file(path)
      .bytes()
      .then((bytes) => grammarOf.load(bytes))
    grammars.set(path, loading)
  }
  const grammar = await loading
  return {
    reader: new Reader(() => new Parser().setLanguage(grammar)),
    edit: (change) => new Edit(change),
    query: (pattern) => new Query(grammar, pattern),
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
