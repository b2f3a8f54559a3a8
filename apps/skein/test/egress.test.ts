import { expect, test } from "bun:test"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describeBinary } from "./ground/binary.ts"
import { modelServer } from "./ground/model.ts"
import { Scene } from "./ground/scene.ts"
import { anthropic as wire } from "./ground/wire-anthropic.ts"

const HANG_MS = 60_000
const CANARY = "canary-5e1f"

describeBinary("of what leaves this machine", () => {
  test(
    "every request to a model is told: where to, how much and by which session, without what was said; and nothing else left",
    async () => {
      const scene = new Scene()
      let count = 0
      const calls = [{ name: "bash", args: { command: "echo hello" } }]
      const server = modelServer(wire, (asked) => asked.say(count++ === 0 ? { calls } : { text: `It is ${CANARY}.` }))
      try {
        const ran = await scene.run(["run", "--mode", "full", `say ${CANARY}`], { env: wire.env(server.url) })
        expect([ran.code, ran.out]).toEqual([0, `It is ${CANARY}.\n`])
        const { hostname, port } = new URL(server.url)
        const { code, out } = await scene.run(["egress", "--json", "--last"])
        const { sums, damaged } = JSON.parse(out)
        expect([code, damaged]).toEqual([0, 0])
        const only = { host: hostname, port: Number(port), purpose: "model", decision: "allowed" }
        expect(sums).toEqual([expect.objectContaining(only)])
        expect(sums[0].bytesOut).toBeGreaterThan(server.requests.reduce((sum, { text }) => sum + text.length, 0))
        expect(sums[0].bytesIn).toBeGreaterThan(100)
        const ledger = readFileSync(join(scene.data, "records/egress.jsonl"), "utf8")
        expect(ledger).not.toContain(CANARY)
        const hashes = server.requests.map(({ text }) => new Bun.CryptoHasher("sha256").update(text).digest("hex"))
        const told = ledger
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line).sha256 as string | undefined)
        expect(told.filter((hash) => hash !== undefined)).toEqual(hashes)
        expect((await scene.run(["egress"])).out).toContain(`model    ${hostname}:${port}`)
      } finally {
        server.stop()
        scene.remove()
      }
    },
    HANG_MS,
  )

  test(
    "the doctor lists where anything could go, a project's word does not count, and a key is never shown",
    async () => {
      const scene = new Scene({
        COLUMNS: "200",
        ANTHROPIC_API_KEY: CANARY,
        HTTPS_PROXY: `http://me:${CANARY}@proxy.test:3128`,
      })
      mkdirSync(join(scene.cwd, ".skein"))
      const hostile = '[tools_network]\naccess = "on"\nallow = ["evil.test"]\n'
      writeFileSync(join(scene.cwd, ".skein/config.toml"), hostile)
      try {
        const { code, out, err } = await scene.run(["doctor", "--egress", "-c", 'tools_network.allow=["a.test"]'])
        expect(code).toBe(0)
        expect(out.split("\n").map((line) => line.replace(/ {2,}/g, "  "))).toEqual([
          "model  https://api.anthropic.com  Anthropic, environment variable ANTHROPIC_API_KEY",
          "model  http://127.0.0.1:11434  Ollama, which needs no key",
          "model  http://127.0.0.1:1234  LM Studio, which needs no key",
          "model  http://127.0.0.1:8080  Local OpenAI-like server, which needs no key",
          "command  a.test  the list of tools_network.allow",
          'command  any other host that you allow  tools_network.access is "ask"',
          "proxy  http://proxy.test:3128  environment variable HTTPS_PROXY",
          "Nothing else: skein reports nothing, updates nothing and looks nothing up by itself. What left: skein egress",
          "",
        ])
        expect(out + err).not.toContain(CANARY)
      } finally {
        scene.remove()
      }
    },
    HANG_MS,
  )

  test(
    "a host that is none is refused, and told how one is written",
    async () => {
      const scene = new Scene()
      try {
        for (const host of ["https://a.test/x", "*", "127.1", "me@a.test", ""]) {
          const { code, err } = await scene.run(["run", "--allow", host, "hi"])
          expect([code, err.includes("It takes example.com")]).toEqual([2, true])
        }
      } finally {
        scene.remove()
      }
    },
    HANG_MS,
  )

  test(
    "what was allowed on the command line holds for the session, and a later run says its own",
    async () => {
      const scene = new Scene()
      const server = modelServer(wire, (asked) => asked.say({ text: "Hello." }))
      const env = wire.env(server.url)
      const listed = async () =>
        /^list +(.*)$/m.exec((await scene.run(["-p", "--continue", "/network"], { env })).out)?.[1]
      try {
        await scene.run(["run", "--allow", "A.test", "--allow", "*.b.test:8443", "hi"], { env })
        expect(await listed()).toBe("a.test, *.b.test:8443")
        await scene.run(["-p", "--continue", "--allow", "c.test", "again"], { env })
        expect(await listed()).toBe("c.test")
        await scene.run(["-p", "--continue", "/network allow d.test"], { env })
        expect(await listed()).toBe("c.test, d.test")
      } finally {
        server.stop()
        scene.remove()
      }
    },
    HANG_MS,
  )
})
