/** A language whose code can be searched by its syntax. */
export interface SyntaxLanguage {
  readonly name: string
  readonly extensions: readonly string[]
  /** A file that travels inside the binary. */
  readonly grammar: () => Promise<{ readonly default: string }>
  /** What a piece of code may stand in, so that it can be read by itself; tried in this order. */
  readonly frames: readonly (readonly [before: string, after: string])[]
}

const ALONE = ["", ""] as const
const C_FRAMES = [ALONE, ["void f() { ", " ; }"], ["struct a { ", " };"]] as const
const JS_FRAMES = [ALONE, ["class A { ", " }"], ["a = { ", " }"]] as const

/** Where several have an extension, the first. */
export const SYNTAX_LANGUAGES: readonly SyntaxLanguage[] = [
  {
    name: "typescript",
    extensions: ["ts", "mts", "cts"],
    grammar: () => import("@vscode/tree-sitter-wasm/wasm/tree-sitter-typescript.wasm", { with: { type: "file" } }),
    frames: JS_FRAMES,
  },
  {
    name: "tsx",
    extensions: ["tsx"],
    grammar: () => import("@vscode/tree-sitter-wasm/wasm/tree-sitter-tsx.wasm", { with: { type: "file" } }),
    frames: JS_FRAMES,
  },
  {
    name: "javascript",
    extensions: ["js", "mjs", "cjs", "jsx"],
    grammar: () => import("@vscode/tree-sitter-wasm/wasm/tree-sitter-tsx.wasm", { with: { type: "file" } }),
    frames: JS_FRAMES,
  },
  {
    name: "python",
    extensions: ["py", "pyi"],
    grammar: () => import("@vscode/tree-sitter-wasm/wasm/tree-sitter-python.wasm", { with: { type: "file" } }),
    frames: [ALONE],
  },
  {
    name: "go",
    extensions: ["go"],
    grammar: () => import("@vscode/tree-sitter-wasm/wasm/tree-sitter-go.wasm", { with: { type: "file" } }),
    frames: [ALONE, ["package p\nfunc f() {\n", "\n}"], ["package p\n", ""]],
  },
  {
    name: "rust",
    extensions: ["rs"],
    grammar: () => import("@vscode/tree-sitter-wasm/wasm/tree-sitter-rust.wasm", { with: { type: "file" } }),
    frames: [ALONE, ["fn f() { ", " }"], ["fn f() { ", " ; }"]],
  },
  {
    name: "java",
    extensions: ["java"],
    grammar: () => import("@vscode/tree-sitter-wasm/wasm/tree-sitter-java.wasm", { with: { type: "file" } }),
    frames: [ALONE, ["class A { void f() { ", " ; } }"], ["class A { ", " }"]],
  },
  {
    name: "ruby",
    extensions: ["rb"],
    grammar: () => import("@vscode/tree-sitter-wasm/wasm/tree-sitter-ruby.wasm", { with: { type: "file" } }),
    frames: [ALONE],
  },
  {
    name: "c",
    extensions: ["c", "h"],
    grammar: () => import("tree-sitter-c/tree-sitter-c.wasm", { with: { type: "file" } }),
    frames: C_FRAMES,
  },
  {
    name: "css",
    extensions: ["css"],
    grammar: () => import("@vscode/tree-sitter-wasm/wasm/tree-sitter-css.wasm", { with: { type: "file" } }),
    frames: [ALONE, ["a { ", " }"]],
  },
]

export const SYNTAX_NAMES = SYNTAX_LANGUAGES.map(({ name }) => name)

/** By its name, or by an extension, as models also name it: `ts`. */
export function syntaxNamed(name: string): SyntaxLanguage | undefined {
  const wanted = name.toLowerCase().replace(/^\./, "")
  return SYNTAX_LANGUAGES.find((one) => one.name === wanted || one.extensions.includes(wanted))
}

export function syntaxOf(path: string): SyntaxLanguage | undefined {
  const extension = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase()
  return extension === undefined ? undefined : SYNTAX_LANGUAGES.find(({ extensions }) => extensions.includes(extension))
}
