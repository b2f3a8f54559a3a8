/** The value of a parsed settings file. */
export type Tree = Readonly<Record<string, unknown>>

export function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

/**
 * What JSON with comments says. Undefined when it is no object, or when a key stands in it twice: then programs differ in
 * what they read, and only the whole file can be held to a hash.
 */
export function parsedJson(text: string): Tree | undefined {
  try {
    const value: unknown = Bun.JSONC.parse(text.replace(/^\u{feff}/u, ""))
    return isTree(value) && keysIn(text) === membersOf(value) ? value : undefined
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined
    throw error
  }
}

export function parsedToml(text: string): Tree | undefined {
  try {
    const value: unknown = Bun.TOML.parse(text)
    return isTree(value) ? value : undefined
  } catch (_notToml) {
    // Bun throws its own kinds of errors here; whatever it is, the file is held to a hash as a whole.
    return undefined
  }
}

const TOKENS = /"(?:[^"\\]|\\.)*"(\s*:)?|\/\/[^\n]*|\/\*[\s\S]*?\*\//g

function keysIn(text: string): number {
  return [...text.matchAll(TOKENS)].filter(([, colon]) => colon !== undefined).length
}

function membersOf(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, each: unknown) => sum + membersOf(each), 0)
  if (!isTree(value)) return 0
  return Object.values(value).reduce((sum: number, each) => sum + 1 + membersOf(each), 0)
}

/** Texts that stand at these keys, anywhere in a value, outermost first. */
export function textsAt(value: unknown, keys: ReadonlySet<string>): string[] {
  if (Array.isArray(value)) return value.flatMap((each: unknown) => textsAt(each, keys))
  if (!isTree(value)) return []
  return Object.entries(value).flatMap(([key, each]) => (keys.has(key) ? wordsOf(each) : textsAt(each, keys)))
}

/** A text, or the words of a list as one. */
export function wordsOf(value: unknown): string[] {
  if (typeof value === "string") return [value]
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) return [value.join(" ")]
  return textsAt(value, new Set(["command", "url"]))
}
