import { createHash } from "node:crypto"
import { chunksOf } from "./lines.ts"

/** What a file held: reading exactly so many bytes again gives the same. */
export interface Fingerprint {
  readonly sha256: string
  readonly bytes: number
}

export async function fingerprintOf(path: string): Promise<Fingerprint> {
  const hash = createHash("sha256")
  let bytes = 0
  for await (const chunk of chunksOf(path)) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { sha256: hash.digest("hex"), bytes }
}

export function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex")
}
