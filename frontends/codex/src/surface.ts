import { REQUESTS } from "./surface/requests.ts"
import type { SurfaceRow } from "./surface/row.ts"
import { NOTIFICATIONS, SERVER_REQUESTS } from "./surface/told.ts"

export type { SurfaceRow }

/** All there is to Codex's app-server, as far as it is known. */
export const SURFACE: readonly SurfaceRow[] = [...REQUESTS, ...NOTIFICATIONS, ...SERVER_REQUESTS]

/** Why a request of Codex's is not answered here, as the end of a sentence; undefined for one that nobody knows. */
export function blockerOf(method: string): string | undefined {
  const row = REQUESTS.find(({ id }) => id === method)
  return row === undefined ? undefined : (row.why ?? "")
}
