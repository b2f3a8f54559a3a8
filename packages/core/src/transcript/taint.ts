import type { CallResult } from "@skein/protocol"
import type { Taint } from "./state.ts"

/** With where an output came from, when that is not to be trusted. */
export function tainted(taint: readonly Taint[], provenance: CallResult["provenance"]): readonly Taint[] {
  if (provenance?.isTrusted !== false) return taint
  const { source } = provenance
  if (taint.length >= TAINTS_MAX || taint.some((known) => known.source === source)) return taint
  return [...taint, { source }]
}

/** Reasons beyond these would tell a person no more; that there is one is what counts. */
const TAINTS_MAX = 16

/** The same of something that is known not to be. */
export function taintedBy(taint: readonly Taint[], { source }: Taint): readonly Taint[] {
  return tainted(taint, { source, isTrusted: false })
}
