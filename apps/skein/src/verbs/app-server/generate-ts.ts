import { typescriptFiles } from "@skein/codex/schema"
import { outOf, writeFiles } from "../../app-server/write-files.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"

/** `skein app-server generate-ts`: what is said between client and server, as TypeScript. */
export const run: Run = async ({ flags, io }) => {
  const files = typescriptFiles({ isExperimental: flags.has("experimental") })
  const folder = outOf(flags, io)
  const written = writeFiles(folder, files)
  const prettier = flags.text("prettier")
  if (prettier !== undefined) format(prettier, written)
  return 0
}

function format(prettier: string, files: readonly string[]): void {
  const program = Bun.which(prettier)
  if (program === null)
    throw new UsageError(`--prettier ${prettier}: there is no such program. The files are written, unformatted.`)
  const { exitCode, stderr } = Bun.spawnSync([program, "--write", "--log-level", "warn", ...files], { stdin: "ignore" })
  if (exitCode === 0) return
  throw new UsageError(
    `--prettier ${prettier} ended with ${exitCode}: ${stderr.toString().trim().slice(0, 500)}. The files are written, unformatted.`,
  )
}
