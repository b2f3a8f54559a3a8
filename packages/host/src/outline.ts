import type { OutlinePort } from "@skein/core/ports"
import { lazy } from "@skein/protocol"

/** What reads code for its definitions, loaded with the first question. */
export function outlineOf(load: () => Promise<OutlinePort & { close(): void }>) {
  let loaded: { close(): void } | undefined
  const reader = lazy(async () => {
    const outline = await load()
    loaded = outline
    return outline
  })
  const port: OutlinePort = {
    outline: async (path, signal) => (await reader()).outline(path, signal),
    find: async (tree, wanted, signal) => (await reader()).find(tree, wanted, signal),
    map: async (tree, wanted, signal) => (await reader()).map(tree, wanted, signal),
    graph: async (tree, wanted, signal) => (await reader()).graph(tree, wanted, signal),
  }
  return { port, close: () => loaded?.close() }
}
