import ts from "typescript-5"
import { type Printing, printed } from "./printed-type.ts"

/** Families of types, one for each word: `Op<"turn.submit">`. Each is written as a map and a lookup in it. */
const FAMILIES: Readonly<Record<string, string>> = { Op: "OpType", Query: "QueryType" }

/**
 * What a client has to know of the protocol's types, as one file of declarations that names no schema library: what is made from
 * schemas is written out, all else stands as its authors wrote it.
 */
export function protocolTypes({ program, folder, probe }: Sources, wanted: readonly string[]): string {
  const checker = program.getTypeChecker()
  const known = namesIn(program, checker, folder)
  const [done, waiting] = [new Map<string, string>(), [...wanted]]
  const want = (name: string) => {
    if (!done.has(name)) waiting.push(name)
    return name
  }
  const printing: Printing = {
    checker,
    nameOf(type) {
      const symbol = [type.aliasSymbol, type.symbol].find((one) => one !== undefined && known.get(one.name) === one)
      if (symbol === undefined || isGeneric(symbol) || (type.aliasTypeArguments?.length ?? 0) > 0) return undefined
      return want(symbol.name)
    },
  }
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if (done.has(name)) continue
    const symbol = known.get(name)
    if (symbol === undefined) throw new Error(`The protocol has no type ${JSON.stringify(name)}`)
    done.set(name, "")
    done.set(name, declared(symbol, { probe: probeOf(program, probe), printing, known, want }))
  }
  return [...done.keys()]
    .toSorted()
    .map((name) => done.get(name))
    .join("\n\n")
}

export interface Sources {
  readonly program: ts.Program
  /** Where the protocol's files are. */
  readonly folder: string
  /** The file whose text is `probeText`. */
  readonly probe: string
}

interface Declaring {
  /** The type that lists the members of a family. */
  readonly probe: (family: string) => ts.Symbol
  readonly printing: Printing
  readonly known: ReadonlyMap<string, ts.Symbol>
  want(name: string): string
}

function probeOf(program: ts.Program, path: string): Declaring["probe"] {
  const names = namesIn(program, program.getTypeChecker(), path)
  return (family) => {
    const symbol = names.get(`${family}Probe`)
    if (symbol === undefined) throw new Error(`Nothing lists the members of ${family}`)
    return symbol
  }
}

function declared(symbol: ts.Symbol, declaring: Declaring): string {
  const { name } = symbol
  const { checker } = declaring.printing
  const node = declarationOf(symbol)
  const kind = FAMILIES[name]
  if (kind !== undefined) return family(symbol, kind, declaring)
  if (ts.isClassDeclaration(node)) return classText(node, declaring)
  if (ts.isInterfaceDeclaration(node) || isPlain(node)) {
    for (const used of namesUsed(node, declaring)) declaring.want(used)
    return `${commentOf(node)}export ${spelledOut(node, declaring.printing).replace(/^export /, "")}`
  }
  const type = checker.getDeclaredTypeOfSymbol(symbol)
  return `${commentOf(node)}export type ${name} = ${printed(type, declaring.printing, true)}`
}

/** As it stands in its file, but for lists of values, of which nobody outside has any: their words stand there. */
function spelledOut(node: ts.Node, printing: Printing): string {
  const edits: { readonly from: number; readonly to: number; readonly text: string }[] = []
  const look = (one: ts.Node): void => {
    if (!ts.isIndexedAccessTypeNode(one) || !/^\(?typeof /.test(one.getText())) return ts.forEachChild(one, look)
    const text = printed(printing.checker.getTypeFromTypeNode(one), printing, true)
    edits.push({ from: one.getStart() - node.getStart(), to: one.getEnd() - node.getStart(), text: `(${text})` })
  }
  look(node)
  return edits.reduceRight(
    (text, { from, to, text: words }) => text.slice(0, from) + words + text.slice(to),
    node.getText(),
  )
}

/** Written out as it is, because nothing of it comes from a schema or a list of values. */
function isPlain(node: ts.Declaration): boolean {
  return (
    ts.isTypeAliasDeclaration(node) &&
    !/\b(z\.|keyof typeof|DraftOf|WithEnvelope|Immutable|IdPrefix)/.test(node.getText())
  )
}

/** The map of a family is that of the probe: see `probeText`. */
function family(symbol: ts.Symbol, kind: string, { probe, printing, want }: Declaring): string {
  const { checker } = printing
  const { name } = symbol
  const node = declarationOf(symbol)
  const source = node.getSourceFile().text
  want(kind)
  const rows = checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(probe(name))).map((member) => {
    const text = printed(checker.getTypeOfSymbol(member), printing, true)
    return `${wordComment(source, member.name)}readonly ${JSON.stringify(member.name)}: ${text}`
  })
  return [
    `/** Each by its type. */\nexport interface ${name}Types {\n${rows.join("\n")}\n}`,
    `${commentOf(node)}export type ${name}<T extends ${kind} = ${kind}> = ${name}Types[T]`,
  ].join("\n\n")
}

/** A file beside the protocol's that asks the compiler for each member of each family. */
export function probeText(protocol: string): string {
  const names = Object.entries(FAMILIES).flat().join(", ")
  const maps = Object.entries(FAMILIES).map(
    ([name, kind]) => `export type ${name}Probe = { [T in ${kind}]: ${name}<T> }`,
  )
  return [`import type { ${names} } from ${JSON.stringify(protocol)}`, ...maps].join("\n")
}

/** What stands above a member where the family is defined, by its word. */
function wordComment(source: string, word: string): string {
  const at = source.indexOf(`  "${word}": `)
  const [, comment = ""] = /(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)\s*$/.exec(source.slice(0, Math.max(at, 0))) ?? []
  return comment === "" ? "" : `${comment}\n`
}

/** The declaration of a class without what it does. */
function classText(node: ts.ClassDeclaration, { want, known }: Declaring): string {
  const members = node.members.flatMap((member) => {
    const text = member.getText()
    if (ts.isPropertyDeclaration(member))
      return [
        `${commentOf(member)}${text.replace(/^override /, "").replace(/readonly name = (.*)/, "readonly name: $1")}`,
      ]
    if (ts.isConstructorDeclaration(member)) {
      const parameters = member.parameters.map(
        (one) => `${one.name.getText()}${one.initializer ? "?" : ""}: ${one.type?.getText()}`,
      )
      return [`constructor(${parameters.join(", ")})`]
    }
    return []
  })
  for (const used of namesUsed(node, { known })) want(used)
  const extended = node.heritageClauses?.map((clause) => clause.getText()).join(" ") ?? ""
  return `${commentOf(node)}export declare class ${node.name?.text} ${extended} {\n${members.join("\n")}\n}`
}

/** Names of the protocol's own types that a declaration speaks of. */
function namesUsed(node: ts.Node, { known }: Pick<Declaring, "known">): string[] {
  const found: string[] = []
  const look = (one: ts.Node) => {
    if (ts.isTypeReferenceNode(one) && ts.isIdentifier(one.typeName)) found.push(one.typeName.text)
    if (ts.isExpressionWithTypeArguments(one) && ts.isIdentifier(one.expression)) found.push(one.expression.text)
    ts.forEachChild(one, look)
  }
  look(node)
  return [...new Set(found)].filter((name) => known.has(name))
}

/** Every type that is declared in these folders, by its name: the protocol has each name once. */
function namesIn(program: ts.Program, checker: ts.TypeChecker, folder: string): ReadonlyMap<string, ts.Symbol> {
  const known = new Map<string, ts.Symbol>()
  for (const file of program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(folder))) {
    for (const node of file.statements) {
      if (!ts.isTypeAliasDeclaration(node) && !ts.isInterfaceDeclaration(node) && !ts.isClassDeclaration(node)) continue
      const symbol = node.name === undefined ? undefined : checker.getSymbolAtLocation(node.name)
      if (symbol !== undefined) known.set(symbol.name, symbol)
    }
  }
  return known
}

function isGeneric(symbol: ts.Symbol): boolean {
  const node = declarationOf(symbol)
  return (ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node)) && node.typeParameters !== undefined
}

/** A schema may have the name of its type: the type is meant. */
function declarationOf(symbol: ts.Symbol): ts.Declaration {
  const isType = (node: ts.Node) =>
    ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node)
  const node = symbol.declarations?.find(isType)
  if (node === undefined) throw new Error(`${symbol.name} is declared nowhere`)
  return node
}

function commentOf(node: ts.Node): string {
  const [comment] = ts.getLeadingCommentRanges(node.getSourceFile().text, node.getFullStart())?.slice(-1) ?? []
  const text = comment === undefined ? "" : node.getSourceFile().text.slice(comment.pos, comment.end)
  return text.startsWith("/**") ? `${text}\n` : ""
}
