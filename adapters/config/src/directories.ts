import { isAbsolute, join } from "node:path"
import { SkeinError } from "@skein/protocol"

/** Where skein keeps what is yours. Nothing is made here: a folder comes into being, 0700, with the first file in it. */
export interface Directories {
  readonly config: string
  readonly data: string
  readonly cache: string
}

export type Environment = Readonly<Record<string, string | undefined>>

/** XDG Base Directory Specification 0.8: a relative value is not valid and is passed over. `SKEIN_HOME` moves all three. */
export function directories(env: Environment, home: string): Directories {
  const own = env.SKEIN_HOME
  if (own !== undefined && own !== "") {
    if (!isAbsolute(own)) {
      throw new SkeinError(
        "config.invalid",
        `Cannot use SKEIN_HOME: expected an absolute path, found ${JSON.stringify(own)}.`,
      )
    }
    return { config: join(own, "config"), data: join(own, "data"), cache: join(own, "cache") }
  }
  return {
    config: join(base(env.XDG_CONFIG_HOME) ?? join(home, ".config"), "skein"),
    data: join(base(env.XDG_DATA_HOME) ?? join(home, ".local", "share"), "skein"),
    cache: join(base(env.XDG_CACHE_HOME) ?? join(home, ".cache"), "skein"),
  }
}

function base(value: string | undefined): string | undefined {
  return value !== undefined && isAbsolute(value) ? value : undefined
}
