import { serveFiles } from "../../exec-server/file-work.ts"
import type { Run } from "../../verb.ts"

/** `skein exec-server files`: what an exec-server starts, confined, to do with files what its client asks for. */
export const run: Run = async ({ io }) => {
  await serveFiles(io.inputLines(), io.out)
  return 0
}
