import type { Config } from "@skein/config"
import type { CataloguePort, CheckpointsPort, LogsPort } from "@skein/core/ports"
import { borrowed } from "./borrowed-logs.ts"
import { realHome } from "./locate.ts"
import { quietly, supplant } from "./natives.ts"
import { NO_CHECKPOINTS } from "./no-checkpoints.ts"
import { localDay, systemClock } from "./world.ts"

/** What keeps sessions in a folder. */
interface Stores<Meter> {
  logs(options: { readonly dataDir: string }): LogsPort
  catalogue(options: {
    readonly dataDir: string
    readonly onUnreadable: (sentence: string) => void
    readonly dayOf: (ms: number) => string
  }): CataloguePort
  checkpoints(options: {
    readonly dataDir: string
    readonly home: string
    readonly now: () => number
    readonly bounds: { readonly bytesMax: number }
    readonly supplant: typeof supplant
    readonly quietly: typeof quietly
  }): CheckpointsPort
  meter(options: { readonly dataDir: string; readonly onUnwritable: (sentence: string) => void }): Meter
}

interface Keeping {
  readonly home: string
  readonly config: Config
  readonly sessionsDir: string
  /** For what must not outlive the process. */
  readonly temporaryDir: string | undefined
  readonly warn: (sentence: string) => void
}

/** What keeps sessions, and what they did. */
export function keepingOf<Meter>(
  { home, config, sessionsDir, temporaryDir, warn }: Keeping,
  { logs, catalogue, checkpoints, meter }: Stores<Meter>,
) {
  const { isEnabled, bytesMax } = config.values.checkpoints
  const dataDir = temporaryDir ?? sessionsDir
  const keeperIn = (folder: string) => ({
    logs: logs({ dataDir: folder }),
    catalogue: catalogue({ dataDir: folder, onUnreadable: warn, dayOf: localDay }),
  })
  const kept = keeperIn(sessionsDir)
  const bounded = { home: realHome(home), now: systemClock.now, bounds: { bytesMax }, supplant, quietly }
  return {
    ...(temporaryDir === undefined ? kept : borrowed(keeperIn(dataDir), kept)),
    checkpoints: isEnabled ? checkpoints({ dataDir, ...bounded }) : NO_CHECKPOINTS,
    meter: meter({ dataDir, onUnwritable: warn }),
  }
}
