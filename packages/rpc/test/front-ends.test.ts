import { expect, test } from "bun:test"
import { resolve } from "node:path"
import type { Way } from "./far.ts"

const ROOT = resolve(import.meta.dir, "../../..")
const HANG_MS = 120_000

/** Their own tests, unchanged, with every engine at the far end of a wire. */
const RUNS: readonly (readonly [Way, ...string[]])[] = [
  ["unix", "frontends/headless", "frontends/lines", "frontends/acp", "frontends/mcp", "frontends/claude/test"],
  ["websocket", "frontends/headless", "frontends/lines"],
  ["requests", "frontends/headless", "frontends/lines"],
]

for (const [way, ...folders] of RUNS) {
  test(
    `no front-end can tell an engine behind ${way} from one in its process: ${folders.join(", ")}`,
    async () => {
      const argv = [process.execPath, "test", "--preload", `${import.meta.dir}/far-engine.ts`, ...folders]
      const child = Bun.spawn(argv, {
        ...{ cwd: ROOT, env: { ...process.env, SKEIN_FAR_WAY: way } },
        ...{ stdin: "ignore", stdout: "ignore", stderr: "pipe" },
      })
      const [said, code] = await Promise.all([child.stderr.text(), child.exited])
      expect({ failed: said.split("\n").filter((line) => /^\(fail\)|error:/.test(line)), code }).toEqual({
        ...{ failed: [], code: 0 },
      })
    },
    HANG_MS,
  )
}
