import { homedir } from "node:os"
import { join } from "node:path"
import { type Directories, directories, keepSetting } from "@skein/config"
import type { HostRequest } from "@skein/host"
import { SkeinError } from "@skein/protocol"
import type { Kept } from "@skein/tui"
import type { VerbCall } from "../verb.ts"
import { hostRequest } from "./request.ts"
import { personsConfig } from "./screen-settings.ts"

/** Layers that speak of one run: the next start has what the person's file says. */
const OF_RUN: ReadonlySet<string> = new Set(["defaults", "base profile", "user", "flags", "override"])

/** The same for a command line. */
export function keepThemeOf(theme: string, { flags, io }: Pick<VerbCall, "flags" | "io">): Kept {
  return keepTheme(theme, hostRequest(flags, io), directories(io.env, io.env.HOME ?? homedir()))
}

/** Writes the theme into the person's own file, unless something that lasts longer says otherwise. */
function keepTheme(theme: string, request: HostRequest, folders: Directories): Kept {
  if (request.isIgnoringUserConfig === true) return { failure: "your settings are not read in this run" }
  try {
    const origin = personsConfig(request, folders).origin("tui.theme")
    if (origin !== undefined && !OF_RUN.has(origin.layer))
      return { failure: `${origin.file ?? origin.key} says which one it starts with` }
    const file = join(folders.config, "config.toml")
    keepSetting(file, "tui", "theme", theme)
    return { where: file }
  } catch (error) {
    if (error instanceof SkeinError) return { failure: error.message }
    throw error
  }
}
