import type { DurableEvent } from "@skein/protocol"
import { sealed } from "../src/line.ts"
import type { Upgrades } from "../src/versions.ts"

/**
 * A version before the first, made up for tests: the time of an event was called `ts` and counted seconds. No skein ever
 * wrote it; it stands for what an older one will have written when there is a second version.
 */
export const olderUpgrades: Upgrades = {
  0: ({ ts, ...event }) => ({ ...event, at: Number(ts) * 1000 }),
}

/** These events as that version wrote them. */
export async function olderBytes(events: readonly DurableEvent[]): Promise<Buffer> {
  return Buffer.from(events.map(({ at, ...event }) => sealed({ ...event, v: 0, ts: at / 1000 })).join(""))
}
