import { createHash } from "node:crypto"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { SkeinError } from "@skein/protocol"

/** What a program shows of itself, written as `reference.json`. */
export interface Reference {
  readonly v: 1
  readonly program: string
  /** Of the file that was run. */
  readonly sha256: string
  /** The first line that it calls its version; empty where it has none. */
  readonly version: string
  readonly capturedAt: string
  readonly commands: readonly CommandPage[]
  /** Names with what stands behind them, where it lists any. */
  readonly features: Readonly<Record<string, string>>
  /** SHA-256 of each schema that it wrote, by its path below `schemas`. */
  readonly schemas: Readonly<Record<string, string>>
  /** What was not recorded, and why. */
  readonly notes: readonly string[]
}

/** The help of one command. */
export interface CommandPage {
  /** The words behind the program's name; none for the program itself. */
  readonly path: readonly string[]
  readonly exitCode: number | null
  readonly sha256: string
  readonly commands: readonly string[]
  readonly flags: readonly string[]
  /** The page itself. */
  readonly help: string
}

export const FILE_NAME = "reference.json"

/** Reads a record. Throws SkeinError `config.invalid`. */
export function readReference(folder: string): Reference {
  const file = join(folder, FILE_NAME)
  const refuse = (why: string, cause?: unknown) =>
    new SkeinError("config.invalid", `${file} ${why}. Make one: skein reference capture <program> --out DIR.`, {
      cause,
    })
  if (!existsSync(file)) throw refuse("is not there")
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"))
    if (isReference(value)) return value
  } catch (cause) {
    throw refuse("cannot be read", cause)
  }
  throw refuse("is no record of a program, or of another version")
}

function isReference(value: unknown): value is Reference {
  return typeof value === "object" && value !== null && "v" in value && value.v === 1 && "commands" in value
}

export function sha256Of(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex")
}
