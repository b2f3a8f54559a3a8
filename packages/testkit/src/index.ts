export { logsPortContract, sessionEvents } from "./contracts/logs.ts"
export { memoryLogs } from "./memory-logs.ts"
