import { afterEach, beforeEach, expect, test } from "bun:test"
import { type GoogleServer, google } from "@skein/testkit/identity"
import { refusal, scene } from "./scene.ts"

const OWNER = { id: "vertex", login: "google-cloud" } as const

let server: GoogleServer
beforeEach(() => {
  server = google()
})
afterEach(() => server.stop())

test("a service account signs for itself, and its token is asked for once until it is about to end", async () => {
  const at = scene({ GOOGLE_APPLICATION_CREDENTIALS: "" })
  const file = at.file("robot.json", server.serviceAccount)
  const own = scene({ GOOGLE_APPLICATION_CREDENTIALS: file })
  const [one, other] = await Promise.all([own.all.credential(OWNER), own.all.credential(OWNER)])
  expect([one?.project, server.takes(one?.secret), other]).toEqual(["project-7", true, one])
  expect((await own.all.credential(OWNER))?.secret).toBe(one?.secret ?? "")
  expect(server.asked.length).toBe(1)
  own.later(3_400_000)
  expect((await own.all.credential(OWNER))?.secret).not.toBe(one?.secret ?? "")
  expect(await own.all.state(OWNER)).toEqual({
    account: "robot@project-7.test",
    source: `file ${file}`,
    isRenewable: true,
    servers: [`${server.url}/token`],
    project: "project-7",
  })
  at.remove()
  own.remove()
})

test("what gcloud wrote for a person is taken too, and a project of the environment goes before the account's", async () => {
  const at = scene()
  at.file(".config/gcloud/application_default_credentials.json", server.authorizedUser)
  const credential = await at.all.credential(OWNER)
  expect([credential?.project, server.takes(credential?.secret)]).toEqual(["project-8", true])
  Object.assign(at.env, { GOOGLE_CLOUD_PROJECT: "project-9" })
  expect((await at.fresh().credential(OWNER))?.project).toBe("project-9")
  expect(at.issued.every(({ secrets }) => secrets.includes("google-refresh-1"))).toBe(true)
  server.revokeAll()
  expect(await refusal(at.fresh().credential(OWNER))).toMatch(
    /^login\.expired: Google Cloud does not take your Google account of .*invalid_grant: Token has been expired or revoked\. Run: gcloud auth application-default login$/,
  )
  at.remove()
})

test("without either nobody is logged in, and a login says how it is done", async () => {
  const at = scene()
  expect([await at.all.credential(OWNER), await at.all.state(OWNER)]).toEqual([undefined, undefined])
  expect(await refusal(at.login(OWNER))).toContain("GOOGLE_APPLICATION_CREDENTIALS")
  at.file(".config/gcloud/application_default_credentials.json", server.authorizedUser)
  at.allowed.delete("key_file")
  expect(await at.all.credential(OWNER)).toBeUndefined()
  at.remove()
})

test.each([
  ["nothing", "it is no JSON"],
  ['{"type":"external_account"}', "neither a service_account nor an authorized_user"],
  ['{"type":"service_account"}', "it lacks client_email or private_key"],
  ['{"type":"authorized_user","token_uri":"http://evil.test/token"}', "token_uri"],
  ['{"type":"service_account","client_email":"r@x.test","private_key":"canary-key"}', "is no RSA key in PEM"],
])("a file of %s is named, and what is wrong with it, without what it holds", async (text, words) => {
  const at = scene()
  at.file(".config/gcloud/application_default_credentials.json", text)
  const said = await refusal(at.all.credential(OWNER))
  expect([said.startsWith("config.invalid: "), said.includes(words), said.includes("canary")]).toEqual([
    true,
    true,
    false,
  ])
  at.remove()
})
