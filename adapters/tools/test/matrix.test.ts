import { expect, test } from "bun:test"
import { join } from "node:path"
import { runMatrix } from "./matrix.ts"
import { toolSession } from "./session.ts"

const HANG_MS = 60_000
/** Nine encodings, four kinds of line ends, with and without a last one, six changes by three tools. */
const ALL = { made: 9 * 4 * 2 * 6, wrong: [] }

test.skipIf(process.platform !== "linux")(
  "whatever the encoding and line ends, each tool that edits leaves every other byte, the mode, the link and the attributes",
  async () => {
    const session = toolSession()
    try {
      expect(await runMatrix(session)).toEqual(ALL)
    } finally {
      session.close()
    }
  },
  HANG_MS,
)

test.skipIf(process.platform !== "linux" || process.getuid?.() !== 0)(
  "the same holds without privileges",
  async () => {
    const child = Bun.spawn([process.execPath, join(import.meta.dir, "matrix-as-nobody.ts")], { cwd: "/" })
    expect(JSON.parse(await child.stdout.text())).toEqual(ALL)
    expect(await child.exited).toBe(0)
  },
  HANG_MS,
)
