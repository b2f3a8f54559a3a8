import { REQUESTS } from "../surface/requests.ts"
import type { SurfaceRow } from "../surface/row.ts"
import { NOTIFICATIONS, SERVER_REQUESTS } from "../surface/told.ts"

/** Something that is said between a client and the server, and has types of its own. */
export interface Message extends SurfaceRow {
  readonly base: string
}

/** What a client asks. */
export const requests = messages(REQUESTS)
/** What a server tells. */
export const notifications = messages(NOTIFICATIONS)
/** What a server asks. */
export const questions = messages(SERVER_REQUESTS)

/** By their names, so that what is generated stays in order whatever comes to hold. */
function messages(rows: readonly SurfaceRow[]): readonly Message[] {
  return rows
    .flatMap((row) => (row.base === undefined ? [] : [{ ...row, base: row.base }]))
    .toSorted((one, other) => (one.id < other.id ? -1 : 1))
}
