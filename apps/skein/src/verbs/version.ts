import type { Run } from "../verbs.ts"
import { COMMIT, VERSION } from "../version.ts"

export const run: Run = async ({ io }) => {
  io.out(`skein ${VERSION}${COMMIT === "" ? "" : ` (${COMMIT})`}`)
  return 0
}
