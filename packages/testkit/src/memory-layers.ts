import type { Layer, LayersPort } from "@skein/core/ports"
import { type FileChange, SkeinError } from "@skein/protocol"

/** A machine that has no layers. */
export function noLayers(): LayersPort {
  const reason = "This machine has no layers."
  return {
    available: async () => ({ isAvailable: false, reason, cure: "Use another." }),
    open: () => Promise.reject(new SkeinError("sandbox.unavailable", reason)),
  }
}

export interface MemoryLayers extends LayersPort {
  /** What became of each layer, in the order they were opened. */
  readonly ends: readonly ("open" | "kept" | "discarded")[]
}

/** Layers that write nothing: each says that `changes` was done in it. `isTaken`: the folders changed meanwhile. */
export function memoryLayers({
  changes = [],
  isTaken = () => false,
  onKept,
}: {
  readonly changes?: readonly FileChange[]
  readonly isTaken?: () => boolean
  readonly onKept?: () => void
} = {}): MemoryLayers {
  const ends: ("open" | "kept" | "discarded")[] = []
  return {
    ends,
    available: async () => ({ isAvailable: true }),
    async open(roots): Promise<Layer> {
      const at = ends.push("open") - 1
      return {
        id: `layer ${at + 1}`,
        roots,
        changes: async () => changes,
        notes: async () => [],
        async keep() {
          if (isTaken()) throw new SkeinError("checkpoint.conflict", "a.txt changed meanwhile. Nothing was kept.")
          ends[at] = "kept"
          onKept?.()
        },
        async discard() {
          if (ends[at] === "open") ends[at] = "discarded"
        },
      }
    },
  }
}
