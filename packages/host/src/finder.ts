import type { FinderPort } from "@skein/core/ports"
import { lazy } from "@skein/protocol"

/** What finds files by name, loaded with the first question. */
export function finderOf(load: () => Promise<FinderPort & { close(): void }>) {
  let loaded: { close(): void } | undefined
  const made = lazy(async () => {
    const finder = await load()
    loaded = finder
    return finder
  })
  const port: FinderPort = { find: async (root, query, limit) => (await made()).find(root, query, limit) }
  return { port, close: () => loaded?.close() }
}
