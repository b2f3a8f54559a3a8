export { patternFor } from "./pattern.ts"
export { type Shell, shell } from "./shell.ts"
