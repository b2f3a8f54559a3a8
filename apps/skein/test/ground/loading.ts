import { appendFileSync, readFileSync } from "node:fs"
import { resolve } from "node:path"
import { plugin } from "bun"

/**
 * Preloaded into a skein that runs from its source: each module of the workspace, and of what it depends on, is written down
 * as it is loaded, by its path from the repository.
 */
const ROOT = resolve(import.meta.dir, "../../../..")
const file = process.env.SKEIN_TEST_LOADED ?? "/dev/null"

plugin({
  name: "loading",
  setup(build) {
    build.onLoad({ filter: /\.(ts|mjs|js)$/ }, ({ path }) => {
      appendFileSync(file, `${path.replace(`${ROOT}/`, "")}\n`)
      return { contents: readFileSync(path, "utf8"), loader: path.endsWith(".ts") ? "ts" : "js" }
    })
  },
})
