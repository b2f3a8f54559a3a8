import { expect, test } from "bun:test"
import { withComplaint } from "../src/connection/connect.ts"
import { saying } from "../src/connection/said.ts"

const NODE = `node:internal/modules/cjs/loader:1228
  throw err;
  ^

Error: Cannot find module '/srv/server.js'
    at Module._resolveFilename (node:internal/modules/cjs/loader:1225:15)
    at Module._load (node:internal/modules/cjs/loader:1051:27)
    at node:internal/main/run_main_module:28:49 {
  code: 'MODULE_NOT_FOUND',
  requireStack: []
}

Node.js v20.20.2
`

test("of what a server said before it ended the line that names the error is told, however long the trace behind it", () => {
  const say = saying([])
  expect(withComplaint("ended (exit 1)", NODE, say)).toBe(
    "ended (exit 1). It said: Error: Cannot find module '/srv/server.js'.",
  )
  expect(withComplaint("ended (exit 1)", "Traceback\n  line 3\nValueError: no.\n", say)).toBe(
    "ended (exit 1). It said: Traceback\n  line 3\nValueError: no.",
  )
  expect(withComplaint("ended (exit 1)", "\n", say)).toBe("ended (exit 1).")
})
