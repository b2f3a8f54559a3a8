import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describeBinary } from "../ground/binary.ts"
import { begun, type Door, door, jwt } from "../ground/doors.ts"
import { head, raw } from "../ground/raw-http.ts"
import { Scene } from "../ground/scene.ts"

setDefaultTimeout(120_000)

let at: Scene
beforeAll(() => {
  at = new Scene({ OPENAI_API_KEY: "sk-nobody" })
})
afterAll(() => at.remove())

const WS = ["app-server", "--listen", "ws://127.0.0.1:0"]
const INITIALIZE = { id: 0, method: "initialize", params: { clientInfo: { name: "test", version: "1" } } }
const file = (name: string, text: string, mode = 0o600) => {
  const path = join(at.root, name)
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}
const serves = async (args: readonly string[], work: (server: Door) => Promise<void>) => {
  const server = await begun(at, args)
  try {
    await work(server)
  } finally {
    await server.end()
  }
}

describeBinary("skein app-server, attacked", () => {
  test("files that would be waited for are errors told, everybody's others are read, and SIGTERM ends it", async () => {
    await Bun.spawn(["mkfifo", join(at.root, "pipe")]).exited
    const honest = file("honest", "read me")
    const server = await begun(at, WS)
    const attacker = await door(server.url)
    await attacker.ask(INITIALIZE)
    const pipe = join(at.root, "pipe")
    const asks = Array.from({ length: 12 }, (_, n) => [
      { id: `w${n}`, method: "fs/writeFile", params: { path: pipe, dataBase64: "eA==" } },
      { id: `k${n}`, method: "fs/readFile", params: { path: "/proc/kmsg" } },
      { id: `c${n}`, method: "fs/copy", params: { sourcePath: pipe, destinationPath: join(at.root, "copied") } },
    ]).flat()
    const answers = asks.map((ask) => attacker.ask(ask))
    const client = await door(server.url)
    await client.ask(INITIALIZE)
    const read = await client.ask({ id: 1, method: "fs/readFile", params: { path: honest } })
    expect(read.result).toEqual({ dataBase64: Buffer.from("read me").toString("base64") })
    const told = await Promise.all(answers)
    for (const { id, error } of told.filter(({ id }) => !String(id).startsWith("k")))
      expect([id, error]).toEqual([id, { code: expect.any(Number), message: expect.any(String) }])
    expect(await server.end()).toBe(143)
  })

  test("a token file is held to what serve asks of one", async () => {
    const good = file("good", "a-token-of-a-person-that-is-long-enough\n")
    const link = join(at.root, "link-to-token")
    symlinkSync(good, link)
    const bad = [
      [file("short", "ab"), "16 to 512"],
      [file("open", "a-token-of-a-person-that-is-long-enough", 0o644), "chmod 600"],
      [link, "cannot be read"],
    ] as const
    const ways = [
      ["capability-token", "--ws-token-file"],
      ["signed-bearer-token", "--ws-shared-secret-file"],
    ] as const
    for (const [mode, flag] of ways) {
      for (const [path, why] of bad) {
        const { code, err } = await at.run([...WS, "--ws-auth", mode, flag, path])
        expect({ mode, path, code, err }).toEqual({ mode, path, code: 2, err: expect.stringContaining(why) })
      }
      await serves([...WS, "--ws-auth", mode, flag, good], async () => undefined)
    }
  })

  test("a signed token that says something unknown is critical is refused", async () => {
    const secret = "0123456789abcdef0123456789abcdef"
    const flags = ["--ws-auth", "signed-bearer-token", "--ws-shared-secret-file", file("secret", secret)]
    await serves([...WS, ...flags], async ({ url }) => {
      const claims = { exp: Math.floor(Date.now() / 1000) + 600 }
      const sent = (header: object) => door(url, { Authorization: `Bearer ${jwt(header, claims, secret)}` })
      await expect(sent({ alg: "HS256", crit: ["b64"], b64: false })).rejects.toThrow("not let in")
      await expect(sent({ alg: "HS256", crit: [] })).rejects.toThrow("not let in")
      expect((await (await sent({ alg: "HS256" })).ask(INITIALIZE)).error).toBeUndefined()
    })
  })

  test("a socket is not put where others enter, or through a link, and nothing is left there", async () => {
    const [open, own] = [join(at.root, "open-folder"), join(at.root, "own-folder")]
    mkdirSync(open)
    chmodSync(open, 0o777)
    mkdirSync(own, { mode: 0o700 })
    symlinkSync(own, join(at.root, "linked-folder"))
    const listen = (path: string) => ["app-server", "--listen", `unix://${path}`]
    const refused = async (path: string) => {
      const { code, err } = await at.run(listen(path))
      return [code === 0, err]
    }
    expect(await refused(join(open, "s"))).toEqual([false, expect.stringContaining("yours alone")])
    expect(await refused(join(at.root, "linked-folder", "s"))).toEqual([false, expect.stringContaining("is a link")])
    expect([readdirSync(open), readdirSync(own)]).toEqual([[], []])
    await serves(listen(join(own, "s")), async () => expect(existsSync(join(own, "s"))).toBe(true))
  })

  test("a page that gives its own name this address is refused, under exec-server too", async () => {
    for (const args of [WS, ["exec-server", "--no-auth"]]) {
      await serves(args, async ({ url }) => {
        const { port } = new URL(url)
        const status = async (Host: string | undefined) =>
          (await raw(Number(port), [head("GET /", { ...UPGRADE, Host })])).status
        for (const name of ["evil.example", `evil.example:${port}`, `127.0.0.1.evil.example:${port}`, ""])
          expect([name, await status(name)]).toEqual([name, 403])
        // Another port: it was forwarded.
        for (const name of [`127.0.0.1:${port}`, `localhost:${port}`, "127.0.0.1:1", "[::1]:1"])
          expect([name, await status(name)]).toEqual([name, 101])
      })
    }
  })

  test("places that silent clients hold are free again in half a minute; who said initialize stays", async () => {
    await serves(WS, async ({ url }) => {
      const honest = await door(url)
      await honest.ask(INITIALIZE)
      const silent = await Promise.all(Array.from({ length: 127 }, () => door(url)))
      await expect(door(url)).rejects.toThrow("not let in")
      expect(await Promise.all(silent.map(({ closed }) => closed))).toEqual(silent.map(() => 1008))
      expect((await honest.ask({ id: 1, method: "thread/loaded/list" })).result).toBeDefined()
      expect((await (await door(url)).ask(INITIALIZE)).error).toBeUndefined()
    })
  })
})

describeBinary("lines of stdin", () => {
  test("one without an end is refused at 64 MiB, and one of 8 MiB is read", async () => {
    const stream = ["-p", "--input-format", "stream-json", "--output-format", "stream-json", "--verbose"]
    const long = (bytes: number) => at.run(stream, { stdin: Buffer.alloc(bytes, "x") })
    const [{ code, err }, short] = [await long(65 * 1024 * 1024), await long(8 * 1024 * 1024)]
    expect([code === 0, err]).toEqual([false, expect.stringContaining("67108864 bytes")])
    expect(short.err).not.toContain("67108864")
  })
})

const UPGRADE = {
  ...{ Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13" },
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
