import { expect, test } from "bun:test"
import { identityServer } from "@skein/testkit/identity"
import { cookiesOf } from "../../src/logins/gemini-web/cookies.ts"
import { refusal, scene } from "./scene.ts"

const OWNER = { id: "gemini-web", login: "gemini-web" } as const
const NOW = 1_800_000_000_000
const SOON = NOW / 1000 + 1_000

const line = (domain: string, name: string, value: string, ends = SOON, path = "/") =>
  [domain, "TRUE", path, "TRUE", String(ends), name, value].join("\t")

test("of a browser's cookies only Google's own are taken, those that scripts cannot see too, and none that is over", () => {
  const text = [
    "# Netscape HTTP Cookie File",
    line(".google.com", "__Secure-1PSID", "psid-value"),
    `#HttpOnly_${line(".google.com", "SID", "sid-value")}`,
    line("gemini.google.com", "OTZ", "otz-value", 0),
    line(".bank.test", "session", "canary"),
    line(".google.com.evil.test", "SID2", "canary"),
    line("evilgoogle.com", "SID3", "canary"),
    line(".google.com", "OVER", "canary", NOW / 1000 - 1),
    line(".google.com", "DEEP", "canary", SOON, "/accounts"),
    line(".google.com", "BROKEN", "canary; injected=1"),
    "#comment",
    "no cookie at all",
  ].join("\r\n")
  expect({ ...cookiesOf(text, NOW) }).toEqual({ "__Secure-1PSID": "psid-value", SID: "sid-value", OTZ: "otz-value" })
})

test("a session is imported, its short cookie is renewed after twenty minutes, and one that Google ended is over", async () => {
  let rotated = 0
  const server = identityServer(({ headers }) => {
    rotated += 1
    if (rotated > 1) return new Response("", { status: 401 })
    const isWhole = headers.get("cookie") === "__Secure-1PSID=psid-value; __Secure-1PSIDTS=old-value"
    return new Response("[]", {
      status: isWhole ? 200 : 400,
      headers: { "set-cookie": "__Secure-1PSIDTS=new-value; Path=/; Secure" },
    })
  })
  const at = scene({ SKEIN_GEMINI_WEB_ROTATE_URL: server.url })
  const ends = Date.now() / 1000 + 100_000
  const cookies = at.file(
    "cookies.txt",
    [
      line(".google.com", "__Secure-1PSID", "psid-value", ends),
      line(".google.com", "__Secure-1PSIDTS", "old-value", ends),
    ].join("\n"),
  )
  expect(await at.login(OWNER, { cookies })).toEqual({ account: undefined, place: "memory" })
  expect((await at.all.credential(OWNER))?.secret).toEndWith("__Secure-1PSIDTS=old-value")
  at.later(20 * 60_000)
  expect((await at.all.credential(OWNER))?.secret).toEndWith("__Secure-1PSIDTS=new-value")
  at.later(20 * 60_000)
  expect(await refusal(at.all.credential(OWNER))).toMatch(/^login\.expired: .*skein login gemini-web --cookies <file>$/)
  server.stop()
  at.remove()
})

test("without cookies, or without the one that logs in, nothing is kept", async () => {
  const at = scene()
  expect(await refusal(at.login(OWNER))).toContain("--cookies <file>")
  expect(await refusal(at.login(OWNER, { cookies: "/no/such" }))).toContain("Cannot read the file of cookies /no/such.")
  const cookies = at.file("cookies.txt", line(".google.com", "NID", "nid-value", Date.now()))
  expect(await refusal(at.login(OWNER, { cookies }))).toContain("holds no cookie __Secure-1PSID")
  expect(at.kept.size).toBe(0)
  at.remove()
})
