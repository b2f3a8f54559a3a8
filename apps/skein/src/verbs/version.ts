import type { Run } from "../verb.ts"
import { COMMIT, VERSION } from "../version.ts"

export const run: Run = async ({ io }) => {
  io.out(`skein ${VERSION}${COMMIT === "" ? "" : ` (${COMMIT})`}`)
  return 0
}
