import { expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { type OAuthOptions, type OAuthServer, oauth } from "@skein/testkit/identity"
import { BINARY, describeBinary } from "./ground/binary.ts"
import { Scene } from "./ground/scene.ts"

const HANG_MS = 120_000

interface Place extends Disposable {
  readonly scene: Scene
  readonly identity: OAuthServer
  /** Tokens as they are kept. */
  kept(): string
  /** Logs in as a person does, with a browser elsewhere that agrees. */
  loggedIn(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }>
}

/** A server of tools that wants a login, in the settings of a person. */
async function place(options: OAuthOptions = {}): Promise<Place> {
  const scene = new Scene()
  const identity = oauth(options)
  await scene.run(["mcp", "add", "docs", "--url", identity.mcpUrl])
  return {
    ...{ scene, identity },
    kept: () => readFileSync(join(scene.home, ".local/share/skein/auth.json"), "utf8"),
    async loggedIn(...args) {
      const login = begun(scene, ...args)
      await fetch(await identity.agree(await login.page()))
      return await login.end()
    },
    [Symbol.dispose]() {
      identity.stop()
      scene.remove()
    },
  }
}

/** A login at a terminal that is none: what it says can be waited for, and lines can be put in. */
function begun(scene: Scene, ...args: readonly string[]) {
  const child = Bun.spawn([BINARY, "mcp", "login", "docs", "--no-browser", "--source", "file", ...args], {
    ...{ cwd: scene.cwd, env: scene.env, stdin: "pipe", stdout: "pipe", stderr: "pipe" },
  })
  let said = ""
  const reading = (async () => {
    for await (const piece of child.stderr) said += Buffer.from(piece).toString()
  })()
  return {
    child,
    async page(): Promise<string> {
      for (;;) {
        const [found] = /^http:\S+\/authorize\S+$/m.exec(said) ?? []
        if (found !== undefined) return found
        if (child.exitCode !== null) throw new Error(`It ended: ${said}`)
        await Bun.sleep(10)
      }
    },
    put: (line: string) => void child.stdin.write(`${line}\n`),
    async end() {
      const [out, code] = await Promise.all([child.stdout.text(), child.exited])
      await reading
      return { code, out, err: said }
    },
  }
}

describeBinary("logins to MCP servers", () => {
  test(
    "CLI-74: a server is logged in to, called, told of and logged out of, and no token is shown",
    async () => {
      using at = await place()
      const { scene, identity } = at
      const before = await scene.run(["mcp", "doctor"])
      expect([before.code, before.out]).toEqual([1, expect.stringContaining("Log in: skein mcp login docs")])

      const login = await at.loggedIn()
      expect([login.code, login.out]).toEqual([
        0,
        expect.stringMatching(
          /^Logged in to docs at http:\S+\. It may: notes:read\. Kept in: file .*auth\.json, unencrypted\n$/,
        ),
      ])
      const doctor = await scene.run(["mcp", "doctor"])
      expect(doctor.out).toContain("ok      docs: notes 1.0.0, protocol 2025-11-25, 1 tool\n")
      const called = await scene.run(["mcp", "call", "docs", "echo", "text=hi", "--yes"])
      expect([called.code, called.out]).toEqual([0, expect.stringContaining('"text":"hi"')])

      const status = await scene.run(["mcp", "status"])
      expect([status.code, status.out]).toEqual([
        0,
        expect.stringMatching(
          /^docs: logged in at http:\S+, may notes:read, until \S+Z, renewed by itself, file .*auth\.json\n$/,
        ),
      ])
      expect(JSON.parse((await scene.run(["mcp", "oauth", "status", "--json"])).out)).toMatchObject([
        { name: "docs", state: "login", isRenewable: true, issuer: identity.url },
      ])
      const debug = await scene.run(["mcp", "debug", "docs"])
      const logout = await scene.run(["mcp", "logout", "docs"])
      expect(logout).toMatchObject({ code: 0, out: "Logged out of docs: removed from file\n" })
      expect(identity.live.size).toBe(0)
      expect((await scene.run(["mcp", "status"])).out).toContain("nobody is logged in")
      const log = await scene.run(["mcp", "call", "docs", "echo", "--yes"])
      for (const { out, err } of [login, doctor, called, status, debug, logout, log])
        expect(out + err).not.toMatch(/(?:access|refresh)-[0-9a-f]{8}/)
    },
    HANG_MS,
  )

  test(
    "the address that the browser ended at can be pasted, and one of another login is said to be none",
    async () => {
      using at = await place()
      const login = begun(at.scene)
      const redirect = new URL(await at.identity.agree(await login.page()))
      const forged = new URL(redirect)
      forged.searchParams.set("state", "guessed")
      login.put(forged.href)
      login.put(redirect.href)
      const { code, err } = await login.end()
      expect(err).toContain("That is not the address of this login: it belongs to another login than this one.")
      expect(code).toBe(0)
    },
    HANG_MS,
  )

  test(
    "an answer in another server's name is no answer, whoever brings it",
    async () => {
      using at = await place({ answersAs: "https://evil.example" })
      const login = begun(at.scene)
      const redirect = await at.identity.agree(await login.page())
      const shown = await fetch(redirect)
      expect([shown.status, await shown.text()]).toEqual([400, expect.stringContaining("it is from another server")])
      const without = new URL(redirect)
      without.searchParams.delete("iss")
      expect((await fetch(without)).status).toBe(400)
      login.child.kill("SIGINT")
      expect((await login.end()).code).toBe(130)
      expect(at.identity.asked.filter(({ path }) => path === "/token")).toEqual([])
    },
    HANG_MS,
  )

  test(
    "of two skeins that find a token over, one renews it and both are served",
    async () => {
      using at = await place({ renewalMs: 600 })
      const { scene, identity } = at
      await at.loggedIn()
      identity.endAccess()
      const both = [1, 2].map((n) => scene.run(["mcp", "call", "docs", "echo", `n=${n}`, "--yes"]))
      expect((await Promise.all(both)).map(({ code }) => code)).toEqual([0, 0])
      expect(identity.renewals()).toBe(1)
    },
    HANG_MS,
  )

  test(
    "killed in the middle of a renewal, the next skein is not held up, and says to log in where the token was spent",
    async () => {
      using at = await place({ renewalMs: 2_000 })
      const { scene, identity } = at
      await at.loggedIn()
      identity.endAccess()
      const killed = scene.start(["mcp", "call", "docs", "echo", "--yes"])
      while (identity.renewals() === 0) await Bun.sleep(10)
      killed.kill("SIGKILL")
      await killed.exited
      expect(JSON.parse(at.kept())).toMatchObject({ version: 1 })
      const next = await scene.run(["mcp", "call", "docs", "echo", "--yes"])
      expect(next.code).not.toBe(0)
      expect(next.err + next.out).toContain("skein mcp login docs")
      expect(next.err + next.out).not.toMatch(/refresh-[0-9a-f]{8}/)
      const again = await at.loggedIn()
      expect(again.code).toBe(0)
      expect((await scene.run(["mcp", "call", "docs", "echo", "--yes"])).code).toBe(0)
    },
    HANG_MS,
  )
})
