import { expect, test } from "bun:test"
import { serverLogins } from "../../src/logins/server-logins.ts"
import { scene } from "./scene.ts"

const HANG_MS = 30_000

test(
  "a page that a stranger's document names is opened by an address of this machine, which sends the browser there",
  async () => {
    const { home, person, remove } = scene()
    const { promise, resolve } = Promise.withResolvers<string>()
    const open = async (url: string) => {
      resolve(url)
      return true
    }
    const logins = serverLogins({ stores: async () => [], dataDir: home, couldHold: () => false })
    let state = ""
    const answering = logins.authorize(
      {
        ...{ name: "docs", issuer: "https://login.example", isIssuerTold: true, host: "127.0.0.1", isOfStranger: true },
        ...{ ports: [0], path: "/callback", otherWay: "leave it" },
        async page(redirectUri, told) {
          state = told
          return `https://login.example/authorize?to=${encodeURIComponent(redirectUri)}`
        },
      },
      { ...person, open, sleep: () => new Promise(() => undefined) },
    )
    const opened = await promise
    expect(opened).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}$/)
    const sent = new URL((await fetch(opened, { redirect: "manual" })).headers.get("location") ?? "")
    expect(sent.origin).toBe("https://login.example")

    const redirectUri = sent.searchParams.get("to") ?? ""
    expect(redirectUri).toBe(`${new URL(opened).origin}/callback`)
    const come = async (query: Record<string, string>) =>
      (await fetch(`${redirectUri}?${new URLSearchParams(query)}`)).status
    expect(await come({ code: "c", state })).toBe(400)
    expect(await come({ code: "c", state, iss: "https://evil.example" })).toBe(400)
    expect(await come({ code: "c", state: "guessed", iss: "https://login.example" })).toBe(400)
    expect(await come({ code: "c", state, iss: "https://login.example" })).toBe(200)
    expect(await answering).toMatchObject({ code: "c", redirectUri, issuer: "https://login.example" })
    remove()
  },
  HANG_MS,
)
