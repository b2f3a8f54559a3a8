import type { TakeLock } from "@skein/core/ports"
import { changeObject, readObject } from "@skein/kept"
import { asObject, asText } from "@skein/protocol/json"
import type { KnownTool } from "./known.ts"

/** A tool's definition as it was when a call of it was first run, so that another one is noticed. */
export interface Pin {
  readonly sha256: string
  /** A person said yes to a call of it as it is defined there. */
  readonly isApproved: boolean
  /** Its description, schema and reach as text. */
  readonly definition: string
}

export interface Pins {
  of(tool: KnownTool): Pin | undefined
  put(tool: KnownTool, isApproved: boolean): Promise<void>
}

/** In the person's own data, where no plugin can bring it along. */
export function pins(file: string, lock: () => Promise<TakeLock>): Pins {
  return {
    of({ pinnedAs }) {
      const pin = asObject(asObject(readObject(file)?.tools)?.[pinnedAs])
      const sha256 = asText(pin?.sha256)
      if (pin === undefined || sha256 === undefined) return undefined
      return { sha256, isApproved: pin.isApproved === true, definition: asText(pin.definition) ?? "" }
    },
    put: ({ pinnedAs, sha256, definition }, isApproved) =>
      changeObject(file, lock, (before) => ({
        v: 1,
        tools: { ...asObject(before.tools), [pinnedAs]: { sha256, isApproved, definition } satisfies Pin },
      })),
  }
}
