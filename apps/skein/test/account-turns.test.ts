import { expect, test } from "bun:test"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { amazon, chatGpt, github, google } from "@skein/testkit/identity"
import { describeBinary } from "./ground/binary.ts"
import { append, modelServer } from "./ground/model.ts"
import { Scene } from "./ground/scene.ts"
import type { Wire } from "./ground/wire.ts"
import { anthropic } from "./ground/wire-anthropic.ts"
import { bedrock } from "./ground/wire-bedrock.ts"
import { chat } from "./ground/wire-chat.ts"
import { responses } from "./ground/wire-responses.ts"

const HANG_MS = 60_000

type Sent = ReadonlyMap<string, string>

/** Who gives out what a provider takes. */
interface Identity {
  /** Whether a request holds what is good now. */
  readonly takes: (headers: Sent) => boolean
  /** Ends what requests hold; the login goes on. */
  readonly end: () => void
  /** Ends the login itself. */
  readonly revoke: () => void
  readonly stop: () => void
}

interface Way {
  readonly model: string
  readonly wire: Wire
  readonly login: readonly string[]
  /** What the provider says of a request that holds what is over. */
  readonly refusal: readonly [status: number, body: unknown]
  /** What the person is told when the login itself is over. */
  readonly over: RegExp
  /** Begins the identity server, and tells the scene where it and the model are. */
  readonly identity: (scene: Scene, modelUrl: string) => Identity
}

const bearer = (takes: (value: string | undefined) => boolean) => (headers: Sent) => takes(headers.get("authorization"))

const WAYS: readonly Way[] = [
  {
    model: "openai-codex",
    wire: responses,
    login: ["login", "openai-codex", "--device-auth", "--source", "file"],
    refusal: [401, { error: { code: "token_expired", message: "Log in again." } }],
    over: /is over: .* Log in again: skein login openai-codex$/m,
    identity(scene, url) {
      const { takes, endAccess, revokeAll, stop, url: issuer } = chatGpt()
      Object.assign(scene.env, { SKEIN_CODEX_ISSUER: issuer, OPENAI_CODEX_BASE_URL: `${url}/v1` })
      return { takes: bearer(takes), end: endAccess, revoke: revokeAll, stop }
    },
  },
  {
    model: "github-copilot/gpt-4.1",
    wire: { ...chat, path: /^\/chat\/completions$/ },
    login: ["auth", "copilot", "--source", "file"],
    refusal: [401, { error: { message: "unauthorized: token expired" } }],
    over: /is over: .* Log in again: skein login github-copilot$/m,
    identity(scene, url) {
      const { takes, endAccess, revokeAll, stop, url: site } = github({ api: url })
      Object.assign(scene.env, { SKEIN_GITHUB_URL: site, SKEIN_GITHUB_API_URL: site })
      return { takes: bearer(takes), end: endAccess, revoke: revokeAll, stop }
    },
  },
  {
    model: "vertex-anthropic/claude-sonnet-4-5@20250929",
    wire: { ...anthropic, path: /^\/models\/claude-sonnet-4-5%4020250929:streamRawPredict$/ },
    login: ["login", "vertex-anthropic"],
    refusal: [401, { error: { code: 401, status: "UNAUTHENTICATED", message: "Request had invalid credentials." } }],
    over: /does not take robot@project-7\.test .* Get the file of its key again\.$/m,
    identity(scene, url) {
      const { takes, endAccess, revokeAll, stop, serviceAccount } = google()
      const file = join(scene.root, "robot.json")
      writeFileSync(file, serviceAccount, { mode: 0o600 })
      Object.assign(scene.env, {
        ...{ GOOGLE_APPLICATION_CREDENTIALS: file, ANTHROPIC_VERTEX_BASE_URL: `${url}/models` },
      })
      return { takes: bearer(takes), end: endAccess, revoke: revokeAll, stop }
    },
  },
  {
    model: bedrock.model,
    wire: bedrock,
    login: ["login", "bedrock", "--profile", "work"],
    refusal: [403, { message: "The security token included in the request is expired" }],
    over: /is over: .* Log in again: skein login bedrock --profile work$/m,
    identity(scene, url) {
      const { takes, endKeys, revokeAll, stop, url: center } = amazon()
      Object.assign(scene.env, {
        ...{ AWS_ENDPOINT_URL_SSO_OIDC: center, AWS_ENDPOINT_URL_SSO: center },
        AWS_ENDPOINT_URL_BEDROCK_RUNTIME: url,
      })
      mkdirSync(join(scene.home, ".aws"))
      const session = "[sso-session corp]\nsso_start_url = https://corp.test/start\nsso_region = us-east-1\n"
      const profile =
        "[profile work]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = Builder\nregion = us-east-1\n"
      writeFileSync(join(scene.home, ".aws/config"), session + profile)
      const token = (headers: Sent) => headers.get("x-amz-security-token")
      return { takes: (headers) => takes(token(headers)), end: endKeys, revoke: revokeAll, stop }
    },
  },
]

describeBinary("a turn of someone who logged in", () => {
  for (const way of WAYS) {
    test(
      `${way.model}: what is over between two steps is renewed, the step is asked again, and the call has run once`,
      async () => {
        const scene = new Scene()
        const answers: number[] = []
        const model = modelServer(way.wire, async (asked) => {
          if (!identity.takes(asked.request.headers)) {
            answers.push(way.refusal[0])
            return await asked.refuse(way.refusal[0], JSON.stringify(way.refusal[1]), {
              ...(way.wire === bedrock ? { "x-amzn-errortype": "ExpiredTokenException" } : {}),
            })
          }
          answers.push(200)
          if (asked.conversation.results.length > 0) return await asked.say({ text: "Done." })
          await asked.say({ calls: [append("once")] })
          identity.end()
        })
        const identity = way.identity(scene, model.url)
        try {
          const login = await scene.run(way.login)
          expect([login.code, login.out]).toEqual([0, expect.stringMatching(/^Logged in to /)])
          const ran = await scene.run(["run", "-m", way.model, "add a line"])
          expect([
            ran.code,
            ran.out,
            ran.err.match(/had ended: it is renewed, and the request asked again/g)?.length,
          ]).toEqual([0, "Done.\n", 1])
          expect(answers).toEqual([200, way.refusal[0], 200])
          expect(scene.read("ran.txt")).toBe("once\n")

          identity.end()
          identity.revoke()
          const over = await scene.run(["run", "-m", way.model, "and again"])
          expect([over.code, over.out]).toEqual([78, ""])
          expect(over.err).toMatch(way.over)
          expect(scene.read("ran.txt")).toBe("once\n")
        } finally {
          model.stop()
          identity.stop()
          scene.remove()
        }
      },
      HANG_MS,
    )
  }
})
