import { afterAll, describe, expect, test } from "bun:test"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { SkeinError } from "@skein/protocol"
import { selfSigned } from "@skein/testkit"
import { models } from "../src/index.ts"
import { ROWS } from "../src/providers/rows.ts"
import { realClock, requestOf } from "./asking.ts"

const folder = mkdtempSync(join(tmpdir(), "skein-rows-"))
afterAll(() => rmSync(folder, { recursive: true }))
const caFile = join(folder, "ca.pem")
writeFileSync(caFile, selfSigned(["api.example.test"]).certificate)

const AWS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret", region: "us-east-1" }
/** Where providers are that have no address of their own. */
const ADDRESSES = {
  ...{ AZURE_OPENAI_ENDPOINT: "https://azure.example.test", AZURE_RESOURCE_NAME: "example" },
  ...{ GOOGLE_CLOUD_PROJECT: "example", AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "AKIDEXAMPLE" },
  AWS_SECRET_ACCESS_KEY: "secret",
}

/** A process of our own is asked through a pipe. */
const NETWORKED = ROWS.filter(({ isOwnProcess }) => isOwnProcess !== true)

describe("timeout, proxy and certificates are honoured, whoever is asked", () => {
  test.each(NETWORKED.map((row) => [row.id, row] as const))("%s", async (_, row) => {
    const seen: { readonly url: string; readonly proxy: unknown; readonly ca: number }[] = []
    const port = models({
      env: ADDRESSES,
      key: () => "key",
      logins: {
        state: async () => ({}),
        credential: async () => ({ secret: "secret", project: "example", aws: AWS, baseUrl: row.baseUrl }),
        refused: () => false,
        accepted: () => undefined,
      },
      clock: realClock,
      timeouts: { headersTimeoutMs: 40 },
      network: {
        caFile,
        proxy: "http://proxy.example.test:3128",
        through: (url, init) => {
          const { proxy, tls } = init as { proxy?: unknown; tls?: { ca?: unknown[]; rejectUnauthorized?: boolean } }
          seen.push({ url, proxy, ca: tls?.ca?.length ?? 0 })
          return new Promise((_, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason)))
        },
      },
    })
    const name = `${row.id}/${row.defaultModel ?? row.models?.[0] ?? "some-model"}`
    const error = await asked(port.stream(requestOf({ model: name }), new AbortController().signal))

    expect(error).toMatchObject({ code: "provider.unavailable" })
    expect(String(error)).toContain("did not begin to answer within 0.04 s")
    // Where nobody knows the window, the server is asked for it first.
    expect(seen.filter(({ url }) => !/\/(show|ps|models)(\?|$)/.test(url))).toHaveLength(1)
    for (const { url, proxy, ca } of seen) {
      const isOwn = new URL(url).hostname === "127.0.0.1"
      expect(proxy).toBe(isOwn ? false : "http://proxy.example.test:3128")
      expect(isOwn || ca > 0).toBe(true)
    }
  })
})

async function asked(reply: AsyncIterable<unknown>): Promise<unknown> {
  try {
    for await (const _ of reply) throw new Error("Nobody answers here")
  } catch (error) {
    if (error instanceof SkeinError) return error
    throw error
  }
  throw new Error("A reply ends, or throws")
}
