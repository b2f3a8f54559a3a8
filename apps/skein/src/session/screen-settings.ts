import { type FSWatcher, watch } from "node:fs"
import { basename, dirname, join } from "node:path"
import { type Config, configFiles, type Directories, loadConfig } from "@skein/config"
import type { HostRequest } from "@skein/host"
import { SkeinError } from "@skein/protocol"
import type { SettingsListener, TuiSettings } from "@skein/tui"

/** What the person set for the screen. Nothing of it is a project's. */
export function screenSettings({ values: { tui, fuzzy } }: Pick<Config, "values">): TuiSettings {
  const { theme, screen, editing, keys, motion, glyphs, images, notify, notifyBy, statusCommand } = tui
  return {
    ...{ theme, screen, editing, keys, glyphs, images, notifyBy, statusCommand },
    isStill: motion === "reduced",
    notifications: notify,
    includedPaths: fuzzy.includedPaths,
  }
}

/** The settings as they are now, read anew, in a folder that says nothing. Throws SkeinError `config.invalid`. */
export function personsConfig(request: HostRequest, directories: Directories): Config {
  const { env, cwd, home, flags, overrides, profile, permissionProfile, settingsFile } = request
  return loadConfig({
    ...{ env, cwd, home, flags, overrides, profile, permissionProfile, settingsFile, directories },
    files: configFiles(),
    project: undefined,
    isIgnoringUser: request.isIgnoringUserConfig === true,
  })
}

/**
 * Reads the settings of the screen again whenever the person's file changes, until it is stopped. What is wrong with the file
 * is told once, and what held goes on.
 */
export function watchScreenSettings(
  request: HostRequest,
  directories: Directories,
  { onChange, tell }: SettingsListener,
): () => void {
  const files = [join(directories.config, "config.toml"), ...(request.settingsFile ? [request.settingsFile] : [])]
  let timer: ReturnType<typeof setTimeout> | undefined
  let last = ""
  let lastProblem = ""
  const read = () => {
    try {
      const settings = screenSettings(personsConfig(request, directories))
      lastProblem = ""
      if (JSON.stringify(settings) === last) return
      last = JSON.stringify(settings)
      onChange(settings)
    } catch (error) {
      if (!(error instanceof SkeinError)) throw error
      if (error.message !== lastProblem) tell(`${error.message} What was set before still holds.`)
      lastProblem = error.message
    }
  }
  const changed = () => {
    clearTimeout(timer)
    timer = setTimeout(read, SETTLED_MS)
  }
  const watchers = files.map((file) => watched(file, changed, tell))
  return () => {
    clearTimeout(timer)
    for (const watcher of watchers) watcher?.close()
  }
}

/** An editor writes a file in several steps. */
const SETTLED_MS = 120

/** By its folder: editors put another file in its place. A folder that is not there yet is not waited for. */
function watched(file: string, changed: () => void, tell: (sentence: string) => void): FSWatcher | undefined {
  try {
    const watcher = watch(dirname(file), { persistent: false }, (_, name) => {
      if (name === null || name === basename(file)) changed()
    })
    watcher.on("error", (error) => tell(`Changes of ${file} are not followed any more: ${error.message}.`))
    return watcher
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error
    if (error.code !== "ENOENT") tell(`Changes of ${file} are not followed: ${error.message}.`)
    return undefined
  }
}
