import { afterAll, beforeAll, expect, test } from "bun:test"
import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { methods } from "@agentclientprotocol/sdk"
import { connect, started } from "./client.ts"

const { session } = methods.agent

/** The built program. `npm test` builds it first. */
const program = join(import.meta.dir, "../../../dist/skein")
const isMissing = !existsSync(program)
if (isMissing) console.warn("Skipped: logging in by a terminal, because dist/skein is not built.")

let folder = ""
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "skein-acp-login-")))
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const env = () => ({ PATH: process.env.PATH ?? "", HOME: folder, SKEIN_HOME: join(folder, ".home") })

test.skipIf(isMissing)(
  "a client that can runs skein in a terminal with what it is told, and then has a model to ask",
  async () => {
    const capabilities = { auth: { terminal: true } }
    const before = await connect(started(program, env(), folder), { capabilities })
    const found = before.welcome.authMethods?.find(({ id }) => id === "login-anthropic")
    expect(found).toMatchObject({ type: "terminal", args: ["login", "anthropic"] })
    const refused = before.agent.request(session.new, { cwd: folder, mcpServers: [] })
    expect(await refused.catch(({ code }) => code)).toBe(-32000)
    const passed = before.agent.request(methods.agent.authenticate, { methodId: "login-anthropic" })
    expect(await passed.catch(({ message }) => message)).toContain("run: skein login anthropic")
    await before.close()

    const args = found !== undefined && "args" in found ? (found.args ?? []) : []
    const login = Bun.spawn([program, "acp", ...args, "--with-api-key", "--source", "file"], {
      ...{ cwd: folder, env: env(), stdout: "ignore", stderr: "pipe" },
      stdin: new TextEncoder().encode("sk-of-a-test\n"),
    })
    expect([await login.exited, await login.stderr.text()]).toEqual([0, expect.any(String)])

    const after = await connect(started(program, env(), folder), { capabilities })
    const opened = await after.agent.request(session.new, { cwd: folder, mcpServers: [] })
    expect(opened.sessionId).toStartWith("ses_")
    expect(await after.close()).toBe(0)
  },
)

test.skipIf(isMissing)("a client that runs no terminal for it is told of no login", async () => {
  const host = await connect(started(program, env(), folder))
  expect(host.welcome.authMethods).toEqual([])
  await host.close()
})
