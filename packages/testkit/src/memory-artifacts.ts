import type { Artifact, ArtifactsPort } from "@skein/core/ports"

export interface MemoryArtifacts extends ArtifactsPort {
  /** Closed artifacts by id. */
  readonly kept: ReadonlyMap<string, Uint8Array>
  /** Opened and neither closed nor discarded. */
  readonly open: ReadonlySet<string>
}

/** An ArtifactsPort in memory. */
export function memoryArtifacts(): MemoryArtifacts {
  const kept = new Map<string, Uint8Array>()
  const open = new Set<string>()
  let count = 0
  return {
    kept,
    open,
    async create(extension, sessionId) {
      const id = `artifact-${++count}`
      const chunks: Uint8Array[] = []
      let bytes = 0
      open.add(id)
      return {
        write(chunk) {
          chunks.push(chunk.slice())
          bytes += chunk.length
        },
        async close(): Promise<Artifact> {
          const all = new Uint8Array(bytes)
          let at = 0
          for (const chunk of chunks) {
            all.set(chunk, at)
            at += chunk.length
          }
          open.delete(id)
          kept.set(id, all)
          return { id, bytes, path: `/artifacts/${sessionId ?? "shared"}/${id}.${extension}` }
        },
        async discard() {
          open.delete(id)
        },
      }
    },
  }
}
