import type { FilesPort, Layer } from "@skein/core/ports"
import { lazy } from "@skein/protocol"
import type { OverlayLayer } from "./layer.ts"

/** The world as a layer shows it. */
export interface LayeredWorld {
  /**
   * Files as a command in the layer sees them: what is written goes into it. Paths outside of its folders are read as they
   * are, and not written.
   */
  readonly files: FilesPort
  /** Gives `work` the line that runs a program of ours where the layer is mounted, in `cwd`, absolute and without links. */
  entered<T>(argv: readonly string[], cwd: string, work: (argv: readonly string[]) => Promise<T>): Promise<T>
}

/** Over the files that really are. Loaded with the first use: most sessions have no layer. */
export function layeredWorld(below: FilesPort): (layer: Layer) => LayeredWorld {
  return (layer) => ({
    files: lazily(layer, below),
    async entered(argv, cwd, work) {
      const own = await overlayOf(layer)
      return await own.inTurn(() => work(own.entered(argv, cwd)))
    },
  })
}

async function overlayOf(layer: Layer): Promise<OverlayLayer> {
  const { OverlayLayer } = await import("./layer.ts")
  if (!(layer instanceof OverlayLayer)) throw new Error(`The layer ${layer.id} is not one of this sandbox`)
  return layer
}

function lazily(layer: Layer, below: FilesPort): FilesPort {
  const loaded = lazy(async () => (await import("./files.ts")).filesOf(await overlayOf(layer), below))
  return {
    resolve: async (...given) => (await loaded()).resolve(...given),
    stat: async (...given) => (await loaded()).stat(...given),
    read: async (...given) => (await loaded()).read(...given),
    readPart: async (...given) => (await loaded()).readPart(...given),
    list: async (...given) => (await loaded()).list(...given),
    replace: async (...given) => (await loaded()).replace(...given),
    delete: async (...given) => (await loaded()).delete(...given),
  }
}
