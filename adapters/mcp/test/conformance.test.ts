import { expect, test } from "bun:test"
import { dirname, join } from "node:path"

const SUITE = join(
  dirname(Bun.resolveSync("@modelcontextprotocol/conformance/package.json", import.meta.dir)),
  "dist/index.js",
)
const CLIENT = join(import.meta.dir, "conformance/client.ts")
const HANG_MS = 120_000

const LOGINS = [
  ...["metadata-default", "metadata-var1", "metadata-var2", "metadata-var3", "basic-cimd", "pre-registration"],
  ...["scope-from-www-authenticate", "scope-from-scopes-supported", "scope-omitted-when-undefined"],
  ...[
    "scope-step-up",
    "scope-retry-limit",
    "resource-mismatch",
    "offline-access-scope",
    "offline-access-not-supported",
  ],
  ...["token-endpoint-auth-basic", "token-endpoint-auth-post", "token-endpoint-auth-none"],
  ...["2025-03-26-oauth-metadata-backcompat", "2025-03-26-oauth-endpoint-fallback"],
].map((name) => `auth/${name}`)

for (const scenario of ["initialize", "tools_call", "elicitation-sep1034-client-defaults", "sse-retry", ...LOGINS])
  test(
    `the client passes "${scenario}" of the protocol's own suite`,
    async () => {
      const command = `${process.execPath} ${CLIENT}`
      const run = Bun.spawn([process.execPath, SUITE, "client", "--command", command, "--scenario", scenario], {
        env: { PATH: process.env.PATH },
        stdio: ["ignore", "pipe", "pipe"],
      })
      const said = (await new Response(run.stdout).text()) + (await new Response(run.stderr).text())
      expect(await run.exited, said).toBe(0)
      expect(said).toMatch(/Passed: (\d+)\/\1, 0 failed, 0 warnings/)
    },
    HANG_MS,
  )
