import type { CheckpointsPort } from "@skein/core/ports"

/** Watches nothing, and so has nothing to put back: for tests in which no file matters. */
export const noCheckpoints: CheckpointsPort = {
  watch: async () => ({ settle: async () => ({ changes: [], notCovered: [] }) }),
  preview: async () => [],
  restore: async () => ({ changes: [], conflicts: [] }),
  diff: async () => [],
}
