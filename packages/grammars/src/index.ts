export { type Loaded, loadGrammar } from "./grammars.ts"
export { type CodeSource, LANGUAGES, type Language, languageOf } from "./languages.ts"
export type { Effort, Reader } from "./reader.ts"
