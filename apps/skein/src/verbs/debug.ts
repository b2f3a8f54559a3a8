import { UsageError } from "../usage.ts"
import type { Run } from "../verb.ts"

/** `skein debug` by itself says what can be looked at. */
export const run: Run = async () => {
  throw new UsageError("Say what to look at: skein debug models.")
}
