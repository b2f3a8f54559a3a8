import { SkeinError } from "@skein/protocol"

export type Tree = Readonly<Record<string, unknown>>

/** Parses a configuration file. Throws SkeinError `config.invalid` naming the file and the line. */
export function parseToml(text: string, file: string): Tree {
  try {
    return parsed(text)
  } catch (cause) {
    throw new SkeinError(
      "config.invalid",
      `Cannot read ${file}: ${sentence(cause)}${brokenLine(text)}. Correct it, or move the file away.`,
      { cause: new Error(sentence(cause)) },
    )
  }
}

/** What a value typed on the command line or in a variable may mean: TOML where it is any, and always the text itself. */
export function readingsOf(text: string): readonly unknown[] {
  // A line end would let one value bring further keys with it.
  if (/[\r\n]/.test(text)) return [text]
  try {
    return [parsed(`v=${text}`).v, text]
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return [text]
    throw error
  }
}

export function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date)
}

function parsed(text: string): Tree {
  const tree: unknown = Bun.TOML.parse(text)
  if (isTree(tree)) return tree
  throw new SyntaxError("no table")
}

/** Bun's message quotes what it stumbled over, which may be half a secret. */
function sentence(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause)
  return message
    .replace(/^TOML Parse error: /, "")
    .replace(/:? *["'(].*$/s, "")
    .toLowerCase()
}

/** Bun tells no line. It is the one after the longest run of lines that parses: where the broken statement begins. */
function brokenLine(text: string): string {
  // Each try stops at the broken line, but a large file would still take seconds.
  if (text.length > SEARCHED_CHARS_MAX) return ""
  const lines = text.split("\n")
  let count = lines.length
  while (count > 1 && !parses(lines.slice(0, count - 1).join("\n"))) count--
  return ` in line ${count}`
}

const SEARCHED_CHARS_MAX = 64 * 1024

function parses(text: string): boolean {
  try {
    parsed(text)
    return true
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return false
    throw error
  }
}
