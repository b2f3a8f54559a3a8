import { afterEach, expect, test } from "bun:test"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { deflateRawSync, gzipSync } from "node:zlib"
import { handOver, startedBy, WHO } from "./ground/attack.ts"
import { describeBinary } from "./ground/binary.ts"
import { Scene } from "./ground/scene.ts"

const HANG_MS = 90_000
const file = (name: string, text = "Do it.") => `---\nname: ${name}\ndescription: About ${name}.\n---\n\n${text}\n`

let scene: Scene | undefined
afterEach(() => scene?.remove())

/** A tar archive of these; a `type` of `2` is a link. */
function tar(entries: readonly { readonly name: string; readonly text?: string; readonly type?: string }[]): Buffer {
  const parts = entries.map(({ name, text = "", type = "0" }) => {
    const header = Buffer.alloc(512)
    header.write(name)
    header.write(`0000644\0`, 100)
    header.write(`${Buffer.byteLength(text).toString(8).padStart(11, "0")}\0`, 124)
    header.write("        ", 148)
    header.write(type, 156)
    header.write(type === "2" ? "/etc/passwd" : "", 157)
    header.write("ustar\x0000", 257)
    header.write(
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, "0")}\0 `,
      148,
    )
    return Buffer.concat([header, Buffer.from(text), Buffer.alloc((512 - (Buffer.byteLength(text) % 512)) % 512)])
  })
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(1024)]))
}

/** A zip archive of one file. */
function zip(name: string, text: string): Buffer {
  const packed = deflateRawSync(text)
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  const central = Buffer.alloc(46)
  central.writeUInt32LE(0x02014b50, 0)
  for (const [header, at] of [[local, 8] as const, [central, 10] as const]) {
    header.writeUInt16LE(8, at)
    header.writeUInt32LE(Bun.hash.crc32(text), at + 6)
    header.writeUInt32LE(packed.length, at + 10)
    header.writeUInt32LE(Buffer.byteLength(text), at + 14)
    header.writeUInt16LE(Buffer.byteLength(name), at + 18)
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(central.length + name.length, 12)
  end.writeUInt32LE(local.length + name.length + packed.length, 16)
  return Buffer.concat([local, Buffer.from(name), packed, central, Buffer.from(name), end])
}

describeBinary("skein skill", () => {
  test(
    "a skill is made, valid as it is, listed, told and taken away",
    async () => {
      scene = new Scene()
      const at = scene
      const made = await at.run(["skill", "make", "greet", "--description", 'Greets: "all"'])
      const folder = `${at.home}/.agents/skills/greet`
      expect(made).toMatchObject({ code: 0, out: `${folder}/SKILL.md\n` })
      expect(await at.run(["skill", "validate", folder])).toMatchObject({ code: 0, out: `Valid: ${folder}\n` })
      expect((await at.run(["skill", "list"])).out).toMatch(/^greet +you +ready +Greets: "all"$/m)
      expect((await at.run(["skill", "info", "greet"])).out).toContain(`from    ${folder}`)
      expect((await at.run(["skill", "make", "Not_Good"])).err).toContain("must be in lower case")
      expect((await at.run(["skill", "remove", "greet"])).err).toContain("say --yes")
      expect(await at.run(["skill", "remove", "greet", "--yes"])).toMatchObject({ code: 0 })
      expect(existsSync(folder)).toBe(false)
      expect((await at.run(["skill", "info", "gret"])).code).not.toBe(0)
    },
    HANG_MS,
  )

  test(
    "a folder's skills are shown with their programs before they are put, and updated only where nobody changed them",
    async () => {
      scene = new Scene()
      const at = scene
      await Bun.write(at.path("all/pdf/SKILL.md"), file("pdf"))
      await Bun.write(at.path("all/pdf/scripts/x.py"), "print(1)\n")
      await Bun.write(at.path("all/excel/SKILL.md"), file("excel").replace("About", `About ${"much ".repeat(60)}and`))
      const asked = await at.run(["skill", "add", "all"])
      expect(asked.code).toBe(2)
      expect(asked.out).toContain("programs: scripts/x.py")
      expect(asked.out).toMatch(/^ {2}excel {2}About (much )+.{0,5}…$/m)
      expect(existsSync(`${at.home}/.agents`)).toBe(false)

      expect((await at.run(["skill", "add", "all", "pdf", "--yes"])).code).toBe(0)
      expect(readdirSync(`${at.home}/.agents/skills`)).toEqual(["pdf"])
      await Bun.write(at.path("all/pdf/SKILL.md"), file("pdf", "Do it better."))
      expect((await at.run(["skill", "update", "--yes"])).out).toMatch(/^pdf: updated/)
      const onRecord = (await at.run(["audit", "query", "--action", "skill.install", "--json"])).out
      expect(onRecord.match(/"outcome":\s*"(added|kept)"/g)?.map((text) => text.split('"')[3])).toEqual([
        "added",
        "kept",
      ])
      expect(readFileSync(`${at.home}/.agents/skills/pdf/SKILL.md`, "utf8")).toContain("better")
      await Bun.write(`${at.home}/.agents/skills/pdf/SKILL.md`, file("pdf", "Mine."))
      await Bun.write(at.path("all/pdf/SKILL.md"), file("pdf", "Theirs."))
      expect(await at.run(["skill", "update", "--yes"])).toMatchObject({
        code: 1,
        out: expect.stringContaining("you changed it"),
      })
    },
    HANG_MS,
  )

  test(
    "a package of npm is got as its archive, held against its registry's sum, and nothing of it is run",
    async () => {
      const archive = tar([
        { name: "package/package.json", text: JSON.stringify({ scripts: { postinstall: "touch /tmp/ran" } }) },
        { name: "package/skills/pdf/SKILL.md", text: file("pdf") },
      ])
      let integrity = `sha512-${new Bun.CryptoHasher("sha512").update(archive).digest("base64")}`
      using server = Bun.serve({
        port: 0,
        fetch: ({ url }) =>
          new URL(url).pathname === "/a.tgz"
            ? new Response(archive)
            : Response.json({ dist: { tarball: `${new URL(url).origin}/a.tgz`, integrity } }),
      })
      scene = new Scene({ npm_config_registry: `http://127.0.0.1:${server.port}/` })
      const added = await scene.run(["skill", "add", "npm:@acme/skills", "--yes", "--json"])
      expect({ code: added.code, rows: JSON.parse(added.out).length }).toEqual({ code: 0, rows: 1 })
      expect((await scene.run(["egress"])).out).toContain("skills")
      integrity = "sha512-AAAA"
      expect((await scene.run(["skill", "add", "npm:@acme/skills", "--yes"])).err).toContain(
        "is not what its registry says",
      )
    },
    HANG_MS,
  )
})

describeBinary("skills of a repository", () => {
  test(
    "are cloned in the sandbox from its host alone, of a folder and a tag where they are named",
    async () => {
      scene = new Scene()
      const at = scene
      await Bun.write(at.path("origin/skills/pdf/SKILL.md"), file("pdf"))
      await Bun.write(at.path("origin/skills/other/SKILL.md"), file("other"))
      const git = (...args: readonly string[]) =>
        Bun.spawnSync(["git", "-c", "user.name=a", "-c", "user.email=a@b.c", ...args], {
          ...{ cwd: at.path("origin"), env: { PATH: "/usr/bin:/bin", HOME: at.home } },
        })
      git("init", "-q", "-b", "main")
      git("add", "-A")
      git("commit", "-q", "-m", "one")
      git("tag", "v1")
      using server = gitServer(at.path("origin/.git"))

      const source = `http://127.0.0.1:${server.port}/all.git#skills/pdf@v1`
      const added = await at.run(["skill", "add", source, "--yes"])
      expect({ code: added.code, err: added.err }).toEqual({ code: 0, err: "" })
      expect(readdirSync(`${at.home}/.agents/skills`)).toEqual(["pdf"])
      expect((await at.run(["skill", "update"])).out).toBe("pdf: as it was\n")
      const missing = await at.run(["skill", "add", `http://127.0.0.1:${server.port}/all.git@nope`, "--yes"])
      expect(missing.err).toContain("Cannot clone http://127.0.0.1")
    },
    HANG_MS,
  )
})

/** A repository as git's own program serves it. */
function gitServer(folder: string) {
  return Bun.serve({
    port: 0,
    async fetch(request) {
      const { pathname, search } = new URL(request.url)
      const body = Buffer.from(await request.arrayBuffer())
      const child = Bun.spawn(["git", "http-backend"], {
        env: {
          ...{
            PATH: "/usr/bin:/bin",
            GIT_PROJECT_ROOT: folder,
            GIT_HTTP_EXPORT_ALL: "1",
            REQUEST_METHOD: request.method,
          },
          ...{ PATH_INFO: pathname.replace("/all.git", ""), QUERY_STRING: search.slice(1) },
          ...{ CONTENT_TYPE: request.headers.get("content-type") ?? "", CONTENT_LENGTH: String(body.length) },
          ...{ GIT_PROTOCOL: request.headers.get("git-protocol") ?? "", REMOTE_ADDR: "127.0.0.1" },
          ...{ HTTP_CONTENT_ENCODING: request.headers.get("content-encoding") ?? "" },
          ...{ GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "safe.directory", GIT_CONFIG_VALUE_0: "*" },
        },
        stdin: body,
        stdout: "pipe",
      })
      const answer = Buffer.from(await child.stdout.bytes())
      const end = answer.indexOf("\r\n\r\n")
      const lines = answer.subarray(0, end).toString().split("\r\n")
      const headers = lines.map((line) => line.split(": ", 2)).filter(([name]) => name !== "Status")
      const status = Number(/^Status: (\d+)/m.exec(lines.join("\n"))?.[1] ?? 200)
      return new Response(answer.subarray(end + 4), { status, headers: headers as [string, string][] })
    },
  })
}

for (const who of WHO) {
  describeBinary(`an archive of skills that is hostile, as ${who}`, () => {
    test(
      "puts nothing anywhere: no path out, no link, no device, no second name",
      async () => {
        scene = new Scene()
        const at = scene
        const archives: readonly (readonly [name: string, bytes: Buffer, why: RegExp])[] = [
          [
            "slip.tgz",
            tar([
              { name: "x/SKILL.md", text: file("x") },
              { name: "x/../../../evil", text: "!" },
            ]),
            /leads out/,
          ],
          [
            "abs.tgz",
            tar([
              { name: "SKILL.md", text: file("x") },
              { name: `${at.root}/evil`, text: "!" },
            ]),
            /absolute/,
          ],
          [
            "link.tgz",
            tar([
              { name: "SKILL.md", text: file("x") },
              { name: "l", type: "2" },
            ]),
            /symbolic link/,
          ],
          [
            "device.tgz",
            tar([
              { name: "SKILL.md", text: file("x") },
              { name: "d", type: "3" },
            ]),
            /device/,
          ],
          [
            "twice.tgz",
            tar([
              { name: "SKILL.md", text: file("x") },
              { name: "skill.MD", text: "!" },
            ]),
            /twice/,
          ],
          ["slip.zip", zip("../../evil", "!"), /leads out/],
          ["slip.skill", zip("..\\..\\evil", "!"), /backslash/],
        ]
        for (const [name, bytes] of archives) await Bun.write(at.path(name), bytes)
        handOver(at.root)
        for (const [name, , why] of archives) {
          const child = Bun.spawn([...startedBy(who), "skill", "add", name, "--yes"], {
            ...{ cwd: at.cwd, env: at.env, stdin: "ignore", stdout: "pipe", stderr: "pipe" },
          })
          const [err, code] = await Promise.all([child.stderr.text(), child.exited])
          expect([name, code]).toEqual([name, 2])
          expect(err).toMatch(why)
        }
        expect(at.files().filter((path) => /evil|\.agents/.test(path))).toEqual([])
      },
      HANG_MS,
    )
  })
}
