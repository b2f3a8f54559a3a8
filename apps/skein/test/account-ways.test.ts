import { afterEach, beforeEach, expect, test } from "bun:test"
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { selfSigned } from "@skein/testkit"
import { amazon, chatGpt, github, google } from "@skein/testkit/identity"
import { BINARY, describeBinary } from "./ground/binary.ts"
import { Scene } from "./ground/scene.ts"

const HANG_MS = 60_000
const ends: (() => void)[] = []
let scene: Scene
beforeEach(() => {
  scene = new Scene()
})
afterEach(() => {
  for (const end of ends.splice(0)) end()
  scene.remove()
})

function kept<T extends { stop(): unknown }>(server: T): T {
  ends.push(() => void server.stop())
  return server
}

/** A network's own proxy: it leads every tunnel to one server, which answers for whoever was meant. */
function intercepting(to: number) {
  const heads: string[] = []
  type Near = { text: string; far?: Bun.Socket<undefined> }
  const server = kept(
    Bun.listen<Near>({
      ...{ hostname: "127.0.0.1", port: 0 },
      socket: {
        open(near) {
          near.data = { text: "" }
        },
        async data(near, bytes) {
          if (near.data.far !== undefined) return void near.data.far.write(bytes)
          near.data.text += bytes.toString("latin1")
          if (!near.data.text.includes("\r\n\r\n")) return
          heads.push(near.data.text.slice(0, near.data.text.indexOf("\r\n")))
          near.data.far = await Bun.connect({
            ...{ hostname: "127.0.0.1", port: to },
            socket: { data: (_, back) => void near.write(back), close: () => void near.end() },
          })
          near.write("HTTP/1.1 200 OK\r\n\r\n")
        },
        close: (near) => void near.data.far?.end(),
      },
    }),
  )
  return { url: `http://127.0.0.1:${server.port}`, heads }
}

/** A request that a login signs, and that reaches nobody. */
const ASKING = ["run", "-m", "openai-codex/gpt-5.5", "-c", "network.retries=0", "hello"]
const NOBODY = { OPENAI_CODEX_BASE_URL: "http://127.0.0.1:9" }

describeBinary("a login behind a proxy that reads TLS", () => {
  const CODE = ["login", "openai-codex", "--device-auth", "--source", "file"]

  test(
    "is made and renewed with the certificates of the network, and with none else, whatever the environment says",
    async () => {
      const { key, certificate } = selfSigned(["auth.openai.com"])
      const identity = kept(chatGpt({ tls: { key, cert: certificate }, lifeS: 30 }))
      const proxy = intercepting(identity.port)
      const caFile = join(scene.root, "ca.pem")
      writeFileSync(caFile, certificate)
      scene.env.HTTPS_PROXY = proxy.url

      const env = { NODE_TLS_REJECT_UNAUTHORIZED: "0" }
      const without = await scene.run(CODE, { env })
      expect([without.code, without.err]).toEqual([69, expect.stringContaining("network.ca_file")])
      expect([identity.asked.length, existsSync(join(scene.data, "auth.json"))]).toEqual([0, false])

      const ways = [
        { args: ["-c", `network.ca_file=${JSON.stringify(caFile)}`] },
        { env: { NODE_EXTRA_CA_CERTS: caFile } },
      ]
      for (const { args = [], env = {} } of ways) {
        const ran = await scene.run([...CODE, ...args], { env })
        expect([ran.code, ran.out]).toEqual([0, expect.stringContaining("as anna@example.test")])
        // Near its end already: a request renews it, the same way.
        await scene.run([...ASKING, ...args], { env: { ...NOBODY, ...env } })
      }
      expect(identity.renewals()).toBe(2)
      expect(new Set(proxy.heads)).toEqual(new Set(["CONNECT auth.openai.com:443 HTTP/1.1"]))
      const record = (await scene.run(["egress", "--json"])).out
      expect([record.includes("auth.openai.com"), record.includes('"login"')]).toEqual([true, true])
    },
    HANG_MS,
  )
})

describeBinary("the page of a login", () => {
  test(
    "is opened without a shell, with an environment that holds no key, and not over SSH, without a display, or when it is not wanted",
    async () => {
      const identity = kept(chatGpt())
      const programs = join(scene.root, "bin")
      const seen = join(scene.root, "seen")
      mkdirSync(programs)
      writeFileSync(join(programs, "xdg-open"), `#!/bin/sh\necho "$#" "$1" > '${seen}'\nenv >> '${seen}'\n`)
      chmodSync(join(programs, "xdg-open"), 0o755)
      Object.assign(scene.env, { SKEIN_CODEX_ISSUER: identity.url, PATH: `${programs}:/usr/bin:/bin` })
      const opened = async (args: readonly string[], env: Readonly<Record<string, string>>) => {
        const child = scene.start(["login", "openai-codex", "--source", "file", ...args], { env })
        let said = ""
        for await (const piece of child.stderr) {
          said += Buffer.from(piece).toString()
          if (said.includes("Then wait here")) break
        }
        child.kill("SIGINT")
        await child.exited
        return said.includes("A page was opened")
      }
      const OWN = { DISPLAY: ":7", ANTHROPIC_API_KEY: "sk-ant-canary" }
      const elsewhere = [
        await opened(["--no-browser"], OWN),
        await opened([], { ...OWN, SSH_CONNECTION: "a 1 b 2" }),
        await opened([], { ...OWN, DISPLAY: "" }),
      ]
      expect([elsewhere, existsSync(seen)]).toEqual([[false, false, false], false])
      expect(await opened([], OWN)).toBe(true)
      const text = readFileSync(seen, "utf8")
      expect(text).toStartWith(`1 ${identity.url}/oauth/authorize?response_type=code&`)
      expect([text.includes("DISPLAY=:7"), text.includes("canary")]).toEqual([true, false])
    },
    HANG_MS,
  )
})

describeBinary("a login", () => {
  test(
    "with GitHub's code gives requests a token of Copilot, at the address that GitHub names",
    async () => {
      const seen: Headers[] = []
      const model = kept(
        Bun.serve({
          ...{ hostname: "127.0.0.1", port: 0 },
          fetch(request) {
            // What it has, it does not say.
            if (request.method === "GET") return new Response("", { status: 404 })
            seen.push(request.headers)
            return chatAnswer("Hello.")
          },
        }),
      )
      const identity = kept(github({ api: `http://127.0.0.1:${model.port}` }))
      Object.assign(scene.env, { SKEIN_GITHUB_URL: identity.url, SKEIN_GITHUB_API_URL: identity.url })
      const ran = await scene.run(["auth", "copilot", "--source", "file"])
      expect([ran.code, ran.out]).toEqual([
        0,
        expect.stringMatching(/^Logged in to GitHub Copilot as anna\. Kept in: file /),
      ])
      const asked = await scene.run(["run", "-m", "github-copilot/gpt-4.1", "hello"])
      expect([asked.out, asked.err]).toEqual(["Hello.\n", expect.stringContaining("plain file")])
      expect(seen.map((headers) => identity.takes(headers.get("authorization") ?? ""))).toEqual([true])
      expect((await scene.run(["logout", "copilot"])).err).toContain("Authorized GitHub Apps")
    },
    HANG_MS,
  )

  test(
    "of AWS signs requests with the keys of the profile's role, and with none of them in what is said",
    async () => {
      const seen: Headers[] = []
      const model = kept(
        Bun.serve({
          ...{ hostname: "127.0.0.1", port: 0 },
          fetch(request) {
            seen.push(request.headers)
            return Response.json({ message: "Nothing is served here." }, { status: 400 })
          },
        }),
      )
      const identity = kept(amazon())
      Object.assign(scene.env, {
        ...{ AWS_ENDPOINT_URL_SSO_OIDC: identity.url, AWS_ENDPOINT_URL_SSO: identity.url },
        AWS_ENDPOINT_URL_BEDROCK_RUNTIME: `http://127.0.0.1:${model.port}`,
      })
      mkdirSync(join(scene.home, ".aws"))
      const session = "[sso-session corp]\nsso_start_url = https://corp.test/start\nsso_region = us-east-1\n"
      const profile =
        "[profile work]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = Builder\nregion = eu-west-3\n"
      writeFileSync(join(scene.home, ".aws/config"), session + profile)
      const ran = await scene.run(["login", "bedrock", "--profile", "work"])
      expect([ran.code, ran.out]).toEqual([
        0,
        expect.stringMatching(/^Logged in to Amazon Bedrock as work\. Kept in: .*\.aws\/sso\/cache\//),
      ])

      const asked = await scene.run(["run", "-m", "bedrock/us.anthropic.claude-sonnet-5-5", "hello"])
      const authorization = seen[0]?.get("authorization") ?? ""
      expect(authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=ASIABuilder\/\d{8}\/eu-west-3\/bedrock\//)
      expect(seen[0]?.get("x-amz-security-token")).toBe("session-of-Builder")
      const status = await scene.run(["login", "status"])
      expect(status.out).toMatch(/^Amazon Bedrock: login of work, AWS profile work, until .*, renewed by itself$/m)
      expect([asked, status].map(({ out, err }) => /secret-of|session-of/.test(out + err))).toEqual([false, false])
    },
    HANG_MS,
  )

  test(
    "is kept in Vault where there is one, and renewed there",
    async () => {
      const identity = kept(chatGpt({ lifeS: 30 }))
      const secrets = new Map<string, unknown>()
      const vault = kept(
        Bun.serve({
          ...{ hostname: "127.0.0.1", port: 0 },
          async fetch(request) {
            const path = decodeURIComponent(new URL(request.url).pathname)
            if (path.endsWith("lookup-self")) return Response.json({ data: {} })
            if (request.method === "POST") secrets.set(path, ((await request.json()) as { data: unknown }).data)
            const data = secrets.get(path)
            if (data === undefined) return Response.json({ errors: [] }, { status: 404 })
            return Response.json({ data: { data, metadata: { version: 1 } } })
          },
        }),
      )
      const address = { VAULT_ADDR: `http://127.0.0.1:${vault.port}`, VAULT_TOKEN: "t" }
      Object.assign(scene.env, { SKEIN_CODEX_ISSUER: identity.url, ...address })
      const ran = await scene.run(["login", "openai-codex", "--device-auth"])
      expect([ran.code, ran.out]).toEqual([0, expect.stringContaining("secret/skein/providers/login:openai-codex")])
      const before = JSON.stringify([...secrets])
      expect((await scene.run(["login", "status"])).out).toContain("login of anna@example.test, Vault ")
      expect(identity.renewals()).toBe(0)
      await scene.run(ASKING, { env: NOBODY })
      expect([identity.renewals(), JSON.stringify([...secrets]) === before]).toEqual([1, false])
      expect([...secrets.keys()]).toEqual(["/v1/secret/data/skein/providers/login:openai-codex"])
      expect(existsSync(join(scene.data, "auth.json"))).toBe(false)
    },
    HANG_MS,
  )

  test(
    "of Google is the file that its own tools use, and says what is wrong with it",
    async () => {
      const identity = kept(google())
      const none = await scene.run(["login", "vertex"])
      expect([none.code, none.err]).toEqual([78, expect.stringContaining("gcloud auth application-default login")])
      const file = join(scene.root, "robot.json")
      writeFileSync(file, identity.serviceAccount, { mode: 0o600 })
      const env = { GOOGLE_APPLICATION_CREDENTIALS: file }
      expect((await scene.run(["login", "vertex"], { env })).out).toBe(
        "Logged in to Google Vertex as robot@project-7.test.\n",
      )
      expect((await scene.run(["login", "status"], { env })).out).toContain(
        "Google Vertex: login of robot@project-7.test, file ",
      )
    },
    HANG_MS,
  )

  const me = process.getuid?.() ?? 0
  test.each(me === 0 ? [0, 65_534] : [me])(
    "as uid %i is in a file that only its owner can read, and so is whatever lies beside it",
    async (uid) => {
      const identity = kept(chatGpt({ lifeS: 30 }))
      scene.env.SKEIN_CODEX_ISSUER = identity.url
      const binary = join(scene.root, "skein")
      copyFileSync(BINARY, binary)
      chmodSync(binary, 0o755)
      for (const folder of [scene.root, scene.home, scene.cwd, scene.temporary]) chownSync(folder, uid, uid)
      const as = uid === me ? [] : ["setpriv", `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups"]
      const run = async (args: readonly string[]) => {
        const child = Bun.spawn([...as, binary, ...args], {
          cwd: scene.cwd,
          env: scene.env,
          stdin: "ignore",
          stdout: "pipe",
          stderr: "pipe",
        })
        const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
        return { out, err, code }
      }
      expect((await run(["login", "openai-codex", "--device-auth", "--source", "file"])).code).toBe(0)
      expect((await run(["login", "status"])).out).toContain("login of anna@example.test")
      Object.assign(scene.env, NOBODY)
      await run(ASKING)
      expect(identity.renewals()).toBe(1)
      const files = ["auth.json", "login-openai-codex.lock"].map((name) => statSync(join(scene.data, name)))
      expect(files.map((stats) => [stats.uid, stats.mode & 0o777])).toEqual(files.map(() => [uid, 0o600]))
      chmodSync(join(scene.data, "auth.json"), 0o644)
      expect((await run(["login", "status"])).out).not.toContain("anna")
    },
    HANG_MS,
  )
})

/** As a server of Chat Completions streams it. */
function chatAnswer(text: string): Response {
  const chunk = (delta: object, finish: string | null) =>
    `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`
  const body = `${chunk({ role: "assistant", content: text }, null)}${chunk({}, "stop")}data: [DONE]\n\n`
  return new Response(body, { headers: { "content-type": "text/event-stream" } })
}
