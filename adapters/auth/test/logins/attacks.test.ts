import { expect, test } from "bun:test"
import { chmodSync, realpathSync } from "node:fs"
import { refusal, scene } from "./scene.ts"

const CODEX = { id: "openai-codex", login: "openai-codex" } as const
const KEPT = `login:${CODEX.id}`
const REFRESH = "refresh-token-of-the-person-0123456789"

test("a person who logs out while their login is being renewed is logged out", () =>
  withServer(async ({ fresh, kept }, server) => {
    const renewing = fresh().credential(CODEX)
    await server.reached
    const leaving = fresh().logout(CODEX)
    server.answer(Response.json({ access_token: "a2", refresh_token: "r2", expires_in: 3_600 }))
    expect((await renewing)?.secret).toBe("a2")
    expect((await leaving).removed).toEqual(["keyring"])
    expect([...kept.keys()]).toEqual([])
  }))

test("a login that was kept while the one before was being renewed stays", () =>
  withServer(async ({ fresh, kept, person }, server) => {
    const renewing = fresh().credential(CODEX)
    await server.reached
    const loggingIn = fresh().login(CODEX, { way: "device" }, person, async () => ({
      set: async (name, value) => {
        kept.set(name, value)
        return "memory"
      },
    }))
    await server.isLoggedIn
    server.answer(Response.json({ access_token: "a2", refresh_token: "r2", expires_in: 3_600 }))
    await Promise.all([renewing, loggingIn])
    expect(JSON.parse(kept.get(KEPT) ?? "")).toMatchObject({ access: "of-another", accountId: "another" })
  }))

test("a token that the login server repeats in its refusal is neither shown nor kept in words", () =>
  withServer(async ({ fresh, kept }, server) => {
    const why = { error: "invalid_grant", error_description: `The token ${REFRESH} was revoked` }
    server.answer(Response.json(why, { status: 400 }))
    const said = await refusal(fresh().credential(CODEX))
    expect(said).toContain("400 invalid_grant: The token [secret] was revoked")
    expect(said).not.toContain(REFRESH)
    expect(JSON.parse(kept.get(KEPT) ?? "").ended).not.toContain(REFRESH)
  }))

test("credential_process runs in the person's home, and no folder of its own choosing is looked in for it", async () => {
  const keys = `echo '{"Version":1,"AccessKeyId":"A","SecretAccessKey":"s","SessionToken":"'"$PWD"'"}'`
  const at = scene({ PATH: ".::/usr/bin:/bin" })
  try {
    chmodSync(at.file("give-keys", `#!/bin/sh\n${keys}\n`), 0o755)
    at.file(".aws/config", `[default]\ncredential_process = ${at.home}/give-keys\n`)
    const aws = { id: "bedrock", login: "aws" } as const
    expect((await at.fresh().credential(aws))?.aws?.sessionToken).toBe(realpathSync(at.home))
    at.file(".aws/config", "[default]\ncredential_process = give-keys\n")
    expect(await refusal(at.fresh().credential(aws))).toMatch(/^login\.refused: .*give-keys cannot be started/)
  } finally {
    at.remove()
  }
})

test("the files of AWS, which name programs to run, are none of the folder that is worked in", async () => {
  const at = scene({ AWS_CONFIG_FILE: ".aws/config" })
  try {
    const said = await refusal(at.fresh().credential({ id: "bedrock", login: "aws" }))
    expect(said).toMatch(/^config\.invalid: AWS_CONFIG_FILE is no absolute path/)
  } finally {
    at.remove()
  }
})

/** A login that is over, and a server that renews it when it is told to. Another account can log in with a code meanwhile. */
async function withServer(use: (at: ReturnType<typeof scene>, server: Steered) => Promise<void>): Promise<void> {
  const [reached, answer, loggedIn] = [
    Promise.withResolvers<void>(),
    Promise.withResolvers<Response>(),
    Promise.withResolvers<void>(),
  ]
  const server = Bun.serve({
    ...{ hostname: "127.0.0.1", port: 0 },
    async fetch(request) {
      const { pathname } = new URL(request.url)
      if (pathname.endsWith("/usercode")) return Response.json({ user_code: "AB-12", device_auth_id: "d", interval: 0 })
      if (pathname.endsWith("/deviceauth/token"))
        return Response.json({ authorization_code: "code", code_verifier: "verifier" })
      if (pathname === "/oauth/revoke") return new Response(null)
      if ((await request.text()).includes("authorization_code")) {
        setTimeout(loggedIn.resolve, 50)
        const claims = Buffer.from(JSON.stringify({ chatgpt_account_id: "another" })).toString("base64url")
        return Response.json({ access_token: "of-another", refresh_token: "r", id_token: `e.${claims}.s` })
      }
      reached.resolve()
      return await answer.promise
    },
  })
  const at = scene({ SKEIN_CODEX_ISSUER: server.url.href })
  at.kept.set(KEPT, JSON.stringify({ version: 1, access: "a1", refresh: REFRESH, accountId: "mine", expiresAt: 1 }))
  try {
    await use(at, { reached: reached.promise, isLoggedIn: loggedIn.promise, answer: answer.resolve })
  } finally {
    await server.stop(true)
    at.remove()
  }
}

interface Steered {
  readonly reached: Promise<void>
  readonly isLoggedIn: Promise<void>
  answer(response: Response): void
}
