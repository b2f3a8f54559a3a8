import { describe, expect, test } from "bun:test"
import {
  htmlOf,
  jsonOf,
  markdownOf,
  redacted,
  reportText,
  type SecretKind,
  scriptOf,
  secretValues,
} from "../src/index.ts"
import { redactor } from "../src/redact/redactor.ts"
import { planted, VIEW } from "./scene.ts"

const x = (count: number, letters = "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0") => letters.repeat(10).slice(0, count)

/** A secret as it stands in a text, and the part that must not be seen. Joined, so that this file holds no key. */
const CANARIES: readonly (readonly [kind: SecretKind, text: string, secret: string])[] = [
  ["provider_key", `use ${"sk-"}ant-api03-${x(60)} now`, x(60)],
  ["provider_key", `${"sk-"}proj-${x(48)}`, x(48)],
  ["provider_key", `key ${"AIza"}${x(35)}`, x(35)],
  ["provider_key", `${"gsk"}_${x(40)}`, x(40)],
  ["cloud_key", `id ${"AKIA"}${"ABCDEFGHIJKLMNOP"}`, "ABCDEFGHIJKLMNOP"],
  ["cloud_key", `aws_secret_access_key = ${x(40)}`, x(40)],
  ["code_host_token", `${"ghp"}_${x(36)}`, x(36)],
  ["code_host_token", `${"github_pat"}_${x(60)}`, x(60)],
  ["code_host_token", `${"glpat"}-${x(20)}`, x(20)],
  ["code_host_token", `//r/:_auth=${"npm"}_${x(36)}`, x(36)],
  ["messenger_token", `${"xoxb"}-1234567890-${x(24)}`, x(24)],
  ["messenger_token", `${"sk"}_live_${x(24)}`, x(24)],
  ["web_token", `${"eyJ"}hbGciOiJIUzI1NiJ9.${"eyJ"}zdWIiOiJ4In0.${x(30)}`, x(30)],
  ["private_key", `-----BEGIN RSA PRIVATE KEY-----\n${x(64)}\n${x(64)}\n-----END RSA PRIVATE KEY-----`, x(64)],
  ["private_key", `{"k":"-----BEGIN PRIVATE KEY-----\\n${x(64)}\\n-----END PRIVATE KEY-----\\n"}`, x(64)],
  ["private_key", `-----BEGIN OPENSSH PRIVATE KEY-----\n${x(64)}`, x(64)],
  ["header", `curl -H "Authorization: Bearer ${x(20)}" https://x.test`, x(20)],
  ["header", `authorization: Basic ${x(24)}\nhost: x`, x(24)],
  ["header", `{"x-api-key": "${x(20)}"}`, x(20)],
  ["header", `Cookie: session=${x(20)}; theme=dark`, x(20)],
  ["header", `Bearer ${x(20)}`, x(20)],
  ["assignment", "password=hunter2canary", "hunter2canary"],
  ["assignment", "DB_PASSWORD=hunter2canary npm start", "hunter2canary"],
  ["assignment", 'export STRIPE_SECRET="hunter2 canary"', "hunter2 canary"],
  ["assignment", '{"password": "hunter2canary"}', "hunter2canary"],
  ["assignment", '{\\"client_secret\\": \\"hunter2canary\\"}', "hunter2canary"],
  ["assignment", "password: hunter2canary", "hunter2canary"],
  ["assignment", "mysql --password=hunter2canary -u me", "hunter2canary"],
  ["assignment", "deploy --token hunter2canary", "hunter2canary"],
  ["assignment", "const apiKey = 'hunter2canary'", "hunter2canary"],
  ["url_credentials", "postgres://app:hunter2canary@db.test/shop", "hunter2canary"],
  ["url_credentials", `git clone https://${x(20)}@code.test/r.git`, x(20)],
  ["url_credentials", `https://x.test/a?b=1&access_token=${x(20)}&c=2`, x(20)],
  ["home", `/home/${"canaryowner"}/shop/a.ts`, "canaryowner"],
  ["home", "cat ~/.claude/projects/-home-canaryowner-shop/x", "canaryowner"],
  ["home", `file:///Users/${"otherperson"}/x`, "otherperson"],
  ["home", "C:\\Users\\otherperson\\x", "otherperson"],
  ["host_name", "root@canarybox:~#", "canarybox"],
  ["user_name", "drwxr-xr-x 2 canaryowner staff 64", "canaryowner"],
  ["email", "From: Some One <some.one@canary.test>", "some.one@canary.test"],
  ["secret_value", "it printed correct-horse-battery here", "correct-horse-battery"],
  [
    "secret_value",
    `as ${Buffer.from("correct-horse-battery").toString("base64")}`,
    Buffer.from("correct-horse-battery").toString("base64"),
  ],
]

const FACTS = {
  home: "/home/canaryowner",
  userName: "canaryowner",
  hostName: "canarybox",
  withEmails: true,
  values: ["correct-horse-battery"],
}

describe("redaction", () => {
  test("takes out each kind of secret, and counts it as what it is", () => {
    for (const [kind, text, secret] of CANARIES) {
      const { text: clean, report } = redactor(FACTS)
      expect(clean(text)).not.toContain(secret)
      expect([text, report()[kind] ?? 0]).not.toEqual([text, 0])
    }
  })

  test("leaves no secret in any document, whatever text of a session it was in", () => {
    for (const [, text, secret] of CANARIES) {
      const { value, report } = redacted(
        planted(VIEW, (entry) => `${entry}\n${text}\n`),
        FACTS,
      )
      for (const document of [
        jsonOf(value, { report }),
        markdownOf(value),
        scriptOf(value),
        htmlOf(value, { redaction: "off" }).html,
      ]) {
        expect(document.includes(secret) ? `${text} in ${around(document, secret)}` : "").toBe("")
      }
    }
  })

  test("leaves none in the keys of a call's input either", () => {
    const items = VIEW.items.map((item) =>
      item.kind === "tool_call"
        ? { ...item, input: { "password=hunter2canary": { deep: ["x", { kind: "token=hunter2canary" }] } } }
        : item,
    )
    expect(JSON.stringify(redacted({ ...VIEW, items }, FACTS).value)).not.toContain("hunter2canary")
  })

  test("leaves code and prose about secrets as they are", () => {
    const { text, report } = redactor(FACTS)
    for (const line of [
      "const token = next()",
      "token: string",
      "password: string | undefined",
      "readonly apiKey?: string",
      "if (token === undefined) return",
      "export API_KEY=$OTHER_KEY",
      'headers.set("authorization", key)',
      "The password is asked for, the token is kept.",
      "max_tokens: 4096",
      "git@github.com:me/r.git",
      "https://example.test/a/b?page=2",
      "src/token.ts:12",
      "const { secret } = options",
      "tokens = 12",
    ]) {
      expect(text(line)).toBe(line)
    }
    expect(report()).toEqual({})
  })

  test("changes nothing of the session's own words, ids and pictures, and drops what is opaque", () => {
    const { value } = redacted(VIEW, { home: "/home/dev", userName: "edit", hostName: "tool_call" })
    expect(value.items.map(({ kind }) => kind)).toEqual(VIEW.items.map(({ kind }) => kind))
    expect(value.cwd).toBe("~/shop")
    expect(JSON.stringify(value)).not.toContain("OPAQUE")
    expect(JSON.stringify(value.items[0])).toContain("image/png")
  })

  test("tells what it took out in a sentence", () => {
    expect(reportText({ home: 2, header: 1 })).toBe("Taken out: headers that authorise (1), the home folder (2).")
    expect(reportText({})).toBe("")
  })

  test("knows secrets of the environment by the names of their variables", () => {
    const env = {
      OPENAI_API_KEY: "abcdefgh12",
      MY_TOKEN: "short",
      PATH: "/usr/bin:/bin",
      SSH_AUTH_SOCK: "/tmp/agent.sock",
      DB_PASSWORD: "p4ssw0rd!!",
    }
    expect(secretValues(env)).toEqual(["abcdefgh12", "p4ssw0rd!!"])
  })

  test("of a long text takes no longer than its length asks for", () => {
    const { text } = redactor(FACTS)
    const started = performance.now()
    for (const part of ["a", "token", "password=", "eyJ", "://", "-----BEGIN ", "sk-", " = ", "a.b-c_"])
      text(part.repeat(100_000 / part.length))
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})

function around(document: string, secret: string): string {
  const at = document.indexOf(secret)
  return document.slice(Math.max(at - 60, 0), at + 60)
}
