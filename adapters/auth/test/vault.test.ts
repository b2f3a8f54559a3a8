import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test"
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { selfSigned } from "@skein/testkit"
import { type Fetch, vault } from "../src/vault/vault.ts"

const TOKEN = "hvs.test-token"
let home: string
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "skein-vault-"))
})
afterAll(() => rmSync(home, { recursive: true }))

interface Told {
  readonly method: string
  readonly path: string
  readonly headers: Headers
  readonly body: unknown
}

/** As much of Vault as is asked here; `answer` stands in for all of it where a test wants something else. */
function fakeVault(
  options: { answer?: (told: Told) => Response | Promise<Response>; tls?: { cert: string; key: string } } = {},
) {
  const told: Told[] = []
  const secrets = new Map<string, { version: number; data: Record<string, unknown> | null }>()
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    async fetch(request) {
      const text = await request.text()
      const path = new URL(request.url).pathname
      const one: Told = {
        method: request.method,
        path,
        headers: request.headers,
        body: text === "" ? undefined : JSON.parse(text),
      }
      told.push(one)
      if (options.answer !== undefined) return await options.answer(one)
      if (request.headers.get("x-vault-token") !== TOKEN)
        return Response.json({ errors: ["permission denied"] }, { status: 403 })
      if (path === "/v1/auth/token/lookup-self") return Response.json({ data: {} })
      const kept = secrets.get(path)
      if (request.method === "GET") {
        if (kept?.data === undefined) return Response.json({ errors: [] }, { status: 404 })
        return Response.json({ data: { data: kept.data, metadata: { version: kept.version } } })
      }
      if (request.method === "DELETE") {
        secrets.delete(path)
        return new Response(null, { status: 204 })
      }
      const { data, options: given } = one.body as { data: Record<string, unknown>; options?: { cas: number } }
      if (given !== undefined && given.cas !== kept?.version)
        return Response.json({ errors: ["check-and-set parameter did not match the current version"] }, { status: 400 })
      secrets.set(path, { version: (kept?.version ?? 0) + 1, data })
      return Response.json({ data: {} })
    },
  })
  servers.push(server)
  const url = `${options.tls === undefined ? "http" : "https"}://localhost:${server.port}`
  return { url, told, secrets }
}
const servers: { stop(force: boolean): unknown }[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.stop(true)
})

const plain: Fetch = (url, init) => fetch(url, init)
const at = (url: string, more: Record<string, string> = {}, timeoutMs?: number) =>
  vault({ env: { VAULT_ADDR: url, VAULT_TOKEN: TOKEN, ...more }, home, fetch: plain, timeoutMs })

describe("Vault", () => {
  test("keeps, gives and forgets the key of a provider, and leaves other fields of its secret", async () => {
    const { url, told, secrets } = fakeVault()
    const kept = at(`${url}/`)
    expect(await kept.state()).toMatchObject({ kind: "ready" })
    expect(await kept.get("acme")).toBeUndefined()
    expect(await kept.set("acme", "k-1")).toBe(`Vault ${new URL(url).host}, secret/skein/providers/acme`)
    expect((await kept.get("acme"))?.value).toBe("k-1")
    secrets.set("/v1/secret/data/skein/providers/acme", { version: 7, data: { api_key: "k-1", note: "ours" } })
    await kept.set("acme", "k-2")
    expect(secrets.get("/v1/secret/data/skein/providers/acme")?.data).toEqual({ api_key: "k-2", note: "ours" })
    expect(told.at(-1)?.body).toMatchObject({ options: { cas: 7 } })
    expect([await kept.delete("acme"), await kept.delete("acme")]).toEqual([true, false])
  })

  test("is asked at the mount, path and namespace that were named, with the token of a file where there is no variable", async () => {
    const { url, told } = fakeVault()
    const file = join(home, "token")
    writeFileSync(file, `${TOKEN}\n`, { mode: 0o600 })
    const env = {
      VAULT_ADDR: url,
      VAULT_TOKEN_FILE: file,
      VAULT_MOUNT: "kv",
      VAULT_SECRETS_PATH: "team/keys",
      VAULT_NAMESPACE: "ns1/ns2",
    }
    await vault({ env, home, fetch: plain }).get("acme")

    expect(told[0]?.path).toBe("/v1/kv/data/team/keys/acme")
    expect(told[0]?.headers.get("x-vault-namespace")).toBe("ns1/ns2")
    chmodSync(file, 0o644)
    await expect(vault({ env, home, fetch: plain }).get("acme")).rejects.toThrow("can be read by others")
    writeFileSync(join(home, ".vault-token"), TOKEN, { mode: 0o600 })
    expect(await vault({ env: { VAULT_ADDR: url }, home, fetch: plain }).state()).toMatchObject({ kind: "ready" })
    rmSync(join(home, ".vault-token"))
    await expect(vault({ env: { VAULT_ADDR: url }, home, fetch: plain }).get("x")).rejects.toThrow("there is no token")
  })

  test.each([
    [503, { errors: ["Vault is sealed"] }, "is sealed. Unseal it: vault operator unseal"],
    [501, {}, "is not initialised"],
    [473, {}, "is a standby node"],
    [403, { errors: ["permission denied"] }, "refuses the token for secret/data/skein/providers/acme (403)"],
    [
      404,
      { errors: ["no handler for route"] },
      "has nothing at secret/data/skein/providers/acme (404: no handler for route). Check VAULT_MOUNT",
    ],
    [500, { errors: ["internal\nerror"] }, "answered 500: internal error"],
    [200, undefined, "has no field api_key"],
  ])("a refusal of %d names its cause and what to do", async (status, body, words) => {
    const { url } = fakeVault({
      answer: () =>
        body === undefined ? Response.json({ data: { data: { other: 1 } } }) : Response.json(body, { status }),
    })
    const error = await at(url)
      .get("acme")
      .catch((thrown: unknown) => thrown)

    expect(error).toMatchObject({ code: "secret.unavailable", message: expect.stringContaining(words) })
    expect(String(error)).not.toContain(TOKEN)
  })

  test("a redirect is not followed: the token would go to whoever it names", async () => {
    const other = fakeVault()
    const { url } = fakeVault({ answer: () => Response.redirect(`${other.url}/v1/x`, 307) })

    await expect(at(url).get("acme")).rejects.toThrow(`sends elsewhere (307, ${new URL(other.url).host})`)
    expect(other.told).toEqual([])
  })

  test("one that does not answer, in the middle of its answer too, is given up after its time", async () => {
    const silent = fakeVault({ answer: () => new Promise<Response>(() => {}) })
    const slow = fakeVault({
      answer: () => new Response(new ReadableStream({ start: (stream) => stream.enqueue("{") })),
    })

    await expect(at(silent.url, {}, 200).get("acme")).rejects.toThrow("did not answer within 0.2 s")
    await expect(at(slow.url, {}, 200).get("acme")).rejects.toThrow("did not answer within 0.2 s")
    await expect(at("http://127.0.0.1:1").get("acme")).rejects.toThrow("cannot be reached")
  })

  test("over TLS its certificate must be trusted, by VAULT_CACERT where it is nobody's, and nothing switches that off", async () => {
    const { key, certificate } = selfSigned(["localhost"])
    const { url, told } = fakeVault({ tls: { cert: certificate, key } })
    const file = join(home, "ca.pem")
    writeFileSync(file, certificate)

    await expect(at(url).get("acme")).rejects.toThrow(/certificate that is not trusted .* VAULT_CACERT/)
    await expect(at(url, { VAULT_SKIP_VERIFY: "true" }).get("acme")).rejects.toThrow("VAULT_SKIP_VERIFY")
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0"
    try {
      await expect(at(url).get("acme")).rejects.toThrow("certificate that is not trusted")
    } finally {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before
    }
    expect(told).toEqual([])
    expect(await at(url, { VAULT_CACERT: file }).state()).toMatchObject({ kind: "ready" })
  })

  test.each([
    [{ VAULT_ADDR: "vault" }, "VAULT_ADDR is no http:// or https:// address"],
    [{ VAULT_ADDR: "http://me:pw@localhost" }, "VAULT_ADDR holds a name or password"],
    [{ VAULT_MOUNT: "../sys" }, "VAULT_MOUNT is no path of plain names"],
    [{ VAULT_SECRETS_PATH: "a?b" }, "VAULT_SECRETS_PATH is no path of plain names"],
    [{ VAULT_TOKEN: "a\nb" }, "the token in VAULT_TOKEN holds characters that cannot be sent"],
  ])("what cannot be right is refused before anything is sent: %j", async (env, words) => {
    const kept = vault({ env: { VAULT_ADDR: "http://127.0.0.1:1", VAULT_TOKEN: TOKEN, ...env }, home, fetch: plain })

    await expect(kept.get("acme")).rejects.toThrow(words)
  })

  test("asked without TLS on another machine, it is used with a warning", async () => {
    const fetch: Fetch = async () => Response.json({ data: { data: { api_key: "k-1" }, metadata: { version: 1 } } })
    const far = vault({ env: { VAULT_ADDR: "http://vault.internal:8200", VAULT_TOKEN: TOKEN }, home, fetch })

    expect((await far.get("acme"))?.warning).toContain("without TLS")
  })
})
