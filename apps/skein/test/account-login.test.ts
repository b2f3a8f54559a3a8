import { expect, test } from "bun:test"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { type ChatGptServer, chatGpt } from "@skein/testkit/identity"
import { BINARY, describeBinary } from "./ground/binary.ts"
import { type ModelServer, modelServer } from "./ground/model.ts"
import { Scene } from "./ground/scene.ts"
import { anthropic } from "./ground/wire-anthropic.ts"
import { responses } from "./ground/wire-responses.ts"

const HANG_MS = 60_000
const ID = "openai-codex"

interface Place {
  readonly scene: Scene
  readonly identity: ChatGptServer
  readonly model: ModelServer
}

/** A person with a ChatGPT plan, its login server, and a model that takes its tokens alone. */
async function withPlan(use: (at: Place) => Promise<void>, options: Parameters<typeof chatGpt>[0] = {}): Promise<void> {
  const scene = new Scene()
  const identity = chatGpt(options)
  const model = modelServer(responses, async (asked) => {
    if (identity.takes(asked.request.headers.get("authorization"))) return await asked.say({ text: "Hello." })
    await asked.refuse(401, JSON.stringify({ error: { code: "token_expired", message: "Log in again." } }))
  })
  scene.env.SKEIN_CODEX_ISSUER = identity.url
  scene.env.OPENAI_CODEX_BASE_URL = `${model.url}/v1`
  try {
    await use({ scene, identity, model })
  } finally {
    model.stop()
    identity.stop()
    scene.remove()
  }
}

/** A login at a terminal that is none: what it says can be waited for, and lines can be put in. */
function begun(scene: Scene, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = Bun.spawn([BINARY, "login", ID, "--source", "file", ...args], {
    cwd: scene.cwd,
    env: { ...scene.env, ...env },
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
  })
  let said = ""
  const reading = (async () => {
    for await (const piece of child.stderr) said += Buffer.from(piece).toString()
  })()
  return {
    said: () => said,
    async until(words: RegExp): Promise<string> {
      for (;;) {
        const [, found] = words.exec(said) ?? []
        if (found !== undefined) return found
        if (child.exitCode !== null) throw new Error(`It ended: ${said}`)
        await Bun.sleep(10)
      }
    },
    async put(line: string) {
      child.stdin.write(`${line}\n`)
      await child.stdin.flush()
    },
    interrupt: () => child.kill("SIGINT"),
    async ended() {
      const [out, code] = await Promise.all([child.stdout.text(), child.exited, reading])
      return { out, code }
    },
  }
}

const PAGE = /^(http:\/\/\S+\/oauth\/authorize\S+)$/m
const LOGGED_IN = {
  code: 0,
  out: expect.stringMatching(/^Logged in to ChatGPT \(Codex\) as anna@example\.test\. Kept in: file /),
}

describeBinary("skein login with an account, and no browser,", () => {
  test(
    "works by a code that is typed in elsewhere, and a request is signed with it",
    () =>
      withPlan(
        async ({ scene, model, identity }) => {
          const ran = await scene.run(["auth", "codex", "--device-auth", "--source", "file"])
          expect([ran.code, ran.out]).toEqual([0, expect.stringContaining("as anna@example.test")])
          expect(ran.err).toContain(
            `Open ${identity.url}/codex/device on any device, and type in this code: ABCD-12345`,
          )
          expect(ran.err.match(/This login is not official/g)?.length).toBe(1)

          expect((await scene.run(["run", "-m", ID, "hello"])).out).toBe("Hello.\n")
          expect(model.requests.map(({ headers }) => headers.get("chatgpt-account-id"))).toEqual(["acc-77"])
          const status = await scene.run(["login", "status"])
          expect(status.out).toMatch(
            /^ChatGPT \(Codex\): login of anna@example\.test, file .*auth\.json, until .*Z, renewed by itself$/m,
          )
          const told = [status, await scene.run(["doctor"]), await scene.run(["login", "status", "--json"])]
          const reach = (await scene.run(["doctor", "--egress"])).out
          expect(reach).toMatch(new RegExp(`^login +${identity.url} +renews the login of ChatGPT`, "m"))
          const token = model.requests[0]?.headers.get("authorization")?.slice("Bearer ".length) ?? "?"
          expect(told.map(({ out, err }) => (out + err).includes(token))).toEqual([false, false, false])
          const holding = scene.files().filter((file) => readFileSync(file, "latin1").includes(token))
          expect(holding).toEqual([join(scene.data, "auth.json")])
        },
        { devicePolls: 1 },
      ),
    HANG_MS,
  )

  test(
    "works by the address that a browser elsewhere ended at, though no port can be opened; another address is told to be none",
    () =>
      withPlan(async ({ scene, identity }) => {
        const ports = [1455, 1457].flatMap((port) => taken(port))
        try {
          const login = begun(scene, ["--no-browser"])
          const page = await login.until(PAGE)
          const address = await identity.agree(page)
          await login.put("http://localhost:1455/auth/callback?code=a&state=b")
          await login.until(/(belongs to another login)/)
          await login.put(address)
          expect(await login.ended()).toEqual(LOGGED_IN)
          expect(login.said()).toContain("Port 1455 and 1457 of this machine cannot be used")
        } finally {
          for (const port of ports) port.stop(true)
        }
      }),
    HANG_MS,
  )

  test(
    "works over SSH through a tunnel to the port that the browser is sent to, and takes nothing but its own answer there",
    () =>
      withPlan(async ({ scene, identity }) => {
        const login = begun(scene, [], { SSH_CONNECTION: "10.0.0.1 1 10.0.0.2 22", DISPLAY: ":0" })
        const address = new URL(await identity.agree(await login.until(PAGE)))
        const at = (change: (url: URL) => void) => {
          const url = new URL(address)
          change(url)
          return fetch(url).then(({ status }) => status)
        }
        const wrong = [
          at((url) => url.searchParams.set("state", "forged")),
          at((url) => url.searchParams.set("iss", "https://evil.test")),
          at((url) => {
            url.pathname = "/auth/callback/"
          }),
          fetch(address, { headers: { host: "evil.test" } }).then(({ status }) => status),
          fetch(address, { method: "POST" }).then(({ status }) => status),
        ]
        expect(await Promise.all(wrong)).toEqual([400, 400, 404, 403, 404])
        expect(await (await fetch(address)).text()).toContain("You are logged in")
        expect(await login.ended()).toEqual(LOGGED_IN)
      }),
    HANG_MS,
  )

  test(
    "keeps nothing when the person says no on the page, or gives up",
    () =>
      withPlan(async ({ scene }) => {
        const login = begun(scene, [])
        const page = new URL(await login.until(PAGE))
        const back = new URL(page.searchParams.get("redirect_uri") ?? "")
        back.search = String(
          new URLSearchParams({
            error: "access_denied",
            error_description: "No.",
            state: page.searchParams.get("state") ?? "",
          }),
        )
        expect((await fetch(back)).status).toBe(200)
        expect(await login.ended()).toEqual({ code: 78, out: "" })
        expect(login.said()).toContain("did not log you in: access_denied: No.")

        const other = begun(scene, [])
        await other.until(PAGE)
        other.interrupt()
        expect(await other.ended()).toEqual({ code: 130, out: "" })
        expect(existsSync(join(scene.data, "auth.json"))).toBe(false)
      }),
    HANG_MS,
  )
})

describeBinary("A login that is kept", () => {
  const loggedIn = async ({ scene }: Place) =>
    expect((await scene.run(["login", ID, "--device-auth", "--source", "file"])).code).toBe(0)

  test(
    "is renewed when the provider takes it for ended, and the step is asked again once",
    () =>
      withPlan(async (at) => {
        const { scene, identity, model } = at
        await loggedIn(at)
        identity.endAccess()
        const ran = await scene.run(["run", "-m", ID, "hello"])
        expect([ran.code, ran.out, identity.renewals(), model.requests.length]).toEqual([0, "Hello.\n", 1, 2])
      }),
    HANG_MS,
  )

  test(
    "is renewed once by several skeins that find it at its end at the same time",
    () =>
      withPlan(
        async (at) => {
          const { scene, identity } = at
          await loggedIn(at)
          identity.setLife(3_600)
          const runs = await Promise.all([1, 2, 3].map(() => scene.run(["run", "-m", ID, "hello"])))
          expect(runs.map(({ code, out }) => [code, out])).toEqual(runs.map(() => [0, "Hello.\n"]))
          const asked = identity.asked.filter(({ fields }) => fields.grant_type === "refresh_token")
          expect([asked.length, identity.renewals()]).toEqual([1, 1])
        },
        // At first good for less than the margin, so that each skein finds it at its end.
        { lifeS: 30, renewalMs: 700 },
      ),
    HANG_MS,
  )

  test(
    "is said to be over when it was ended at the provider, and other providers go on",
    () =>
      withPlan(async (at) => {
        const { scene, identity } = at
        await loggedIn(at)
        identity.revokeAll()
        for (const expected of [2, 2]) {
          const ran = await scene.run(["run", "-m", ID, "hello"])
          expect([ran.code, ran.err]).toEqual([78, expect.stringContaining("Log in again: skein login openai-codex")])
          expect(identity.asked.filter(({ path }) => path === "/oauth/token").length).toBe(expected)
        }
        expect((await scene.run(["login", "status"])).out).toContain("skein login openai-codex")
        expect((await scene.run(["doctor"])).out).toMatch(/warn\s+login\s+openai-codex/)
        const other = modelServer(anthropic, (asked) => asked.say({ text: "Here." }))
        const env = { ANTHROPIC_BASE_URL: other.url, ANTHROPIC_API_KEY: "sk-ant-other" }
        expect((await scene.run(["run", "-m", "anthropic", "hello"], { env })).out).toBe("Here.\n")
        other.stop()
        await loggedIn(at)
        expect((await scene.run(["run", "-m", ID, "hello"])).out).toBe("Hello.\n")
      }),
    HANG_MS,
  )

  test(
    "is ended at the provider by logout, and nothing of it is left",
    () =>
      withPlan(async (at) => {
        const { scene, identity } = at
        await loggedIn(at)
        const ran = await scene.run(["logout", "codex"])
        expect([ran.code, ran.out]).toEqual([0, "Logged out of ChatGPT (Codex): removed from file\n"])
        expect(identity.asked.at(-1)?.path).toBe("/oauth/revoke")
        expect(readFileSync(join(scene.data, "auth.json"), "utf8")).not.toContain("refresh")
        expect((await scene.run(["login", "status"])).code).toBe(1)
      }),
    HANG_MS,
  )
})

function taken(port: number) {
  try {
    return [Bun.listen({ hostname: "127.0.0.1", port, socket: { data() {} } })]
  } catch (error) {
    // It is somebody else's already, which does as well.
    if (error instanceof Error && "code" in error) return []
    throw error
  }
}
