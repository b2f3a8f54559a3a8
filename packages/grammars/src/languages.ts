/** What a piece of code is known by. */
export interface CodeSource {
  /** Its name or path. */
  readonly path?: string | undefined
  /** What stands behind the fence. */
  readonly fence?: string | undefined
  /** Its first line, for `#!`. */
  readonly firstLine?: string | undefined
}

/** The languages that there is a grammar for. */
export const LANGUAGES = [
  "bash",
  "c",
  "cpp",
  "css",
  "go",
  "html",
  "java",
  "javascript",
  "json",
  "php",
  "python",
  "ruby",
  "rust",
  "toml",
  "tsx",
  "typescript",
  "yaml",
] as const
export type Language = (typeof LANGUAGES)[number]

/** All other names of each, as fences and endings of files have them. */
const NAMES: Readonly<Record<Language, string>> = {
  bash: "sh shell zsh ksh shellscript bashrc zshrc profile bash_profile",
  c: "h",
  cpp: "c++ cc cxx hpp hh hxx h++ ino",
  css: "",
  go: "golang",
  html: "htm xhtml vue svelte xml svg",
  java: "",
  javascript: "js jsx mjs cjs node",
  json: "jsonc json5 jsonl ndjson webmanifest",
  php: "php3 phtml",
  python: "py pyi python3 py3 pyw",
  ruby: "rb rake gemspec gemfile rakefile podfile",
  rust: "rs",
  toml: "lock",
  tsx: "",
  typescript: "ts mts cts deno",
  yaml: "yml",
}

let byName: ReadonlyMap<string, Language> | undefined

/** Undefined for what has no grammar here, or no name. */
export function languageOf({ path, fence, firstLine }: CodeSource): Language | undefined {
  return named(fence) ?? (path === undefined ? undefined : ofPath(path)) ?? ofShebang(firstLine)
}

function named(name: string | undefined): Language | undefined {
  if (name === undefined) return undefined
  byName ??= new Map(
    LANGUAGES.flatMap((language) =>
      [language, ...NAMES[language].split(" ").filter((name) => name !== "")].map((each) => [each, language] as const),
    ),
  )
  return byName.get(name.toLowerCase())
}

function ofPath(path: string): Language | undefined {
  const base = path.slice(path.lastIndexOf("/") + 1)
  return named(base.slice(base.lastIndexOf(".") + 1))
}

/** `#!/usr/bin/env -S deno run`, `#!/bin/bash -e`. */
function ofShebang(line: string | undefined): Language | undefined {
  const words = line?.startsWith("#!") ? line.slice(2).trim().split(/\s+/) : []
  const program = words.find((word, at) => !word.startsWith("-") && !(at === 0 && word.endsWith("/env")))
  return named(program?.slice(program.lastIndexOf("/") + 1).replace(/[\d.]+$/, ""))
}
