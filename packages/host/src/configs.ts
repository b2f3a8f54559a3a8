import { type Config, configFiles, type Directories, loadConfig } from "@skein/config"
import { lazy } from "@skein/protocol"
import type { HostRequest } from "./request.ts"

/** What is configured, and where: one host serves sessions of many folders, and a project speaks for its own alone. */
export interface Configs {
  /** As it holds in this folder. Throws SkeinError `config.invalid`. */
  in(path: string): Config
  /** As it would hold in a folder that says nothing: what the person said. */
  ofPerson(): Config
}

/** Each folder's files are read when they are first asked for, and kept: rules do not change under a running turn. */
export function configsOf(request: HostRequest, directories: Directories): Configs {
  const { env, cwd, home, flags, overrides, profile, permissionProfile, settingsFile, beneath } = request
  const person = { env, home, flags, overrides, profile, permissionProfile, settingsFile, beneath }
  const isIgnoringUser = request.isIgnoringUserConfig === true
  const load = (project: string | undefined) =>
    loadConfig({ ...person, files: configFiles(), directories, cwd, project, isIgnoringUser })
  return { in: perFolder(load), ofPerson: lazy(() => load(undefined)) }
}

/** One value for each folder, made when it is first asked for. */
export function perFolder<V>(make: (path: string) => V): (path: string) => V {
  const known = new Map<string, V>()
  return (path) => {
    const value = known.get(path) ?? make(path)
    known.set(path, value)
    return value
  }
}
