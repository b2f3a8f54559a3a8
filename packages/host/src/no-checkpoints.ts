import type { CheckpointsPort } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"

const OFF = "Nothing was watched: checkpoints are off in the settings (checkpoints.enabled)."

/** For people who want none: nothing is kept, and every change says so. */
export const NO_CHECKPOINTS: CheckpointsPort = {
  watch: async () => ({ settle: async () => ({ changes: [], notCovered: [OFF] }) }),
  preview: async (steps) => steps.map(({ path }) => ({ path, action: "none", conflict: OFF })),
  restore: async (steps) => ({ changes: [], conflicts: steps.map(({ path }) => ({ path, reason: OFF })) }),
  diff: async () => [],
  revertHunk: () => Promise.reject(new SkeinError("checkpoint.not_found", OFF)),
}
