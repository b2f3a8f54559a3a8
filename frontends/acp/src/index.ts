export type { AcpOptions } from "./agent.ts"
export { type AcpServing, serveAcp } from "./serve.ts"
