import type { SeenFiles } from "../define.ts"

/** Keeps the newest contents within a number of bytes; what is larger than a quarter of that is not kept. */
export function seenFiles(bytesMax = 8_000_000): SeenFiles {
  const kept = new Map<string, Uint8Array>()
  let bytes = 0
  return {
    add(sha256, content) {
      if (content.length > bytesMax / 4 || kept.has(sha256)) return
      kept.set(sha256, content)
      bytes += content.length
      for (const [oldest, old] of kept) {
        if (bytes <= bytesMax) break
        kept.delete(oldest)
        bytes -= old.length
      }
    },
    get: (sha256) => kept.get(sha256),
  }
}
