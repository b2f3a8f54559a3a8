/** A type of a message. */
export type Type =
  | { readonly kind: "plain"; readonly name: "string" | "number" | "integer" | "boolean" | "null" | "unknown" }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "named"; readonly name: string }
  | { readonly kind: "list"; readonly of: Type }
  | { readonly kind: "record"; readonly of: Type }
  | { readonly kind: "union"; readonly of: readonly Type[] }
  | { readonly kind: "object"; readonly members: readonly Member[] }

export interface Member {
  readonly name: string
  readonly isOptional: boolean
  readonly type: Type
}

const PLAIN = ["string", "number", "integer", "boolean", "null", "unknown"] as const
const TOKEN = /\s*(?:(\/\/[^\n]*)|("[^"]*")|([A-Za-z_]\w*)|([{}[\]()<>|=:?,]))/y

/**
 * Reads declarations in a small part of TypeScript: `type Name = …` of texts, numbers (`integer` too), lists, records, unions
 * and objects. Throws Error that says where it does not understand.
 */
export function readTypes(text: string): ReadonlyMap<string, Type> {
  const tokens = tokensOf(text)
  const types = new Map<string, Type>()
  let at = 0

  function next(): string {
    const token = tokens[at++]
    if (token === undefined) throw new Error("The declarations end in the middle of one")
    return token
  }

  function take(token: string): boolean {
    if (tokens[at] !== token) return false
    at += 1
    return true
  }

  function need(token: string): void {
    if (take(token)) return
    throw new Error(`Expected ${token} behind ${tokens.slice(Math.max(0, at - 8), at).join(" ")}, not ${tokens[at]}`)
  }

  function union(): Type {
    take("|")
    const all = [listed()]
    while (take("|")) all.push(listed())
    return all.length === 1 && all[0] !== undefined ? all[0] : { kind: "union", of: all }
  }

  function listed(): Type {
    let type = single()
    while (take("[")) {
      need("]")
      type = { kind: "list", of: type }
    }
    return type
  }

  function single(): Type {
    const token = next()
    if (token === "{") return { kind: "object", members: members() }
    if (token === "(") {
      const inner = union()
      need(")")
      return inner
    }
    if (token.startsWith('"')) return { kind: "text", value: token.slice(1, -1) }
    if (token === "Record") {
      for (const word of ["<", "string", ","]) need(word)
      const of = union()
      need(">")
      return { kind: "record", of }
    }
    const plain = PLAIN.find((name) => name === token)
    return plain === undefined ? { kind: "named", name: token } : { kind: "plain", name: plain }
  }

  function members(): readonly Member[] {
    const all: Member[] = []
    while (!take("}")) {
      const name = next()
      const isOptional = take("?")
      need(":")
      all.push({ name, isOptional, type: union() })
      take(",")
    }
    return all
  }

  while (at < tokens.length) {
    need("type")
    const name = next()
    need("=")
    types.set(name, union())
  }
  return types
}

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  const whole = text.trimEnd()
  while (TOKEN.lastIndex < whole.length) {
    const from = TOKEN.lastIndex
    const match = TOKEN.exec(whole)
    if (match === null) throw new Error(`Not understood: ${whole.slice(from, from + 40)}`)
    const token = match[2] ?? match[3] ?? match[4]
    if (token !== undefined) tokens.push(token)
  }
  return tokens
}

/** The names that a type leans on, itself left out, each once. */
export function namesIn(type: Type): readonly string[] {
  switch (type.kind) {
    case "named":
      return [type.name]
    case "list":
    case "record":
      return namesIn(type.of)
    case "union":
      return [...new Set(type.of.flatMap(namesIn))]
    case "object":
      return [...new Set(type.members.flatMap((member) => namesIn(member.type)))]
    default:
      return []
  }
}
