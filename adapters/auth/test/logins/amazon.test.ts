import { expect, test } from "bun:test"
import { readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { amazon } from "@skein/testkit/identity"
import { type LoginScene, refusal, scene } from "./scene.ts"

const OWNER = { id: "bedrock", login: "aws" } as const
const CONFIG = `
[default]
region = eu-west-1
[profile work]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Builder
region = us-east-2
[sso-session corp]
sso_start_url = https://corp.awsapps.test/start
sso_region = us-east-1
[profile old]
sso_start_url = https://old.awsapps.test/start
sso_region = us-east-1
sso_account_id = 1
sso_role_name = Reader
[profile half]
sso_session = corp
[profile fixed]
aws_access_key_id = AKIAFIXED
aws_secret_access_key = fixed/secret+key   # not of the key
s3 =
  max_concurrent_requests = 20
[profile program]
credential_process = sh "PROGRAM" 'two words'
[profile role]
role_arn = arn:aws:iam::1:role/x
source_profile = default
`

async function withAws(
  use: (at: LoginScene & { server: ReturnType<typeof amazon> }) => Promise<void>,
  options: Parameters<typeof amazon>[0] = {},
): Promise<void> {
  const server = amazon(options)
  const at = scene({
    AWS_ENDPOINT_URL_SSO_OIDC: server.url,
    AWS_ENDPOINT_URL_SSO: server.url,
    AWS_ENDPOINT_URL_STS: server.url,
  })
  const program = at.file("give keys.sh", `test "$1" = "two words" && echo '${GIVEN}'`)
  at.file(".aws/config", CONFIG.replace("PROGRAM", program))
  try {
    await use({ ...at, server })
  } finally {
    server.stop()
    at.remove()
  }
}

const GIVEN = JSON.stringify({
  Version: 1,
  AccessKeyId: "ASIAPROGRAM",
  SecretAccessKey: "s1",
  SessionToken: "t1",
  Expiration: "2999-01-01T00:00:00Z",
})

test("a profile is logged in to by a code, remembered, and its role's keys are those of a request", () =>
  withAws(
    async ({ login, all, fresh, person, said, opened, home, server }) => {
      expect(person.isRemote).toBe(false)
      const path = join(home, `.aws/sso/cache/${sha1("corp")}.json`)
      expect(await login(OWNER, { profile: "work" })).toEqual({ account: "work", place: path })
      expect([said[0], opened]).toEqual([
        `Open ${server.url}/start on any device, and type in this code: QRST-UVWX`,
        [`${server.url}/start?user_code=QRST-UVWX`],
      ])
      const credential = await all.credential(OWNER)
      expect(credential).toEqual({
        secret: "ASIABuilder",
        aws: {
          ...{ accessKeyId: "ASIABuilder", secretAccessKey: "secret-of-Builder", sessionToken: "session-of-Builder" },
          region: "us-east-2",
        },
      })
      expect(await fresh().credential(OWNER)).toEqual(credential)
      expect((statSync(path).mode & 0o777).toString(8)).toBe("600")
      expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({
        ...{
          startUrl: "https://corp.awsapps.test/start",
          region: "us-east-1",
          clientId: "cli",
          clientSecret: "client-secret-of-aws",
        },
        ...{
          registrationExpiresAt: "2096-10-02T07:06:40Z",
          accessToken: expect.any(String),
          refreshToken: expect.any(String),
        },
        expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      })
      expect((await fresh().state(OWNER))?.account).toBe("work")
      expect((await fresh().logout(OWNER)).removed).toEqual([path])
      expect(server.asked.at(-1)?.path).toBe("/logout")
    },
    { answers: ["authorization_pending", "slow_down"] },
  ))

test("the login is renewed before its end, and one that AWS ended names the way back in", () =>
  withAws(async ({ login, fresh, later, server }) => {
    await login(OWNER, { profile: "work" })
    later(28_700_000)
    expect((await fresh().credential(OWNER))?.secret).toBe("ASIABuilder")
    expect(server.asked.filter(({ fields }) => fields.grantType === "refresh_token").length).toBe(1)
    later(28_700_000)
    server.revokeAll()
    const over =
      /^login\.expired: The login of the AWS profile work is over: .* Log in again: skein login bedrock --profile work$/
    expect(await refusal(fresh().credential(OWNER))).toMatch(over)
    later(28_700_000)
    expect(await refusal(fresh().credential(OWNER))).toMatch(over)
    expect((await fresh().state(OWNER))?.isRenewable).toBe(true)
  }))

test.each([
  ["fixed", { accessKeyId: "AKIAFIXED", secretAccessKey: "fixed/secret+key" }],
  ["program", { accessKeyId: "ASIAPROGRAM", secretAccessKey: "s1", sessionToken: "t1" }],
  ["old", "login.expired: The login of the AWS profile old is over: nobody is logged in"],
  ["half", "config.invalid: The AWS profile half says only half of a login"],
  ["role", "config.invalid: The AWS profile role takes a role of another profile"],
  [
    "nobody",
    'config.invalid: No AWS profile is called "nobody". There are default, work, old, half, fixed, program, role.',
  ],
])("of the profile %s come the keys that it has, or why there are none", (profile, expected) =>
  withAws(async ({ env, all }) => {
    Object.assign(env, { AWS_PROFILE: profile })
    if (typeof expected === "string") expect(await refusal(all.credential(OWNER))).toStartWith(expected)
    else expect((await all.credential(OWNER))?.aws).toEqual(expected)
  }),
)

test("a machine's own identity is taken where no profile has keys: a role by a web identity, and what a container is given", () =>
  withAws(async ({ env, fresh, file, server }) => {
    expect(await fresh().credential(OWNER)).toBeUndefined()
    const token = file("token", "web-identity\n")
    Object.assign(env, {
      AWS_WEB_IDENTITY_TOKEN_FILE: token,
      AWS_ROLE_ARN: "arn:aws:iam::1:role/x",
      AWS_REGION: "eu-central-1",
    })
    expect((await fresh().credential(OWNER))?.aws).toEqual({
      ...{
        accessKeyId: "ASIAweb",
        secretAccessKey: "secret-of-web",
        sessionToken: "session-of-web",
        region: "eu-central-1",
      },
    })
    Object.assign(env, { AWS_ROLE_ARN: "", AWS_CONTAINER_CREDENTIALS_FULL_URI: `${server.url}/none` })
    expect(await refusal(fresh().credential(OWNER))).toStartWith("login.refused: AWS gives no keys of the container")
    Object.assign(env, { AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://evil.test/" })
    expect(await refusal(fresh().credential(OWNER))).toStartWith("config.invalid: ")
  }))

test("a program that gives no keys is told without what it wrote", () =>
  withAws(async ({ env, fresh, file }) => {
    const programs = { "exit 3": "it ended with 3", "echo canary": "what it wrote is not as AWS has it" }
    for (const [script, words] of Object.entries(programs)) {
      file(".aws/config", `[profile p]\ncredential_process = ${file("p.sh", `#!/bin/sh\n${script}`, 0o700)}\n`)
      Object.assign(env, { AWS_PROFILE: "p" })
      const said = await refusal(fresh().credential(OWNER))
      expect([said.includes(words), said.includes("canary")]).toEqual([true, false])
    }
    file(".aws/config", "[profile p]\ncredential_process = /nowhere/at/all\n")
    expect(await refusal(fresh().credential(OWNER))).toContain("/nowhere/at/all cannot be started")
  }))

function sha1(text: string): string {
  return new Bun.CryptoHasher("sha1").update(text).digest("hex")
}
