import { FIXTURE_NAMES } from "@skein/tui/fixtures"
import type { Run } from "../../verb.ts"

export const run: Run = async ({ flags, io }) => {
  if (flags.has("json")) io.out(JSON.stringify(FIXTURE_NAMES))
  else for (const name of FIXTURE_NAMES) io.out(name)
  return 0
}
