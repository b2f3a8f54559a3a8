import { join } from "node:path"
import { secrets } from "@skein/auth"
import { type Config, type Directories, directories } from "@skein/config"
import { models } from "@skein/models"
import { type SessionSummary, type Settings, SkeinError } from "@skein/protocol"
import { catalogue } from "@skein/store/catalogue"
import { trust } from "@skein/trust"
import { configsOf } from "./configs.ts"
import { ownRepositoryOf, sessionsDirOf } from "./locate.ts"
import { modelOptions, secretsIn } from "./model-options.ts"
import type { HostRequest } from "./request.ts"
import { settingsPerFolder } from "./settings.ts"
import { localDay, systemClock } from "./world.ts"

/** What a person is shown of a folder before they have asked for anything. */
export interface Glance {
  readonly config: Config
  readonly directories: Directories
  /** What a session that is begun here starts with. */
  readonly settings: Settings
  /**
   * The newest sessions of the folder. The catalogue, which is derived from the logs, may bring itself up to date for it. Loads
   * no database where there is none.
   */
  recent(limit: number): Promise<readonly SessionSummary[]>
}

/**
 * Looks at a folder without making an engine, which takes several times the memory and writes a session down. Undefined when
 * an engine would have something to tell or to ask first, or could not be made: then one is to be made. Writes no session, no
 * setting and no consent, and reaches no network.
 */
export async function glance(request: HostRequest): Promise<Glance | undefined> {
  if (request.tape !== undefined || request.isEphemeral === true || request.apiKeyFile !== undefined) return undefined
  if (request.consent !== undefined) return undefined
  try {
    return await seen(request)
  } catch (error) {
    // The engine says it, in the place where everything is said.
    if (error instanceof SkeinError) return undefined
    throw error
  }
}

async function seen(request: HostRequest): Promise<Glance | undefined> {
  const { env, home, cwd } = request
  const folders = directories(env, home)
  const configs = configsOf(request, folders)
  const config = configs.in(cwd)
  let isQuiet = true
  const warn = () => {
    isQuiet = false
  }
  const secret = secrets({
    ...{ env, home, platform: process.platform, dataDir: folders.data, now: systemClock.now },
    ...config.values.secrets,
    ...{ known: () => secretsIn(config), keyFile: () => undefined, fetch: unreachable, loginFetch: unreachable },
    ...{ onWarning: warn, onShown: warn, onCut: warn },
  })
  const { key, seek, troubles } = secret
  const port = models({ env, key, seek, troubles, clock: systemClock, ...modelOptions(config, unreachable) })
  const settings = settingsPerFolder(configs, request.fallback, port, warn)(cwd)
  if (settings.model === "" || !(await isDecided(request, folders))) return undefined
  port.describe(settings.model)
  if (!isQuiet) return undefined
  return {
    ...{ config, directories: folders, settings },
    async recent(limit) {
      const dataDir = sessionsDirOf(config.values.session.location, folders.data, cwd)
      const known = catalogue({ dataDir, dayOf: localDay })
      try {
        return await known.list({ cwd, limit })
      } finally {
        known.close()
      }
    },
  }
}

/** Whether nobody has to be asked or told about what lies in the folder. */
async function isDecided({ home, cwd, isTrusting }: HostRequest, folders: Directories): Promise<boolean> {
  const kept = trust({
    file: join(folders.data, "trust.json"),
    ...{ home, now: systemClock.now, isTrusting: isTrusting ?? false, repositoryOf: ownRepositoryOf },
    lock: unreachable,
  })
  const { items, changed, decision, state } = await kept.trustOf(cwd)
  return decision === undefined ? items.length === 0 : state === "trusted" && changed.length === 0
}

function unreachable(): never {
  throw new Error("A glance asks no network and writes nothing")
}
