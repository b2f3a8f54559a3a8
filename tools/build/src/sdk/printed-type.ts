import ts from "typescript-5"

export interface Printing {
  readonly checker: ts.TypeChecker
  /** What a type is called, where it is to stand by its name. */
  nameOf(type: ts.Type): string | undefined
}

/** A type as text, taken apart down to types that have a name of their own. Comments of fields stay with them. */
export function printed(type: ts.Type, printing: Printing, isRoot = false): string {
  const name = isRoot ? undefined : printing.nameOf(type)
  if (name !== undefined) return name
  const { checker } = printing
  if (type.isUnion()) return union(type, printing)
  if (checker.isArrayType(type)) {
    const [element] = checker.getTypeArguments(type as ts.TypeReference)
    const text = element === undefined ? "unknown" : printed(element, printing)
    const isOne = /^\w+$/.test(text) || (element !== undefined && !element.isUnion() && text.startsWith("{"))
    return `readonly ${isOne ? text : `(${text})`}[]`
  }
  if ((type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0) return object(type, printing)
  return checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation)
}

/** Each member once; `true | false` is one. */
function union(type: ts.UnionType, printing: Printing): string {
  const texts = type.types.map((member) => printed(member, printing))
  const isBoth = texts.includes("true") && texts.includes("false")
  const merged = isBoth ? [...texts.filter((text) => text !== "true" && text !== "false"), "boolean"] : texts
  return [...new Set(merged)].join(" | ")
}

function object(type: ts.Type, printing: Printing): string {
  const { checker } = printing
  const index = checker.getIndexInfoOfType(type, ts.IndexKind.String)
  if (index !== undefined) return `Readonly<Record<string, ${printed(index.type, printing)}>>`
  const fields = checker.getPropertiesOfType(type).map((field) => property(field, printing))
  return `{\n${fields.join("")}}`
}

function property(field: ts.Symbol, printing: Printing): string {
  const { checker } = printing
  const isOptional = (field.flags & ts.SymbolFlags.Optional) !== 0
  const said = printed(checker.getTypeOfSymbol(field), printing)
  const text = isOptional && !/(^|\| )undefined( \||$)/.test(said) && said !== "unknown" ? `${said} | undefined` : said
  const words = ts.displayPartsToString(field.getDocumentationComment(checker))
  const comment = words === "" ? "" : `/** ${words.replaceAll("\n", "\n * ")} */\n`
  return `${comment}readonly ${field.name}${isOptional ? "?" : ""}: ${text}\n`
}
