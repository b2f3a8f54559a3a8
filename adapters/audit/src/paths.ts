import { readdirSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { refusal } from "./world.ts"

/** Where the record of actions is written when the settings name no other place. */
export function auditFile(dataDir: string): string {
  return join(dataDir, "audit", "audit.jsonl")
}

/**
 * Where its newest line is kept in mind. In another folder than the record, so that who moves, cuts or deletes the one
 * does not take the other along; named after it, so that two records do not share one.
 */
export function headFileOf(dataDir: string, file: string): string {
  const name = new Bun.CryptoHasher("sha256").update(file).digest("hex").slice(0, 16)
  return join(dataDir, "audit-heads", `${name}.json`)
}

/** What makes the hashes of names unguessable, beside the record. */
export function keyFileOf(file: string): string {
  return join(dirname(file), `${basename(file)}.key`)
}

/** A file that is full goes on under this name. */
export function fullFile(file: string, number: number): string {
  return `${file}.${number}`
}

/** Numbers of the full files that are there, oldest first. */
export function fullNumbers(file: string): number[] {
  const start = `${basename(file)}.`
  return namesIn(dirname(file))
    .filter((name) => name.startsWith(start) && /^[1-9]\d{0,8}$/.test(name.slice(start.length)))
    .map((name) => Number(name.slice(start.length)))
    .sort((a, b) => a - b)
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (refusal(error) === "ENOENT") return []
    throw error
  }
}
