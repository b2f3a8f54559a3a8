import { inTime } from "./in-time.ts"
import type { Left } from "./options.ts"

/** How the sessions were left. */
export type Departure = Pick<Left, "sessionId" | "isKept" | "failure" | "isCutShort">

/** Ending what runs takes a moment; what takes longer is not waited for. */
export const LEAVING_MS_MAX = 3_000

/** What is let go of on the way out may hang: after this time, or once somebody urges, it is left as it is. Never rejects. */
export async function departed(leaving: Promise<Departure>, urged: Promise<void>, msMax: number): Promise<Departure> {
  const cut: Departure = { isKept: true, isCutShort: true }
  const failed = (failure: unknown): Departure => ({ isKept: true, failure })
  return inTime(Promise.race([leaving.catch(failed), urged.then(() => cut)]), msMax, cut)
}
