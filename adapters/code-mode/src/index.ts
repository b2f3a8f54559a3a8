export type { CodeModeOptions } from "./options.ts"
export { codeMode } from "./provider.ts"
