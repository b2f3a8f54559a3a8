import { expect, test } from "bun:test"
import { github } from "@skein/testkit/identity"
import { type LoginScene, refusal, scene } from "./scene.ts"

const OWNER = { id: "github-copilot", login: "github-copilot" } as const

async function withGithub(
  options: Parameters<typeof github>[0],
  use: (at: LoginScene & { server: ReturnType<typeof github> }) => Promise<void>,
): Promise<void> {
  const server = github(options)
  const at = scene({ SKEIN_GITHUB_URL: server.url, SKEIN_GITHUB_API_URL: server.url })
  try {
    await use({ ...at, server })
  } finally {
    server.stop()
    at.remove()
  }
}

test("a code is polled for at its interval and three seconds, slower when that was too often, and kept with a token of Copilot", () =>
  withGithub(
    {
      answers: ["authorization_pending", "slow_down", "authorization_pending"],
      intervalS: 5,
      api: "https://api.business.test/",
    },
    async ({ login, slept, said, opened, kept, all, server }) => {
      expect(await login(OWNER)).toEqual({ account: "anna", place: "memory" })
      expect(slept).toEqual([8_000, 8_000, 13_000, 13_000])
      expect(said[0]).toBe(`Open ${server.url}/login/device on any device, and type in this code: WDJB-MJHT`)
      expect(opened).toEqual([`${server.url}/login/device`])
      const credential = await all.credential(OWNER)
      expect([credential?.baseUrl, server.takes(credential?.secret), server.exchanges()]).toEqual([
        ...["https://api.business.test", true, 1],
      ])
      expect([...kept.keys()]).toEqual(["login:github-copilot"])
    },
  ))

test("the short token is renewed before its end and when it was refused, and not for ever", () =>
  withGithub({}, async ({ login, later, fresh, all, server, issued }) => {
    await login(OWNER)
    const first = await all.credential(OWNER)
    // A new start takes the one that is kept.
    expect(await fresh().credential(OWNER)).toEqual(first)
    later(1_501_000)
    const second = await all.credential(OWNER)
    expect([server.exchanges(), second?.secret === first?.secret]).toEqual([2, false])
    if (second === undefined) throw new Error("There is no second")
    expect(all.refused(OWNER, second)).toBe(true)
    const third = await all.credential(OWNER)
    if (third === undefined) throw new Error("There is no third")
    expect([server.exchanges(), all.refused(OWNER, third), all.refused(OWNER, second)]).toEqual([3, false, true])
    expect(issued.every(({ secrets, credential }) => secrets.includes(credential.secret))).toBe(true)
  }))

test("a renewed token that was taken is renewed again when it is ended early", () =>
  withGithub({}, async ({ login, all, server }) => {
    await login(OWNER)
    const next = async () => {
      const credential = await all.credential(OWNER)
      if (credential === undefined) throw new Error("There is none")
      return credential
    }
    const first = await next()
    expect(all.refused(OWNER, first)).toBe(true)
    const second = await next()
    // What another one took says nothing of this one.
    all.accepted(OWNER, first)
    expect(all.refused(OWNER, second)).toBe(false)
    all.accepted(OWNER, second)
    expect(all.refused(OWNER, second)).toBe(true)
    expect([(await next()).secret === second.secret, server.exchanges()]).toEqual([false, 3])
  }))

test("a login that was ended at GitHub is over, with what to do, and is not asked for again", () =>
  withGithub({}, async ({ login, later, fresh, server }) => {
    await login(OWNER)
    server.revokeAll()
    later(1_501_000)
    const over = await refusal(fresh().credential(OWNER))
    expect(over).toStartWith("login.expired: The login of GitHub Copilot is over:")
    expect(over).toEndWith("Log in again: skein login github-copilot")
    const before = server.asked.length
    expect([await refusal(fresh().credential(OWNER)), server.asked.length]).toEqual([over, before])
    expect((await fresh().state(OWNER))?.ended).toContain("skein login github-copilot")
  }))

test("where one place serves several machines, what another of them was given is taken", () => {
  let meanwhile: (() => void) | undefined
  const exchange = () => {
    meanwhile?.()
    return meanwhile === undefined ? undefined : Response.json({ message: "Bad credentials" }, { status: 401 })
  }
  return withGithub({ exchange }, async ({ login, later, fresh, kept }) => {
    await login(OWNER)
    later(1_501_000)
    const [[name = "", text = ""] = []] = kept
    const theirs = { ...JSON.parse(text), copilot: "tid=of-another-machine", expiresAt: Date.now() + 9_000_000 }
    meanwhile = () => void kept.set(name, JSON.stringify(theirs))
    expect((await fresh().credential(OWNER))?.secret).toBe("tid=of-another-machine")
  })
})

test.each([
  [["access_denied"], "login.refused: GitHub Copilot did not log you in: it was refused on the page."],
  [
    ["expired_token"],
    "login.timeout: The code of GitHub Copilot was not typed in while it could be used. Begin again.",
  ],
  [["unsupported_grant_type"], /^login\.refused: .*200 unsupported_grant_type: It is unsupported_grant_type\.$/],
])("an answer of %j ends the login, and nothing is kept", (answers, words) =>
  withGithub({ answers }, async ({ login, kept }) => {
    expect(await refusal(login(OWNER))).toMatch(words)
    expect(kept.size).toBe(0)
  }),
)

test("a code that nobody types in ends by itself", () =>
  withGithub(
    { answers: Array.from({ length: 400 }, () => "authorization_pending"), intervalS: 5 },
    async ({ login, slept }) => {
      expect(await refusal(login(OWNER))).toStartWith("login.timeout: ")
      expect(slept.reduce((sum, ms) => sum + ms, 0)).toBeWithin(900_000, 910_000)
    },
  ))

test("an account without Copilot is told what GitHub says of it, in one line, and nothing is kept", () => {
  const message = "No access to\u001b[31m Copilot.\nAsk your admin"
  const exchange = () => Response.json({ error_details: { message } }, { status: 403 })
  return withGithub({ exchange }, async ({ login, kept }) => {
    const words = await refusal(login(OWNER))
    expect(words).toStartWith(
      "login.refused: GitHub Copilot did not log you in: the account has no Copilot that it could use: No access to",
    )
    expect([/[\u0000-\u001f]/.test(words), kept.size]).toEqual([false, 0])
  })
})

test("an address of Copilot that is not https is none", () =>
  withGithub({ api: "http://copilot.test" }, async ({ login }) => {
    expect(await refusal(login(OWNER))).toStartWith("config.invalid: Cannot use the address that GitHub Copilot named")
  }))

test("an enterprise has hosts of its own, and a name that is none is refused", async () => {
  const at = scene()
  const asked: string[] = []
  const { logins } = await import("../../src/logins/logins.ts")
  const answers: Readonly<Record<string, unknown>> = {
    "https://octo.ghe.com/login/device/code": { device_code: "d", user_code: "U", interval: 0 },
    "https://octo.ghe.com/login/oauth/access_token": { access_token: "ghu_1" },
    "https://api.octo.ghe.com/user": { login: "anna" },
    "https://api.octo.ghe.com/copilot_internal/v2/token": { token: "tid-1", refresh_in: 1_500 },
  }
  const all = logins({
    ...{ env: {}, home: at.home, dataDir: at.home, now: Date.now, stores: async () => [], isAllowed: () => true },
    onIssued: () => {},
    fetch: async (url) => {
      asked.push(url)
      return Response.json(answers[url] ?? {}, { status: url in answers ? 200 : 404 })
    },
  })
  let kept = ""
  const place = async () => ({
    set: async (_: string, value: string) => {
      kept = value
      return "memory"
    },
  })
  const wish = { way: undefined, clientId: "own-app", enterprise: "https://Octo.ghe.com/" }
  await all.login(OWNER, wish, at.person, place)
  expect(asked.toSorted()).toEqual(Object.keys(answers).toSorted())
  expect(JSON.parse(kept)).toMatchObject({ enterprise: "octo.ghe.com", api: "https://copilot-api.octo.ghe.com" })
  for (const enterprise of ["evil.test/path", "user@evil.test", "localhost", "a b"])
    expect(await refusal(all.login(OWNER, { way: undefined, enterprise }, at.person, place))).toStartWith(
      "config.invalid: --enterprise",
    )
  at.remove()
})
