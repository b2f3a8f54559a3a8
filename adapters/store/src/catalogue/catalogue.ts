import { opendirSync } from "node:fs"
import { sessionsDir } from "../paths.ts"
import type { Catalogue, CatalogueOptions } from "./options.ts"

/**
 * What is known of all sessions, in `<dataDir>/catalogue.sqlite`: brought up to date by whoever asks, made anew when it is
 * damaged or of another version, and in memory where it cannot be kept.
 */
export function catalogue(options: CatalogueOptions): Catalogue {
  let answering: Catalogue | undefined
  // On the first question: a start that asks none should not load a database for it.
  const loaded = async () => {
    const module = await import("./answering.ts")
    answering ??= module.answering(options)
    return answering
  }
  return {
    list: async (filter) =>
      answering === undefined && !hasSession(options.dataDir) ? [] : (await loaded()).list(filter),
    search: async (query) => (await loaded()).search(query),
    prompts: async (filter) => (await loaded()).prompts(filter),
    usage: async (filter) => (await loaded()).usage(filter),
    typical: async () => (await loaded()).typical(),
    close: () => answering?.close(),
  }
}

/** Whether there is anything in the folder, as is not so in a first run: then no database is loaded. */
function hasSession(dataDir: string): boolean {
  try {
    const folder = opendirSync(sessionsDir(dataDir))
    try {
      return folder.readSync() !== null
    } finally {
      folder.closeSync()
    }
  } catch (error) {
    // What cannot be opened is told by who reads it.
    return !(error instanceof Error && "code" in error && error.code === "ENOENT")
  }
}
