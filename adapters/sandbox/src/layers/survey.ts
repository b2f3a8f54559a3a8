import { join } from "node:path"
import { SkeinError } from "@skein/protocol"
import { compare, type Difference } from "./compare.ts"
import type { Overlay } from "./enter.ts"
import type { Libc } from "./libc.ts"
import type { Withholding } from "./withheld.ts"

/** A difference, and in which overlay. */
export interface Placed extends Difference {
  readonly overlay: Overlay
}

export interface Survey {
  readonly differences: readonly Placed[]
  /** What will not be kept, with the reason; all below it neither. Absolute. */
  readonly withheld: ReadonlyMap<string, string>
}

/** More than this many paths at which it differs nobody can judge, and memory has an end. */
const DIFFERENCES_MAX = 200_000
const SPECIAL = "a pipe, a socket or a device is nothing that a project holds"

/** Where each folder differs from the layer over it, and what of that is never kept. */
export async function survey(
  { overlays, libc }: { readonly overlays: readonly Overlay[]; readonly libc: Libc },
  isWithheld: Withholding,
): Promise<Survey> {
  const differences: Placed[] = []
  const withheld = new Map<string, string>()
  for (const overlay of overlays) {
    const upper = join(overlay.folder, "upper")
    const leaveOut = (path: string, reason: string) => {
      withheld.set(join(overlay.root, path), reason)
    }
    await compare(upper, overlay.root, libc, {
      differs: (difference) => {
        if (differences.length === DIFFERENCES_MAX) throw tooMany()
        differences.push({ ...difference, overlay })
      },
      isLeftOut: (path, has) => {
        const reason = isWithheld(join(overlay.root, path), has === "above" ? join(upper, path) : undefined)
        if (reason !== undefined) leaveOut(path, reason)
        return reason !== undefined
      },
      special: (path) => leaveOut(path, SPECIAL),
      breathe: () => new Promise((resolve) => setImmediate(resolve)),
    }).catch((cause: unknown) => {
      throw unreadable(overlay.root, cause)
    })
  }
  return { differences, withheld }
}

function tooMany(): SkeinError {
  return new SkeinError(
    "sandbox.unavailable",
    `The layer differs at more than ${DIFFERENCES_MAX} paths. Do it in smaller parts.`,
  )
}

function unreadable(root: string, cause: unknown): unknown {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : ""
  if (!/^E[A-Z0-9]+$/.test(code)) return cause
  const text = `Cannot compare the layer with ${root}: ${cause instanceof Error ? cause.message : code}. Nothing was kept.`
  return new SkeinError("sandbox.unavailable", text, { cause })
}
