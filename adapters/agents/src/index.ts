export { type AgentsOptions, agents } from "./agents.ts"
export type { AgentFile } from "./files/parse.ts"
