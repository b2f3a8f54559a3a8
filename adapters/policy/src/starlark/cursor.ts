import { StarlarkError } from "./error.ts"
import type { Expression, Target } from "./syntax.ts"
import type { Token } from "./tokens.ts"

export interface Cursor {
  peek(ahead?: number): Token
  next(): Token
  /** Takes the token if it reads so. */
  take(text: string): boolean
  expect(text: string): Token
}

export function cursorOver(tokens: readonly Token[]): Cursor {
  let at = 0
  const last = tokens.at(-1)
  const peek = (ahead = 0): Token => {
    const token = tokens[at + ahead] ?? last
    if (token === undefined) throw new Error("A file has at least its end")
    return token
  }
  const isWord = (token: Token, text: string) =>
    token.text === text && (token.kind === "operator" || token.kind === "keyword")
  return {
    peek,
    next() {
      const token = peek()
      at++
      return token
    },
    take(text) {
      const isIt = isWord(peek(), text)
      if (isIt) at++
      return isIt
    },
    expect(text) {
      const token = peek()
      if (!isWord(token, text)) throw unexpected(token, JSON.stringify(text))
      at++
      return token
    },
  }
}

export function unexpected(token: Token, wanted: string): StarlarkError {
  const found =
    token.kind === "newline"
      ? "the end of the line"
      : token.kind === "end"
        ? "the end of the file"
        : JSON.stringify(token.text)
  return new StarlarkError(`expected ${wanted}, found ${found}`, token.at)
}

export function targetOf(expression: Expression): Target {
  if (expression.kind === "name") return { kind: "name", name: expression.name, at: expression.at }
  if (expression.kind === "tuple" || expression.kind === "list") {
    return { kind: "tuple", items: expression.items.map(targetOf), at: expression.at }
  }
  throw new StarlarkError("only names can be assigned to", expression.at)
}
