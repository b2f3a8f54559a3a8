/** What a piece of code is, for coloring: the few kinds that a calm screen tells apart. */
export const TOKEN_KINDS = [
  "plain",
  "comment",
  "string",
  "number",
  "keyword",
  "type",
  "function",
  "property",
  "operator",
  "constant",
  "tag",
] as const
export type TokenKind = (typeof TOKEN_KINDS)[number]

/** A piece of code of one kind. */
export interface Token {
  readonly text: string
  readonly kind: TokenKind
}

/** A line of code in pieces; put together they are the line, byte for byte. */
export type CodeLine = readonly Token[]
