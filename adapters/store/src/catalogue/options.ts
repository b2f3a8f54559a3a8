import type { CataloguePort } from "@skein/core/ports"
import type { Upgrades } from "../versions.ts"

export interface CatalogueOptions {
  /** Absolute. Nothing is made in it before there is a session. */
  readonly dataDir: string
  /** Told of logs that are left out, one sentence each. */
  readonly onUnreadable?: ((sentence: string) => void) | undefined
  /** Names the day of a time, for usage by day; in UTC when not given. */
  readonly dayOf?: ((ms: number) => string) | undefined
  /** As for the logs. */
  readonly upgrades?: Upgrades | undefined
}

export interface Catalogue extends CataloguePort {
  /** Lets go of the database; the next question opens it again. */
  close(): void
}
