import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import type { Directories } from "@skein/config"
import type { LogFile } from "./log-file.ts"
import type { HostRequest } from "./request.ts"

interface Kept {
  readonly dataDir: string
  readonly sessionsDir: string
  /** The record of actions. */
  readonly recordFile: string
  /** Where keys are kept. */
  readonly hidden: readonly string[]
}

/** Where skein keeps things of its own: no tool opens what lies there. Absolute. */
export function ownPlaces(
  { apiKeyFile, cwd }: Pick<HostRequest, "apiKeyFile" | "cwd">,
  folders: Directories,
  { dataDir, sessionsDir, recordFile, hidden }: Kept,
): { readonly layerFolders: readonly string[]; readonly own: readonly string[] } {
  // In the data folder, or beside it where that lies in the workspace itself.
  const layerFolders = [join(dataDir, "layers"), join(tmpdir(), `skein-layers-${process.getuid?.() ?? 0}`)]
  const keyFiles = apiKeyFile === undefined ? [] : [resolve(cwd, apiKeyFile)]
  const written = [...layerFolders, folders.config, folders.data, dataDir, sessionsDir, recordFile]
  return { layerFolders, own: [...written, ...hidden, ...keyFiles] }
}

/** What the log says of how files of secrets were dealt with. */
export function secretsTold(log: LogFile) {
  return {
    onShown: (path: string) => log.write("warn", `Shown to tools, because secrets.show says so: ${path}`),
    onCut: (root: string) =>
      log.write("warn", `Not all of ${root} was looked through for files of secrets: it is too large`),
  }
}
