export { type FoundFile, findFiles, indexFiles } from "./files.ts"
export { fuzzy, type Match, ranked } from "./fuzzy.ts"
