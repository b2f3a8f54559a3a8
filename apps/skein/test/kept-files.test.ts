import { expect, test } from "bun:test"
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { BINARY, describeBinary } from "./ground/binary.ts"
import { append } from "./ground/model.ts"
import { talking } from "./ground/talking.ts"
import { KEY } from "./ground/wire.ts"

const HELLO = { text: "Hello there." }
const IS_ROOT = process.getuid?.() === 0

describeBinary("what is kept", () => {
  test("is its owner's alone: files 0600, folders 0700", async () => {
    using talk = talking({ calls: [append("one"), { name: "grep", args: { pattern: "one" } }] }, HELLO)
    const { scene } = talk
    await scene.run(["-p", "hi", "--log-level", "debug"], { env: { SKEIN_HOME: join(scene.home, "skein") } })
    await scene.run(["-p", "hi", "--record", join(scene.home, "tape"), "--log-file", join(scene.home, "log")])
    const modes = scene
      .files(scene.home)
      .map((path) => `${(statSync(path).mode & 0o777).toString(8)} ${path.slice(scene.home.length)}`)
    expect(modes.filter((line) => !/^600 /.test(line) && !/^700 .*\/bin\/rg-/.test(line))).toEqual([])
    const folders = new Set(scene.files(scene.home).map((path) => join(path, "..")))
    const open = [...folders].filter((path) => path !== scene.home && (statSync(path).mode & 0o077) !== 0)
    expect(open).toEqual([])
  })

  test("holds no key anywhere, and prompt, text and output in the session's log alone", async () => {
    const secrets = {
      prompt: "canary-prompt-51c",
      text: "canary-text-51c",
      output: "canary-output-51c",
      args: "canary-args-51c",
    }
    using talk = talking(
      {
        text: secrets.text,
        calls: [{ name: "bash", args: { command: `echo canary-out""put-51c; true ${secrets.args}; env; exit 4` } }],
      },
      HELLO,
      (asked) => asked.refuse(401, `{"error":{"type":"authentication_error","message":"bad key ${KEY}"}}`),
    )
    const { scene } = talk
    const args = ["--log-level", "debug", "--log-file", join(scene.home, "skein.log")]
    const said = [await scene.run(["-p", secrets.prompt, ...args]), await scene.run(["-p", secrets.prompt, ...args])]
    said.push(
      await scene.run(["doctor"]),
      await scene.run(["config", "show", "--json"]),
      await scene.run(["models", "--json"]),
    )
    expect(said.map(({ code }) => code)).toEqual([0, 78, 0, 0, 0])

    const holding = (secret: string) =>
      scene
        .files(scene.root)
        .filter((path) => readFileSync(path, "latin1").includes(secret))
        .map((path) => path.slice(scene.data.length))
    expect(holding(KEY)).toEqual([])
    for (const secret of Object.values(secrets)) {
      const places = holding(secret)
      expect([secret, places.filter((path) => !/^\/sessions\/ses_[\w-]+\.jsonl$/.test(path))]).toEqual([secret, []])
      expect(places).not.toEqual([])
    }
    expect(said.map(({ out, err }) => out + err).join("\n")).not.toContain(KEY)
  })

  test("of the log file is at most 10 MB and one older file", async () => {
    using talk = talking(HELLO)
    const log = join(talk.scene.home, "skein.log")
    writeFileSync(log, "x".repeat(9_999_990))
    mkdirSync(talk.scene.path(".skein"))
    writeFileSync(talk.scene.path(".skein/config.toml"), 'nonsense = "so that there is a warning to write"')
    const ran = await talk.scene.run(["-p", "hi", "--log-file", log])
    expect([ran.code, statSync(`${log}.1`).size]).toEqual([0, 9_999_990])
    expect(statSync(log).size).toBeLessThan(10_000)
    expect(ran.out).toBe("Hello there.\n")
  })
})

describeBinary("a machine that gives little", () => {
  test("an empty home and a key are enough", async () => {
    using talk = talking({ calls: [append("one")] }, HELLO)
    const { code, out } = await talk.scene.run(["hi"], { env: { TMPDIR: "", LANG: "" } })
    expect([code, out, talk.scene.read("ran.txt")]).toEqual([0, "Hello there.\n", "one\n"])
  })

  test.if(IS_ROOT)(
    "a full disk ends the turn with the place, the reason and exit code 73; what was told is kept",
    async () => {
      using talk = talking({ text: "x".repeat(300_000), calls: [append("one")] }, HELLO)
      const { scene } = talk
      const small = join(scene.root, "small")
      mkdirSync(small)
      const mounted = Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small])
      if (!mounted.success) {
        console.warn(`Skipped: no tmpfs can be mounted here: ${mounted.stderr}`)
        return
      }
      try {
        const env = { SKEIN_HOME: small }
        const full = await scene.run(["-p", "hi"], { env })
        expect([full.code, full.out]).toEqual([73, ""])
        expect(full.err).toMatch(new RegExp(`^skein: Cannot write .*${small}.*(ENOSPC|full|No space)`, "m"))
        expect(full.err).not.toContain("defect")
        Bun.spawnSync(["mount", "-o", "remount,size=8m", small])
        const resumed = await scene.run(["resume", "--last", "go on"], { env })
        expect([resumed.code, resumed.out]).toEqual([0, "Hello there.\n"])
        expect(talk.server.complaints).toEqual([])
      } finally {
        Bun.spawnSync(["umount", "-l", small])
      }
    },
  )

  test("a home that may not be written says so, and --ephemeral works there", async () => {
    using talk = talking(HELLO)
    const { scene } = talk
    // Root may write anywhere, so the folder is a file to it.
    if (IS_ROOT) writeFileSync(join(scene.home, ".local"), "")
    else chmodSync(scene.home, 0o500)
    const refused = await scene.run(["-p", "hi"])
    expect([refused.code, refused.out, refused.err]).toEqual([
      73,
      "",
      expect.stringMatching(/^skein: Cannot .*\.local.*\n$/),
    ])
    const ran = await scene.run(["-p", "hi", "--ephemeral"])
    expect([ran.code, ran.out]).toEqual([0, "Hello there.\n"])
    chmodSync(scene.home, 0o700)
  })
})

describeBinary("the start path", () => {
  const files = async (args: readonly string[], talk: ReturnType<typeof talking>) => {
    const child = Bun.spawn(
      [
        "strace",
        "-f",
        "-qq",
        "-e",
        "trace=openat,open,execve,connect",
        "-o",
        join(talk.scene.root, "trace"),
        BINARY,
        ...args,
      ],
      {
        cwd: talk.scene.cwd,
        env: talk.scene.env,
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
      },
    )
    const code = await child.exited
    const lines = readFileSync(join(talk.scene.root, "trace"), "utf8").split("\n")
    return {
      code,
      opened: lines.filter((line) => /open(at)?\(/.test(line) && !line.includes("/proc/") && !line.includes(" = -1"))
        .length,
      started: lines.filter((line) => line.includes("execve(")).length,
      connected: lines.filter((line) => line.includes("connect(")).length,
    }
  }

  test.if(Bun.which("strace") !== null)(
    "opens few files, starts no process and asks nobody but the model",
    async () => {
      using talk = talking(HELLO)
      const version = await files(["--version"], talk)
      expect([version.code, version.started, version.connected]).toEqual([0, 1, 0])
      expect(version.opened).toBeLessThan(30)
      const turn = await files(["-p", "hi"], talk)
      expect([turn.code, turn.started, turn.connected]).toEqual([0, 1, 1])
      expect(turn.opened).toBeLessThan(60)
    },
  )
})
