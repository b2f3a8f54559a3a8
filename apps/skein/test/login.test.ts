import { expect, test } from "bun:test"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { BINARY, describeBinary } from "./ground/binary.ts"
import { modelServer } from "./ground/model.ts"
import { Scene } from "./ground/scene.ts"
import { Terminal } from "./ground/terminal.ts"
import { anthropic as wire } from "./ground/wire-anthropic.ts"

const HANG_MS = 60_000
const KEY = "sk-canary-of-a-login-77"

/** A person without a key, a model that takes `KEY`, and a Vault with nothing in it. */
async function loggedOut(use: (at: Place) => Promise<void>): Promise<void> {
  const scene = new Scene()
  const model = modelServer(wire, (asked) => asked.say({ text: "Hello." }))
  const kept = new Map<string, Record<string, unknown>>()
  const vault = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const path = new URL(request.url).pathname
      if (request.headers.get("x-vault-token") !== "t") return Response.json({ errors: ["denied"] }, { status: 403 })
      if (path.endsWith("lookup-self")) return Response.json({ data: {} })
      if (request.method === "POST") kept.set(path, ((await request.json()) as { data: Record<string, unknown> }).data)
      if (request.method === "DELETE") return new Response(null, { status: kept.delete(path) ? 204 : 404 })
      const data = kept.get(path)
      if (data === undefined) return Response.json({ errors: [] }, { status: 404 })
      return Response.json({ data: { data, metadata: { version: 1 } } })
    },
  })
  scene.env.ANTHROPIC_BASE_URL = model.url
  const inVault = { VAULT_ADDR: `http://127.0.0.1:${vault.port}`, VAULT_TOKEN: "t" }
  const sent = () => model.requests.map(({ headers }) => headers.get("x-api-key"))
  try {
    await use({ scene, inVault, kept, sent })
  } finally {
    model.stop()
    vault.stop(true)
    scene.remove()
  }
}

interface Place {
  readonly scene: Scene
  readonly inVault: Readonly<Record<string, string>>
  readonly kept: Map<string, Record<string, unknown>>
  /** The keys of all requests to the model. */
  sent(): readonly (string | undefined)[]
}

function config(scene: Scene, toml: string): void {
  const folder = join(scene.home, ".config/skein")
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, "config.toml"), toml)
}

describeBinary("skein login", () => {
  test(
    "keeps no key in the clear unless that was said, then warns at each use, and logs out",
    () =>
      loggedOut(async ({ scene, sent }) => {
        const refused = await scene.run(["login", "anthropic", "--with-api-key"], { stdin: KEY })
        expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("say --source file")])
        expect(existsSync(join(scene.data, "auth.json"))).toBe(false)

        const done = await scene.run(["login", "claude", "--source", "file"], { stdin: `${KEY}\n` })
        expect([done.code, done.out]).toEqual([0, expect.stringContaining("auth.json, unencrypted")])
        for (let count = 0; count < 2; count++) {
          const ran = await scene.run(["run", "hello"])
          expect([ran.code, ran.out, ran.err]).toEqual([0, "Hello.\n", expect.stringContaining("is in a plain file")])
        }
        expect(sent()).toEqual([KEY, KEY])
        const status = await scene.run(["login", "status", "--json"])
        expect(JSON.parse(status.out).providers).toEqual([
          { id: "anthropic", name: "Anthropic", source: `file ${scene.data}/auth.json` },
        ])
        const told = [status, await scene.run(["doctor"]), await scene.run(["models"])].map(({ out, err }) => out + err)
        expect(told.join("")).not.toContain(KEY)
        const holding = scene.files().filter((file) => readFileSync(file, "latin1").includes(KEY))
        expect(holding).toEqual([join(scene.data, "auth.json")])

        expect((await scene.run(["logout", "anthropic"])).out).toBe("Removed the key of Anthropic from: file\n")
        expect((await scene.run(["login", "status"])).code).toBe(1)
        expect((await scene.run(["run", "-m", "openai/gpt-6.1-terra", "hello"])).err).toContain("No key for OpenAI")
      }),
    HANG_MS,
  )

  test(
    "keeps a key in Vault where there is one, and a request takes it from there; a Vault that refuses is named",
    () =>
      loggedOut(async ({ scene, inVault, kept, sent }) => {
        const done = await scene.run(["login", "anthropic"], { stdin: KEY, env: inVault })
        expect([done.code, done.out]).toEqual([0, expect.stringContaining("secret/skein/providers/anthropic")])
        expect([...kept.values()]).toEqual([{ api_key: KEY }])
        expect((await scene.run(["run", "hello"], { env: inVault })).out).toBe("Hello.\n")
        expect(sent()).toEqual([KEY])

        const wrong = { ...inVault, VAULT_TOKEN: "wrong" }
        const refused = await scene.run(["run", "-m", "openai/gpt-6.1-terra", "hello"], { env: wrong })
        expect([refused.code, refused.err]).toEqual([78, expect.stringContaining("refuses the token for")])
        expect((await scene.run(["doctor"], { env: wrong })).out).toContain("warn  secrets    vault: unavailable")
        expect((await scene.run(["logout", "anthropic"], { env: inVault })).code).toBe(0)
        expect(kept.size).toBe(0)
      }),
    HANG_MS,
  )

  test(
    "keys come only from places that the person allows, whatever a project says",
    () =>
      loggedOut(async ({ scene, inVault, kept, sent }) => {
        kept.set("/v1/secret/data/skein/providers/anthropic", { api_key: KEY })
        const env = { ...inVault, ANTHROPIC_API_KEY: "sk-from-the-environment" }
        config(scene, '[secrets]\nallow = ["vault"]\n')
        mkdirSync(scene.path(".skein"))
        writeFileSync(scene.path(".skein/config.toml"), '[secrets]\nallow = ["environment"]\nshow = [".env"]\n')

        expect((await scene.run(["run", "-m", "opus", "hello"], { env })).out).toBe("Hello.\n")
        expect(sent()).toEqual([KEY])
        const file = await scene.run(["login", "anthropic", "--source", "file"], { stdin: KEY, env })
        expect([file.code, file.err]).toEqual([2, expect.stringContaining("does not allow file")])
      }),
    HANG_MS,
  )

  test(
    "a key that the provider refuses is not kept when it was to be checked",
    () =>
      loggedOut(async ({ scene }) => {
        const ran = await scene.run(["login", "anthropic", "--source", "file", "--check"], { stdin: KEY })

        expect([ran.code === 0, ran.out, ran.err.includes(KEY)]).toEqual([false, "", false])
        expect(existsSync(join(scene.data, "auth.json"))).toBe(false)
      }),
    HANG_MS,
  )

  test.each([
    [["login"], "Whose key or login? Name a provider.\nWith an account: bedrock, "],
    [["login"], "\nWith a key: anthropic, openai, "],
    [["login", "nobody"], 'No provider is called "nobody".\nWith an account: '],
    [["login", "ollama"], "Ollama takes no key, so nothing is kept for it. Ask it: skein -m ollama/<model>"],
    [["login", "anthropic", KEY], "A key is never given on the command line"],
    [["login", "anthropic"], "No key came"],
    [["login", "--device-auth"], "Whose login? Name a provider:"],
    [["login", "anthropic", "--device-auth"], "Anthropic takes a key, and has no login with an account"],
    [["auth"], "There are skein auth codex and skein auth copilot"],
    [["login", "anthropic", "--source", "pocket"], "--source is one of keyring, vault, file"],
  ])("%j is refused with what to do, and keeps nothing", async (args, words) => {
    const scene = new Scene()
    const ran = await scene.run(args)
    expect([ran.code === 0, ran.err]).toEqual([false, expect.stringContaining(words)])
    expect(ran.err).not.toContain(KEY)
    scene.remove()
  })

  test(
    "at a terminal the key is asked for and not shown, and a plain file is asked about",
    () =>
      loggedOut(async ({ scene }) => {
        const terminal = new Terminal(scene, ["login", "anthropic"])
        try {
          await terminal.until(/Key of anthropic \(it is not shown\):$/)
          terminal.type(`wrong`)
          terminal.press("C-u")
          await terminal.until(/not shown/)
        } finally {
          terminal.close()
        }
        const again = new Terminal(scene, ["login", "anthropic"])
        try {
          await again.until(/not shown\):$/)
          again.type(KEY)
          await again.until(/\[y\/N\]/)
          again.type("y")
          const screen = await again.until(/exit 0/)
          expect(screen).toContain("Kept the key of Anthropic in")
          expect(screen).not.toContain("canary")
        } finally {
          again.close()
        }
        expect(JSON.parse(readFileSync(join(scene.data, "auth.json"), "utf8")).keys).toEqual({ anthropic: KEY })
      }),
    HANG_MS,
  )

  const missing = ["dbus-run-session", "gnome-keyring-daemon"].filter((program) => Bun.which(program) === null)
  if (missing.length > 0) console.warn(`Skipped, because there is no ${missing.join(" and no ")}: the OS keyring.`)

  test.skipIf(missing.length > 0)(
    "keeps a key in the OS keyring first of all, a request takes it from there, and a locked one is named",
    () =>
      loggedOut(async ({ scene, sent }) => {
        const session = async (lines: readonly string[]) => {
          const script = lines.map((line) => line.replace("skein", `'${BINARY}'`)).join("\n")
          const child = Bun.spawn(["dbus-run-session", "--", "sh", "-c", script], {
            cwd: scene.cwd,
            env: { ...scene.env, XDG_RUNTIME_DIR: scene.temporary },
            stdout: "pipe",
            stderr: "pipe",
          })
          const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()])
          return { out, err }
        }
        const open = "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1"
        const kept = await session([
          open,
          `printf ${KEY} | skein login anthropic`,
          "skein run hello",
          "skein login status",
        ])
        expect(kept.out).toBe(
          "Kept the key of Anthropic in: OS keyring (service skein)\nHello.\nAnthropic: OS keyring (service skein)\n",
        )
        expect(sent()).toEqual([KEY])
        expect(existsSync(join(scene.data, "auth.json"))).toBe(false)

        const start = "gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1"
        const locked = await session([start, "skein run -m openai/gpt-6.1-terra hello", "skein doctor"])
        expect(locked.err).toContain("The OS keyring cannot be used: the keyring is locked.")
        expect(locked.out).toContain("warn  secrets    keyring: locked, the keyring is locked")
      }),
    HANG_MS,
  )
})
