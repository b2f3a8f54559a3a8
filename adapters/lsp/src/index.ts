export { type ClosableCode, code } from "./code.ts"
export type { CodeOptions, CodeSettings, CustomServer } from "./options.ts"
