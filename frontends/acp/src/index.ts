export type { AcpOptions } from "./acp-options.ts"
export { type AcpServing, serveAcp } from "./serve.ts"
