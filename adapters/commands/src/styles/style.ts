import type { StyleInfo } from "@skein/core/ports"

/** A style with what the model is told. */
export interface Style extends StyleInfo {
  readonly text: string
  /** Whether it stands beside skein's instructions about work, or in their place. What they say of safety stays either way. */
  readonly keepsCodingInstructions: boolean
}
