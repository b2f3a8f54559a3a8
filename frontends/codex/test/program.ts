import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Reply, responses } from "@skein/testkit/providers"

/** The built program. `npm test` builds it first. */
export const program = join(import.meta.dir, "../../../dist/skein")
export const isMissing = !existsSync(program)
if (isMissing) console.warn("Skipped: tests against the built program, because dist/skein is not built.")

/** A folder, a home and a provider for one test file. */
export function ground(replyTo: (prompt: string) => Reply) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "skein-codex-")))
  const provider = responses(replyTo)
  return {
    folder,
    provider,
    env: {
      PATH: process.env.PATH ?? "/usr/bin:/bin",
      HOME: folder,
      SKEIN_HOME: join(folder, ".home"),
    },
    remove() {
      provider.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type Ground = ReturnType<typeof ground>
