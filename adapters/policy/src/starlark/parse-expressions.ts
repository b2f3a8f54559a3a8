import { type Cursor, targetOf, unexpected } from "./cursor.ts"
import { StarlarkError } from "./error.ts"
import type { Argument, Clause, Expression, Target } from "./syntax.ts"

export interface ExpressionReader {
  /** One expression; a comma ends it. */
  one(): Expression
  /** One, or a tuple of several without parentheses. */
  many(): Expression
  /** What stands between `for` and `in`. */
  target(): Target
}

/** Binding powers, loosest first. */
const LEVELS: readonly (readonly string[])[] = [
  ["or"],
  ["and"],
  ["not"],
  ["==", "!=", "<", ">", "<=", ">=", "in", "not in"],
  ["|"],
  ["+", "-"],
  ["*", "/", "//", "%"],
]
const NOT_LEVEL = 2
/** Deep enough for any policy; shallow enough for the stack. */
const DEPTH_MAX = 200

export function expressions(cursor: Cursor): ExpressionReader {
  let depth = 0
  return { one, many, target }

  function one(): Expression {
    if (++depth > DEPTH_MAX) throw new StarlarkError("this is nested too deeply", cursor.peek().at)
    const then = level(0)
    depth--
    if (cursor.peek().kind !== "keyword" || !cursor.take("if")) return then
    const test = level(0)
    cursor.expect("else")
    return { kind: "if", at: then.at, test, then, otherwise: one() }
  }

  function many(): Expression {
    const first = one()
    if (!isNext(",")) return first
    const items = [first]
    while (cursor.take(",")) {
      if (cursor.peek().kind === "newline" || isNext("=") || isNext(")")) break
      items.push(one())
    }
    return { kind: "tuple", items, at: first.at }
  }

  function target(): Target {
    const first = primary()
    if (!isNext(",")) return targetOf(first)
    const items = [targetOf(first)]
    while (cursor.take(",")) items.push(targetOf(primary()))
    return { kind: "tuple", items, at: first.at }
  }

  function isNext(text: string): boolean {
    const token = cursor.peek()
    return token.text === text && (token.kind === "operator" || token.kind === "keyword")
  }

  function level(at: number): Expression {
    const operators = LEVELS[at]
    if (operators === undefined) return unary()
    if (at === NOT_LEVEL) {
      const { at: place } = cursor.peek()
      return cursor.take("not") ? { kind: "unary", operator: "not", of: level(at), at: place } : level(at + 1)
    }
    let left = level(at + 1)
    for (let operator = operatorOf(operators); operator !== undefined; operator = operatorOf(operators)) {
      left = { kind: "binary", operator, left, right: level(at + 1), at: left.at }
    }
    return left
  }

  function operatorOf(operators: readonly string[]): string | undefined {
    const token = cursor.peek()
    if (token.kind !== "operator" && token.kind !== "keyword") return undefined
    const isNotIn = token.text === "not" && cursor.peek(1).text === "in" && cursor.peek(1).kind === "keyword"
    const operator = isNotIn ? "not in" : token.text
    if (!operators.includes(operator)) return undefined
    cursor.next()
    if (isNotIn) cursor.next()
    return operator
  }

  function unary(): Expression {
    const { at } = cursor.peek()
    for (const operator of ["-", "+"]) if (cursor.take(operator)) return { kind: "unary", operator, of: unary(), at }
    return primary()
  }

  function primary(): Expression {
    let value = atom()
    for (;;) {
      const { at } = cursor.peek()
      if (cursor.take("(")) value = { kind: "call", callee: value, args: argumentsOf(), at: value.at }
      else if (cursor.take(".")) {
        const name = cursor.next()
        if (name.kind !== "name") throw unexpected(name, "a name")
        value = { kind: "dot", of: value, name: name.text, at }
      } else if (cursor.take("[")) value = subscript(value)
      else return value
    }
  }

  function subscript(of: Expression): Expression {
    const { at } = cursor.peek()
    const from = isNext(":") ? undefined : one()
    if (from !== undefined && cursor.take("]")) return { kind: "index", of, index: from, at }
    cursor.expect(":")
    const to = isNext("]") ? undefined : one()
    cursor.expect("]")
    return { kind: "slice", of, from, to, at }
  }

  function argumentsOf(): readonly Argument[] {
    const args: Argument[] = []
    while (!cursor.take(")")) {
      args.push(argument())
      if (!cursor.take(",")) {
        cursor.expect(")")
        break
      }
    }
    return args
  }

  function argument(): Argument {
    if (cursor.take("**")) return { spread: "dict", value: one() }
    if (cursor.take("*")) return { spread: "list", value: one() }
    const [token, following] = [cursor.peek(), cursor.peek(1)]
    if (token.kind === "name" && following.kind === "operator" && following.text === "=") {
      cursor.next()
      cursor.next()
      return { name: token.text, value: one() }
    }
    return { value: one() }
  }

  function atom(): Expression {
    const token = cursor.next()
    const { at } = token
    if (token.kind === "string") return { kind: "value", value: strings(token.text), at }
    if (token.kind === "number") return { kind: "value", value: token.value, at }
    if (token.kind === "name") return { kind: "name", name: token.text, at }
    if (token.kind === "keyword" && token.text === "lambda") throw new StarlarkError("lambda is not available here", at)
    if (token.kind === "keyword" && Object.hasOwn(CONSTANTS, token.text)) {
      return { kind: "value", value: CONSTANTS[token.text] ?? null, at }
    }
    if (token.kind !== "operator") throw unexpected(token, "a value")
    if (token.text === "(") return parenthesised(at)
    if (token.text === "[") return listed(at)
    if (token.text === "{") return dict(at)
    throw unexpected(token, "a value")
  }

  /** Strings that stand side by side are one. */
  function strings(first: string): string {
    let text = first
    for (let token = cursor.peek(); token.kind === "string"; token = cursor.peek()) text += cursor.next().text
    return text
  }

  function parenthesised(at: Expression["at"]): Expression {
    if (cursor.take(")")) return { kind: "tuple", items: [], at }
    const inside = many()
    cursor.expect(")")
    return inside
  }

  function listed(at: Expression["at"]): Expression {
    if (cursor.take("]")) return { kind: "list", items: [], at }
    const items = [one()]
    if (isNext("for")) {
      const clauses = clausesOf()
      cursor.expect("]")
      const [of] = items
      if (of === undefined) throw new Error("A comprehension has a value")
      return { kind: "comprehension", of, clauses, at }
    }
    while (cursor.take(",") && !isNext("]")) items.push(one())
    cursor.expect("]")
    return { kind: "list", items, at }
  }

  function dict(at: Expression["at"]): Expression {
    const entries: [Expression, Expression][] = []
    while (!cursor.take("}")) {
      const key = one()
      cursor.expect(":")
      const value = one()
      if (entries.length === 0 && isNext("for")) {
        const clauses = clausesOf()
        cursor.expect("}")
        return { kind: "comprehension", of: key, value, clauses, at }
      }
      entries.push([key, value])
      if (!cursor.take(",")) {
        cursor.expect("}")
        break
      }
    }
    return { kind: "dict", entries, at }
  }

  function clausesOf(): readonly Clause[] {
    const clauses: Clause[] = []
    for (;;) {
      if (cursor.take("for")) {
        const loopTarget = target()
        cursor.expect("in")
        clauses.push({ kind: "for", target: loopTarget, of: level(0) })
      } else if (cursor.take("if")) clauses.push({ kind: "if", test: level(0) })
      else return clauses
    }
  }
}

const CONSTANTS: Readonly<Record<string, boolean | null>> = { True: true, False: false, None: null }
