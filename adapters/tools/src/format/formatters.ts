/** A program that brings a source file into its project's form, in place. */
export interface Formatter {
  /** Also the program's name. */
  readonly name: string
  readonly extensions: readonly string[]
  /** What a project has that uses it. */
  readonly settings: readonly SettingsFile[]
  /** Its settings name programs that it runs: plugins, a configuration that is code. */
  readonly runsSettings?: true | undefined
  /** A line for a shell, ours alone: `$1` is the file, `$2` the program. */
  readonly line: string
}

export interface SettingsFile {
  readonly name: string
  /** Whether its text sets the formatter up; left out, the file itself does. */
  readonly says?: ((text: string) => boolean) | undefined
}

const JS = ["js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx"]
const PRETTIER_NAMES = ["", ".json", ".yml", ".yaml", ".json5", ".toml", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts"]
const C = ["c", "h", "cc", "cpp", "cxx", "hh", "hpp", "hxx", "m", "mm", "proto"]

/** In the order in which they are taken where two of them are set up side by side. Names of their files: their own manuals. */
export const FORMATTERS: readonly Formatter[] = [
  {
    name: "biome",
    extensions: [...JS, "json", "jsonc", "css", "graphql"],
    settings: [{ name: "biome.json" }, { name: "biome.jsonc" }],
    line: '"$2" format --write --files-ignore-unknown=true --no-errors-on-unmatched "$1"',
  },
  {
    name: "prettier",
    runsSettings: true,
    extensions: [
      ...[...JS, "json", "jsonc", "json5", "css", "scss", "less", "html", "vue", "svelte"],
      ...["md", "mdx", "yaml", "yml", "graphql", "hbs"],
    ],
    settings: [
      ...PRETTIER_NAMES.map((end) => ({ name: `.prettierrc${end}` })),
      ...PRETTIER_NAMES.slice(6).map((end) => ({ name: `prettier.config${end}` })),
      { name: "package.json", says: hasPrettierKey },
    ],
    line: '"$2" --write --ignore-unknown "$1"',
  },
  {
    name: "ruff",
    extensions: ["py", "pyi"],
    settings: [
      { name: "ruff.toml", says: holds(/^\s*\[format\]/m) },
      { name: ".ruff.toml", says: holds(/^\s*\[format\]/m) },
      { name: "pyproject.toml", says: holds(/^\s*\[tool\.ruff\.format\]/m) },
    ],
    line: '"$2" format --no-cache --force-exclude --quiet "$1"',
  },
  {
    name: "black",
    extensions: ["py", "pyi"],
    settings: [{ name: "pyproject.toml", says: holds(/^\s*\[tool\.black\]/m) }],
    line: '"$2" --quiet "$1"',
  },
  // Go has one form and no settings for it.
  { name: "gofmt", extensions: ["go"], settings: [{ name: "go.mod" }], line: '"$2" -w "$1"' },
  {
    name: "rustfmt",
    extensions: ["rs"],
    settings: [{ name: "rustfmt.toml" }, { name: ".rustfmt.toml" }],
    // Given a file it would also format those that the file names as modules; from stdin it formats that one alone.
    line: 'out=$(mktemp) && "$2" --edition 2021 < "$1" > "$out" && cat "$out" > "$1" && rm "$out"',
  },
  {
    name: "clang-format",
    extensions: C,
    settings: [{ name: ".clang-format" }, { name: "_clang-format" }],
    line: '"$2" -i --style=file "$1"',
  },
  {
    name: "shfmt",
    extensions: ["sh", "bash"],
    settings: [
      {
        name: ".editorconfig",
        says: holds(
          /^\s*(?:\[.*(?:\.sh|\bsh[,}]|\[shell\]|\[bash\]).*\]|(?:shell_variant|binary_next_line|switch_case_indent|space_redirects)\s*=)/m,
        ),
      },
    ],
    line: '"$2" -w "$1"',
  },
]

function holds(pattern: RegExp): (text: string) => boolean {
  return (text) => pattern.test(text)
}

/** Its own key, not the dependency of that name. */
function hasPrettierKey(text: string): boolean {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === "object" && parsed !== null && Object.hasOwn(parsed, "prettier")
  } catch (error) {
    if (error instanceof SyntaxError) return false // npm would not take it either
    throw error
  }
}
