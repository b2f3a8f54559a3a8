/** Providers on loopback, for the tests in which a real client drives the whole program. */
export { anthropic } from "./anthropic.ts"
export { responses, type SeenRequest } from "./responses.ts"
export type { Provider, Reply } from "./served.ts"
export { converseEvent, converseException } from "./strict/event-stream.ts"
export { PIXEL, type ScriptTurn, TWENTY_TURNS } from "./strict/script.ts"
export { type Journaled, STRICT_KEY, type StrictServer, strictServer } from "./strict/server.ts"
export type { Spoken, Understood } from "./strict/spoken.ts"
export { STRICT_PROVIDERS, type StrictProvider } from "./strict/table.ts"
