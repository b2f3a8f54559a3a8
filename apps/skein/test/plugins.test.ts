import { afterEach, expect, test } from "bun:test"
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { dirname, join } from "node:path"
import { handOver, startedBy, WHO } from "./ground/attack.ts"
import { describeBinary } from "./ground/binary.ts"
import { Scene } from "./ground/scene.ts"
import { working } from "./ground/working.ts"

const HANG_MS = 60_000

let scene = new Scene()
afterEach(() => scene.remove())

const DEMO = {
  ".claude-plugin/plugin.json": { name: "demo", version: "1.0.0", description: "Shows how" },
  "agents/mender.md": "---\nname: mender\ndescription: Mends things\n---\nYou mend what is torn.\n",
  "commands/hi.md": "Say hi",
  "hooks/hooks.json": { hooks: { Stop: [{ hooks: [{ type: "command", command: "touch \u001b[2J/tmp/x" }] }] } },
  ".mcp.json": { mcpServers: { db: { command: "node", args: ["db.js"] } } },
}

function put(folder: string, files: Readonly<Record<string, string | object>> = DEMO): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), typeof content === "string" ? content : JSON.stringify(content))
  }
  return folder
}

describeBinary("plugins on the command line", () => {
  test(
    "are shown with all that they run before a yes, and without one nothing is installed",
    async () => {
      scene = new Scene()
      const root = put(join(scene.root, "demo"))
      const asked = await scene.run(["plugin", "install", root])
      expect(asked.code).toBe(2)
      expect(asked.err).toContain("Nobody can be asked here: say --yes")
      expect(asked.out).toContain("  signed     by nobody that you trust\n")
      expect(asked.out).toContain("  hook       Stop  touch \\u{1b}[2J/tmp/x\n".replace("\\u{1b}", "\\e"))
      expect(asked.out).toContain("  server     db  node db.js\n")
      expect((await scene.run(["plugin", "list"])).out).toStartWith("No plugin is installed.")
      expect((await scene.run(["plugin", "install", root, "--yes"])).code).toBe(0)
      expect((await scene.run(["plugin", "list"])).out).toMatch(/^demo +1\.0\.0 +enabled/m)
      expect(statSync(join(scene.data, "plugins.json")).mode & 0o077).toBe(0)
    },
    HANG_MS,
  )

  test(
    "bring agents that are listed and can be handed work, until their files are others or they are off",
    async () => {
      scene = new Scene()
      await scene.run(["plugin", "install", put(join(scene.root, "demo")), "--yes"])
      const agents = async () => (await scene.run(["agents"])).out
      expect(await agents()).toMatch(/^demo:mender +you +Mends things$/m)
      await scene.run(["plugin", "disable", "demo"])
      expect(await agents()).not.toContain("mender")
      await scene.run(["plugin", "enable", "demo"])
      const found = scene.files(`${scene.data}-plugins`).find((path) => path.endsWith("mender.md")) ?? ""
      appendFileSync(found, "Do evil.\n")
      const after = await scene.run(["agents"])
      expect(after.out).not.toContain("mender")
      expect(after.err).toContain("The plugin demo is off, because its files are not those that you agreed to.")
      const listed = await scene.run(["plugin", "list"])
      expect(listed.out).toMatch(/^demo +1\.0\.0 +changed/m)
    },
    HANG_MS,
  )

  test(
    "of a folder given for one run have their agents in that run alone",
    async () => {
      using at = working({
        "Hand it on.": [
          { calls: [{ name: "task", args: { agent: "demo:mender", description: "mend", prompt: "Mend it." } }] },
          { text: "Done." },
        ],
        "Mend it.": [{ text: "Mended." }],
      })
      const root = put(join(at.scene.root, "demo"))
      const { code } = await at.scene.run(["-p", "Hand it on.", "--mode", "auto", "--plugin-dir", root])
      expect(code).toBe(0)
      expect(at.asked("Mend it.")?.system).toContain("You mend what is torn.")
      expect((await at.scene.run(["agents"])).out).not.toContain("mender")
      expect((await at.scene.run(["-p", "x", "--plugin-dir", "nothing"])).err).toContain("there is no such folder")
    },
    HANG_MS,
  )

  test(
    "are listed by /plugins, and told to a host that gives their folder",
    async () => {
      using at = working({ "Hello.": [{ text: "Hi." }] })
      const root = put(join(at.scene.root, "demo"))
      const listed = await at.scene.run(["-p", "/plugins", "--plugin-dir", root])
      expect(listed.out).toStartWith("demo 1.0.0: commands, agents, hooks, MCP servers\n")
      const message = { type: "user", message: { role: "user", content: "Hello." } }
      const formats = ["--input-format", "stream-json", "--output-format", "stream-json", "--verbose"]
      const stdin = `${JSON.stringify(message)}\n`
      const hosted = await at.scene.run(["-p", ...formats, `--plugin-dir=${root}`], { stdin })
      const lines = hosted.out
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>)
      expect(lines.find(({ subtype }) => subtype === "init")?.plugins).toEqual([{ name: "demo", path: root }])
      expect(hosted.err).not.toContain("plugins")
    },
    HANG_MS,
  )

  test(
    "bring hooks, servers and commands, each where those of its kind are listed, until they are off",
    async () => {
      scene = new Scene()
      await scene.run(["plugin", "install", put(join(scene.root, "demo")), "--yes"])
      expect((await scene.run(["hooks", "list"])).out).toContain("hooks/hooks.json#hooks.Stop[0] (plugin demo)")
      expect((await scene.run(["mcp", "list"])).out).toMatch(/^db +idle +plugin +node db\.js$/m)
      await scene.run(["plugin", "disable", "demo"])
      expect((await scene.run(["hooks", "list"])).out).not.toContain("plugin demo")
      expect((await scene.run(["mcp", "list"])).out).not.toContain("db.js")
    },
    HANG_MS,
  )

  test(
    "of a project are used only while it is trusted with every byte of them",
    async () => {
      scene = new Scene()
      const root = put(scene.path(".agents/plugins/demo"))
      const before = await scene.run(["agents"])
      expect(before.out).not.toContain("mender")
      expect(before.err).toContain(
        "could make programs run (plugin 5), and it is not trusted: nothing of it runs. See skein trust items",
      )
      const forOneRun = await scene.run(["agents", "--trust"])
      expect([forOneRun.out, forOneRun.err]).toEqual([expect.stringMatching(/^demo:mender/m), ""])
      expect((await scene.run(["agents"])).out).not.toContain("mender")
      await scene.run(["trust", "accept", "--yes"])
      expect((await scene.run(["agents"])).out).toMatch(/^demo:mender/m)
      appendFileSync(join(root, "commands/hi.md"), "!")
      const after = await scene.run(["agents"])
      expect(after.out).not.toContain("mender")
      expect(after.err).toContain("it changed since you trusted it: nothing of it runs")
    },
    HANG_MS,
  )

  test(
    "are signed, packed, checked and installed from a marketplace whose index speaks for them",
    async () => {
      scene = new Scene()
      const ok = async (...args: string[]) => {
        const ran = await scene.run(["plugin", ...args])
        expect([ran.code, ran.code === 0 ? "" : ran.err]).toEqual([0, ""])
        return ran.out
      }
      const root = put(join(scene.root, "demo"))
      const id = (await ok("keygen", "--out", "key.pem")).trim()
      expect(statSync(scene.path("key.pem")).mode & 0o777).toBe(0o600)
      expect((await scene.run(["plugin", "sign", root])).err).toContain("Say which key signs it: --key FILE.")
      await ok("sign", root, "--key", "key.pem")
      const untrusted = await scene.run(["plugin", "validate", root])
      expect([untrusted.code, untrusted.out]).toEqual([1, expect.stringContaining("which is no key that you trust")])
      await ok("keys", "add", "key.pem.pub", "--name", "me")
      expect(await ok("keys", "list")).toContain(id)
      await ok("pack", root, "--out", "demo.tar.gz")
      expect(await ok("validate", "./demo.tar.gz")).toContain("signed     by me, ed25519:")
      const { sha256 } = JSON.parse(await ok("validate", root, "--json")) as { sha256: string }
      const plugins = [{ name: "demo", version: "1.0.0", source: "./demo.tar.gz", sha256, description: "Shows how" }]
      put(scene.cwd, { "skein-index.json": { name: "mine", serial: 1, plugins } })
      await ok("marketplace", "sign", "skein-index.json", "--key", "key.pem")
      expect(await ok("marketplace", "add", ".")).toContain("Its list is signed, number 1.")
      expect(await ok("search", "shows")).toContain("demo@mine")
      expect(await ok("install", "demo@mine", "--yes")).toContain("signed     by me")
      expect((await scene.run(["audit", "query"])).out).toMatch(/plugin\.install +added/)
    },
    HANG_MS,
  )

  test(
    "of other agents are in the inventory with the errors of their manifests",
    async () => {
      scene = new Scene()
      const cache = join(scene.home, ".codex/plugins/cache/curated")
      put(join(cache, "good/1.0.0"), {
        ".codex-plugin/plugin.json": { name: "good" },
        "skills/a/SKILL.md": "---\nname: a\n---\n",
      })
      put(join(cache, "bad/0.1.0"), {
        ".codex-plugin/plugin.json": { name: "bad", skills: "skills", interface: { brandColor: "red" } },
      })
      const rows = JSON.parse((await scene.run(["plugin", "inventory", "--json"])).out) as {
        name: string
        state: string
        problems: unknown[]
      }[]
      expect(rows.map(({ name, state, problems }) => [name, state, problems])).toEqual([
        [
          "bad",
          "broken",
          [
            {
              file: ".codex-plugin/plugin.json",
              place: "skills",
              why: 'It takes a path that starts with ./, not "skills".',
              isError: true,
            },
            {
              file: ".codex-plugin/plugin.json",
              place: "interface.brandColor",
              why: 'It takes a color as #1a2b3c, not "red".',
              isError: true,
            },
          ],
        ],
        ["good", "disabled", []],
      ])
    },
    HANG_MS,
  )

  for (const who of WHO) {
    test(
      `as ${who}, neither an archive that leads out nor a link in a folder puts anything anywhere`,
      async () => {
        scene = new Scene()
        const linked = put(join(scene.root, "linked"))
        symlinkSync("/etc/passwd", join(linked, "commands/passwd.md"))
        const evil = join(scene.root, "evil.tar")
        await Bun.write(evil, tarOf("../../../owned.md", "evil"))
        if (who === "nobody") handOver(scene.root)
        const before = scene.files()
        for (const [source, why] of [
          [linked, "is a link or no file"],
          [evil, "leads out of the folder"],
        ] as const) {
          const args = [...startedBy(who), "plugin", "install", source, "--yes", "--unsigned"]
          const child = Bun.spawn(args, { cwd: scene.cwd, env: scene.env, stdout: "ignore", stderr: "pipe" })
          expect([await child.exited, await child.stderr.text()]).toEqual([2, expect.stringContaining(why)])
        }
        const more = scene
          .files()
          .filter((path) => !before.includes(path) && !path.startsWith(join(scene.home, ".local/share/skein/")))
        expect(more).toEqual([])
      },
      HANG_MS,
    )
  }

  test(
    "killed in the middle of an update are the old one or the new one, whole",
    async () => {
      scene = new Scene()
      const root = put(join(scene.root, "demo"))
      for (let at = 0; at < 200; at++) writeFileSync(join(root, "commands", `c${at}.md`), "x".repeat(2000))
      await scene.run(["plugin", "install", root, "--yes"])
      for (let round = 1; round <= 6; round++) {
        put(root, { ".claude-plugin/plugin.json": { name: "demo", version: `1.${round}.0` } })
        const child = scene.start(["plugin", "update", "demo", "--yes"])
        await Bun.sleep(60 + round * 15)
        child.kill("SIGKILL")
        await child.exited
        const { out } = await scene.run(["plugin", "list"])
        expect(out).toMatch(/^demo +1\.\d+\.0 +enabled/m)
      }
      expect((await scene.run(["plugin", "update", "demo", "--yes"])).code).toBe(0)
      await scene.run(["plugin", "remove", "demo", "--yes"])
      expect(
        existsSync(join(`${scene.data}-plugins`, "path/demo"))
          ? readdirSync(join(`${scene.data}-plugins`, "path/demo"))
          : [],
      ).toEqual([])
      expect(readFileSync(join(scene.data, "plugins.json"), "utf8")).toContain('"plugins": []')
    },
    HANG_MS,
  )
})

/** One file in an archive, under any name. */
function tarOf(name: string, content: string): Uint8Array {
  const block = Buffer.alloc(512)
  block.write(name, 0)
  block.write("0000644\0", 100)
  block.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124)
  block.write("        0", 148)
  block.write("ustar\u000000", 257)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148)
  return Buffer.concat([block, Buffer.from(content.padEnd(512, "\0")), Buffer.alloc(1024)])
}
