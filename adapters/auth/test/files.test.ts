import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { linkSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, relative } from "node:path"
import { secretFiles } from "../src/files/find.ts"
import { redactor } from "../src/redact/redactor.ts"

let root: string
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "skein-files-")))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const PEM = "-----BEGIN PRIVATE KEY-----\nAAAABBBBCCCCDDDDEEEEFFFFGGGG\n-----END PRIVATE KEY-----\n"

function put(path: string, text = "TOKEN=canary-91d3\n"): string {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
  return join(root, path)
}

function finder(show: readonly string[] = []) {
  const redactions = redactor({})
  const shown: string[] = []
  let at = 1_000_000_000_000
  const files = secretFiles({
    ...{ show, home: join(root, "home"), redactor: redactions, now: () => at },
    onShown: (path) => shown.push(relative(root, path)),
    onCut: (path) => shown.push(`cut ${path}`),
  })
  return {
    files,
    redact: redactions.redact,
    shown,
    later: (ms: number) => {
      at += ms
    },
    names: async () => (await files.below([root])).map((path) => relative(root, path)).toSorted(),
  }
}

describe("files of secrets", () => {
  test("are found by their names at any depth, and where a name says too little by what is in them", async () => {
    const secret = [
      ...[
        ".env",
        ".env.production",
        "a/b/c/.ENV",
        "deploy/prod.env",
        ".npmrc",
        "x/credentials.json",
        "service-account-1.json",
      ],
      ...["store.p12", "app.keystore", "terraform.tfstate", "id_rsa", ".netrc", ".git-credentials"],
    ]
    for (const path of secret) put(path, path === ".npmrc" ? "//r/:_authToken=npm-canary-1\n" : undefined)
    for (const path of ["server.key", "client.pem", "id_work"]) put(path, PEM)
    const open = [
      ".env.example",
      ".env.sample",
      ".env.template",
      "id_rsa.pub",
      "id_generator.ts",
      "env.ts",
      "x/.npmrc",
      "keys.md",
    ]
    for (const path of [...open, "node_modules/a/.env", ".git/.env"]) put(path, "registry=https://r\n")
    for (const path of ["ca.pem", "slides.key"]) put(path, "-----BEGIN CERTIFICATE-----\n")

    expect(await finder().names()).toEqual([...secret, "server.key", "client.pem", "id_work"].toSorted())
  })

  test("are found under the names that editors, file managers and people give another one of them", async () => {
    const kept = [".env~", "#.env#", ".env_backup", ".env-prod", ".env.~1~", "Copy of .env", ".env (copy)", ".flaskenv"]
    const more = ["prod.env.old", ".netrc~", "id_rsa.bak", "credentials.json.orig", ".pgpass.bak2"]
    for (const path of [...kept, ...more]) put(path)
    const keys = ["server.key~", "server.key.bak", ".server.key.swp", "server (1).pem"]
    for (const path of keys) put(path, PEM)
    const looked: Readonly<Record<string, string>> = {
      "config/master.key": `${"0123456789abcdef".repeat(2)}\n`,
      ".aws/credentials": "[default]\naws_secret_access_key = canary-91d3\n",
      ".docker/config.json": '{"auths":{"r":{"auth":"canary-91d3"}}}',
      ".kube/config": "users:\n- user:\n    token: canary-91d3\n",
      "secrets.yml": "production:\n  secret_key_base: canary-91d3\n",
    }
    for (const [path, text] of Object.entries(looked)) put(path, text)
    for (const path of [".env.example~", ".env.sample.bak", "env.ts", "my.environment", "copy.env.md"]) put(path)
    put("config.json", '{"auth":{"kind":"none"},"port":3000}')
    put("chart/secrets.yaml", "password: {{ .Values.password }}\ntoken: ${TOKEN_OF_IT}\n")

    expect(await finder().names()).toEqual([...kept, ...more, ...keys, ...Object.keys(looked)].toSorted())
  })

  test("are refused by the same rule one by one, wherever they lie, but not what the system has for everybody", () => {
    const { files } = finder()

    expect(files.reasonFor(put(".env"))).toBe("it is an environment file")
    expect(files.reasonFor(put("ca.pem", "-----BEGIN CERTIFICATE-----"))).toBeUndefined()
    expect(files.reasonFor(put("server.pem", PEM))).toBe("it is a private key")
    expect(files.reasonFor("/etc/ssl/certs/any.pem")).toBeUndefined()
    expect(files.reasonFor(join(root, "new/.env"))).toBeUndefined()
    mkdirSync(join(root, "venv/.env"), { recursive: true })
    expect(files.reasonFor(join(root, "venv/.env"))).toBeUndefined()
  })

  test("are known by their other names: a hard link is the same file, a link leads to it", async () => {
    const env = put(".env")
    linkSync(env, join(root, "notes.txt"))
    symlinkSync(env, join(root, "soft.txt"))
    const { names, files } = finder()

    expect(await names()).toEqual([".env", "notes.txt"])
    expect(files.reasonFor(join(root, "notes.txt"))).toBe("it is another name of a file that holds secrets")
  })

  test("give what is in them to the redactor, so that a copy is seen without it", async () => {
    put(".env", "PORT=3000\nFOO=canary-91d3\n")
    const { names, redact } = finder()
    await names()

    expect(redact("canary-91d3 on port 3000")).toBe("[secret: FOO] on port 3000")
  })

  test("that come later are found a second later, wherever they come from", async () => {
    const { names, later, redact } = finder()
    put("src/a.ts", "x")
    expect(await names()).toEqual([])
    put("src/.env", "A_TOKEN=first-91d3\n")
    later(1_100)
    expect(await names()).toEqual(["src/.env"])
    put("src/.env", "A_TOKEN=second-91d3\n")
    put("src/deep/new/.env")
    later(1_100)
    expect(await names()).toEqual(["src/.env", "src/deep/new/.env"])
    expect(redact("second-91d3 first-91d3")).toBe("[secret: A_TOKEN] [secret: A_TOKEN]")
    renameSync(join(root, "src/.env"), join(root, "src/plain.txt"))
    later(1_100)
    expect(await names()).toEqual(["src/deep/new/.env"])
  })

  test("that came since are found at once by who asks for nothing older, also while somebody is looking", async () => {
    const { files, later, redact } = finder()
    for (let at = 0; at < 300; at++) put(`many/${at}/a.ts`, "x")
    await files.below([root])
    // The clock goes on while it looks.
    const looking = files.below([root], 0)
    later(30)
    put("many/7/.env", "FOO=brought-91d3\n")
    const sooner = files.below([root], 0)
    await looking

    expect((await sooner).map((path) => relative(root, path))).toEqual(["many/7/.env"])
    put("many/8/.env", "FOO=second-91d3\n")
    later(1)
    expect((await files.below([root], 0)).length).toBe(2)
    expect(redact("brought-91d3 second-91d3")).toBe("[secret: FOO] [secret: FOO]")
  })

  test("a clock that is set back makes nothing fresh", async () => {
    const { names, later } = finder()
    await names()
    put(".env")
    later(-86_400_000)

    expect(await names()).toEqual([".env"])
  })

  test("that a person named are seen, and each use is told; everything else stays closed", async () => {
    for (const path of [".env.test", "fixtures/server.pem", "home/x/.env", ".env", "a/.env.test"])
      put(path, path.endsWith("pem") ? PEM : "A_TOKEN=shown-91d3\n")
    put(".env", "A_TOKEN=closed-91d3\n")
    const { names, files, shown, redact } = finder([".env.test", "fixtures", "~/x/.env"])

    expect(await names()).toEqual([".env"])
    expect(shown.toSorted()).toEqual([".env.test", "a/.env.test", "fixtures/server.pem", "home/x/.env"])
    expect(files.reasonFor(join(root, ".env.test"))).toBeUndefined()
    expect(shown).toHaveLength(5)
    expect(files.reasonFor(join(root, ".env"))).toBeDefined()
    expect(redact("A_TOKEN=shown-91d3 closed-91d3")).toBe("A_TOKEN=shown-91d3 [secret: A_TOKEN]")
  })
})
