export type { Line } from "./line.ts"
export { type AuditQuery, queryAudit } from "./query.ts"
export { type AuditReport, type Break, type Point, type VerifyOptions, verifyAudit } from "./verify.ts"
