export { type Audit, type AuditOptions, audit } from "./audit.ts"
export { auditFile, headFileOf } from "./paths.ts"
export { type AuditReading, type AuditRecord, auditRecord, type RecordOptions } from "./record.ts"
