import type { LayersPort } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"

/** A machine that has no layers. */
export function noLayers(): LayersPort {
  const reason = "This machine has no layers."
  return {
    available: async () => ({ isAvailable: false, reason, cure: "Use another." }),
    open: () => Promise.reject(new SkeinError("sandbox.unavailable", reason)),
  }
}
