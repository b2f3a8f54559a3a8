/** What a SKILL.md begins with, taken apart. */
export type Head =
  | {
      readonly kind: "read"
      /** What its YAML says; `__proto__` and the like are plain keys. */
      readonly fields: ReadonlyMap<string, unknown>
      /** What follows it, as written. */
      readonly body: string
      /** Sentences about what had to be mended to read it. */
      readonly mended: readonly string[]
      /** The YAML's own text. */
      readonly yaml: string
    }
  | { readonly kind: "hopeless"; readonly why: string }

/** Longer ones are no heads. */
export const HEAD_BYTES_MAX = 64 * 1024

/**
 * Reads `---`, YAML, `---`, text, as agentskills.io wants clients to: any line end, a byte order mark, and values with an
 * unquoted colon, which other clients take as text.
 */
export function headOf(text: string): Head {
  const lines = text
    .replace(/^\u{feff}/u, "")
    .replaceAll(/\r\n?/g, "\n")
    .split("\n")
  if (lines[0]?.trimEnd() !== "---") return hopeless("it does not begin with front matter: --- on its first line")
  const end = lines.findIndex((line, at) => at > 0 && line.trimEnd() === "---")
  if (end === -1) return hopeless(`its front matter is not closed by --- within ${HEAD_BYTES_MAX} bytes`)
  const yaml = lines.slice(1, end).join("\n")
  if (yaml.length > HEAD_BYTES_MAX) return hopeless(`its front matter is longer than ${HEAD_BYTES_MAX} bytes`)
  const body = lines.slice(end + 1).join("\n")
  const plain = parsed(yaml)
  if (typeof plain !== "string") return asHead(plain, { body, mended: [], yaml })
  const rescued = parsed(quotedColons(yaml))
  if (typeof rescued === "string") return hopeless(`its front matter is no YAML: ${plain}`)
  return asHead(rescued, {
    body,
    mended: ["a value with a colon in it is not quoted, which strict readers refuse"],
    yaml,
  })
}

function hopeless(why: string): Head {
  return { kind: "hopeless", why }
}

function asHead(value: unknown, rest: Omit<Extract<Head, { kind: "read" }>, "kind" | "fields">): Head {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return hopeless("its front matter is no map of keys and values")
  return { kind: "read", fields: new Map(Object.entries(value)), ...rest }
}

/** The value, in a list of one; or why it is none. */
function parsed(yaml: string): unknown {
  try {
    const value: unknown = Bun.YAML.parse(yaml)
    return typeof value === "string" ? "it is a single text" : (value ?? {})
  } catch (error) {
    // A SyntaxError for what is no YAML, a RangeError for what nests without end.
    if (error instanceof SyntaxError || error instanceof RangeError) return error.message.slice(0, 200)
    throw error
  }
}

/** Each plain value of the first level that holds `: ` is put into quotes. */
function quotedColons(yaml: string): string {
  return yaml
    .split("\n")
    .map((line) => {
      const [, key, value] = /^([A-Za-z_][\w-]*):\s+([^\s"'|>[{&*!#].*)$/.exec(line) ?? []
      return key === undefined || value === undefined || !/:(\s|$)/.test(value)
        ? line
        : `${key}: ${JSON.stringify(value.trimEnd())}`
    })
    .join("\n")
}
