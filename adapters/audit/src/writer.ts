import { mkdirSync } from "node:fs"
import { dirname } from "node:path"
import type { AuditEntry } from "@skein/core/ports"
import { Chain, type ChainOptions } from "./chain.ts"
import { fieldsOf, type HashName } from "./entry.ts"
import { hashFor } from "./key.ts"
import { keyFileOf } from "./paths.ts"

export interface Writer {
  write(entries: readonly AuditEntry[]): Promise<void>
  close(): void
}

/** Writes entries without their content. */
export function writerOf(options: ChainOptions): Writer {
  const chain = new Chain(options)
  let hash: HashName | undefined
  return {
    async write(entries) {
      hash ??= madeHash(options.file)
      const keyed = hash
      await chain.append(entries.map((entry) => fieldsOf(entry, keyed)))
    },
    close: () => chain.close(),
  }
}

function madeHash(file: string): HashName {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  return hashFor(keyFileOf(file))
}
