import { existsSync } from "node:fs"
import { lazy } from "@skein/protocol"
import type { ClosableExec } from "./exec.ts"
import type { LayersOptions, RepairingLayers } from "./layers/layers.ts"
import type { ExecOptions } from "./options.ts"

/** Runs commands, in bubblewrap unless the person said otherwise. Loads and makes nothing until the first command. */
export function exec(options: ExecOptions): ClosableExec {
  let made: ClosableExec | undefined
  const loaded = lazy(async () => {
    const { exec } = await import("./exec.ts")
    made = exec(options)
    return made
  })
  return {
    confinement: async (sandbox) => (await loaded()).confinement(sandbox),
    run: async (request) => (await loaded()).run(request),
    start: async (request) => (await loaded()).start(request),
    guard: async (roots) => (await loaded()).guard(roots),
    attach: async (request) => (await loaded()).attach(request),
    examine: async () => (await loaded()).examine(),
    close: () => made?.close(),
  }
}

/** Layers of overlayfs. Nothing is loaded, made or looked at before the first question. */
export function layers(options: LayersOptions): RepairingLayers {
  const loaded = lazy(async () => (await import("./layers/layers.ts")).layers(options))
  return {
    available: async () => (await loaded()).available(),
    open: async (roots) => (await loaded()).open(roots),
    repair: async () => {
      if (options.folders.some((folder) => existsSync(folder))) await (await loaded()).repair()
    },
  }
}
