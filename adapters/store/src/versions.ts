import { EVENT_VERSION } from "@skein/protocol"

/** An event as JSON gave it, of whatever schema version. */
export type RawEvent = { readonly [field: string]: unknown }

/** How an event of version n becomes one of version n + 1: pure, one for one, its `seq` unchanged. Keyed by n. */
export type Upgrades = Readonly<Record<number, (event: RawEvent) => RawEvent>>

/** Every version there has been. The first one is still the only one. */
export const UPGRADES: Upgrades = {}

/** The event as this skein writes it. Undefined when a version on the way is not known. */
export function upgraded(value: unknown, version: number, upgrades: Upgrades = UPGRADES): RawEvent | undefined {
  if (!isRaw(value)) return undefined
  let event = value
  for (let at = version; at < EVENT_VERSION; at++) {
    const upgrade = upgrades[at]
    if (upgrade === undefined) return undefined
    event = { ...upgrade(event), v: at + 1 }
  }
  return event
}

function isRaw(value: unknown): value is RawEvent {
  return typeof value === "object" && value !== null
}
