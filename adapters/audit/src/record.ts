import { type Audit, type AuditOptions, audit } from "./audit.ts"
import { auditFile, headFileOf } from "./paths.ts"

export interface RecordOptions extends Omit<AuditOptions, "file" | "headFile"> {
  /** The person's data folder: what tells where the record ends lies there, wherever the record is. Absolute. */
  readonly dataDir: string
  /** In the place of the one in the data folder. Absolute. */
  readonly file?: string | undefined
  /** False: nothing is recorded, and nothing waits for it. */
  readonly isEnabled: boolean
}

/** The record with where it lies and what reads it. */
export interface AuditRecord extends Audit {
  /** Absolute, also when nothing is recorded. */
  readonly file: string
  readonly headFile: string
  reading(): Promise<AuditReading>
}

export type AuditReading = typeof import("./reading.ts")

/** The record of a person's skein. Nothing is opened or loaded before the first entry. */
export function auditRecord({ dataDir, file = auditFile(dataDir), isEnabled, ...options }: RecordOptions): AuditRecord {
  const headFile = headFileOf(dataDir, file)
  const kept = audit({ ...options, file, headFile })
  return {
    ...{ file, headFile, close: kept.close, reading: () => import("./reading.ts") },
    record: isEnabled ? kept.record : async () => undefined,
  }
}
