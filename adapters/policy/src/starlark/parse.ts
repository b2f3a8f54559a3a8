import { type Cursor, cursorOver, targetOf, unexpected } from "./cursor.ts"
import { StarlarkError } from "./error.ts"
import { type ExpressionReader, expressions } from "./parse-expressions.ts"
import type { Block, Parameter, Statement } from "./syntax.ts"
import { tokensOf } from "./tokens.ts"

/** A file as statements. Throws StarlarkError with the place. */
export function parse(source: string): Block {
  const cursor = cursorOver(tokensOf(source))
  const reader = expressions(cursor)
  const statements: Statement[] = []
  while (cursor.peek().kind !== "end") statements.push(...statementOf(cursor, reader))
  return statements
}

function statementOf(cursor: Cursor, reader: ExpressionReader): readonly Statement[] {
  const { text, at, kind } = cursor.peek()
  if (kind === "indent") throw new StarlarkError("this line is indented without reason", at)
  if (kind === "keyword" && text === "def") return [definition(cursor, reader)]
  if (kind === "keyword" && text === "if") return [branch(cursor, reader)]
  if (kind === "keyword" && text === "for") return [loop(cursor, reader)]
  const statements = [simple(cursor, reader)]
  while (cursor.take(";") && cursor.peek().kind !== "newline") statements.push(simple(cursor, reader))
  endLine(cursor)
  return statements
}

function endLine(cursor: Cursor): void {
  const token = cursor.peek()
  if (token.kind === "end") return
  if (token.kind !== "newline") throw unexpected(token, "the end of the line")
  cursor.next()
}

function simple(cursor: Cursor, reader: ExpressionReader): Statement {
  const { text, at, kind } = cursor.peek()
  if (kind === "keyword" && (text === "pass" || text === "break" || text === "continue")) {
    cursor.next()
    return { kind: text, at }
  }
  if (cursor.take("return")) {
    return cursor.peek().kind === "newline" ? { kind: "return", at } : { kind: "return", at, of: reader.many() }
  }
  if (kind === "keyword" && (text === "load" || text === "while" || text === "lambda")) {
    throw new StarlarkError(`${text} is not available here`, at)
  }
  const left = reader.many()
  if (cursor.take("=")) return { kind: "assign", at, target: targetOf(left), value: reader.many() }
  const operator = cursor.peek()
  if (operator.kind === "operator" && /^(?:\+|-|\*|\/\/|%)=$/.test(operator.text)) {
    cursor.next()
    if (left.kind !== "name") throw new StarlarkError("only a name can be assigned to so", at)
    return { kind: "extend", at, name: left.name, operator: operator.text.slice(0, -1), value: reader.many() }
  }
  return { kind: "expression", at, of: left }
}

function block(cursor: Cursor, reader: ExpressionReader): Block {
  cursor.expect(":")
  if (cursor.peek().kind !== "newline") return statementOf(cursor, reader)
  cursor.next()
  if (cursor.peek().kind !== "indent") throw unexpected(cursor.peek(), "an indented block")
  cursor.next()
  const statements: Statement[] = []
  while (cursor.peek().kind !== "dedent") statements.push(...statementOf(cursor, reader))
  cursor.next()
  return statements
}

function branch(cursor: Cursor, reader: ExpressionReader): Statement {
  const { at } = cursor.next()
  const test = reader.one()
  const then = block(cursor, reader)
  if (cursor.peek().text === "elif" && cursor.peek().kind === "keyword") {
    return { kind: "if", at, test, then, otherwise: [branch(cursor, reader)] }
  }
  return { kind: "if", at, test, then, otherwise: cursor.take("else") ? block(cursor, reader) : [] }
}

function loop(cursor: Cursor, reader: ExpressionReader): Statement {
  const { at } = cursor.expect("for")
  const target = reader.target()
  cursor.expect("in")
  return { kind: "for", at, target, of: reader.many(), body: block(cursor, reader) }
}

function definition(cursor: Cursor, reader: ExpressionReader): Statement {
  const { at } = cursor.expect("def")
  const name = nameOf(cursor)
  cursor.expect("(")
  const parameters: Parameter[] = []
  while (!cursor.take(")")) {
    const parameter = nameOf(cursor)
    if (cursor.take(":")) reader.one()
    parameters.push(cursor.take("=") ? { name: parameter, otherwise: reader.one() } : { name: parameter })
    if (!cursor.take(",")) {
      cursor.expect(")")
      break
    }
  }
  if (cursor.take("->")) reader.one()
  return { kind: "def", at, name, parameters, body: block(cursor, reader) }
}

function nameOf(cursor: Cursor): string {
  const token = cursor.next()
  if (token.kind !== "name") throw unexpected(token, "a name")
  return token.text
}
