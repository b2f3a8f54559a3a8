/** Providers on loopback, for the tests in which a real client drives the whole program. */
export { anthropic } from "./anthropic.ts"
export { responses, type SeenRequest } from "./responses.ts"
export type { Provider, Reply } from "./served.ts"
