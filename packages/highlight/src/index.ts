export { type CodeSource, LANGUAGES, type Language, languageOf } from "@skein/grammars"
export { type CodeStream, createHighlighter, type Highlighter } from "./highlighter.ts"
export { type CodeLine, TOKEN_KINDS, type Token, type TokenKind } from "./token.ts"
