export { type CodeStream, createHighlighter, type Highlighter } from "./highlighter.ts"
export { type CodeSource, LANGUAGES, type Language, languageOf } from "./languages.ts"
export { type CodeLine, TOKEN_KINDS, type Token, type TokenKind } from "./token.ts"
