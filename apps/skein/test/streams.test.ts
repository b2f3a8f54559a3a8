import { expect, test } from "bun:test"
import { mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs"
import { BINARY, describeBinary } from "./ground/binary.ts"
import { talking } from "./ground/talking.ts"

const HELLO = { text: "Hello there." }
/** Clear screen, window title, clipboard, link, C1 controls, colours, cursor, bell, a carriage return over the line. */
const NASTY =
  "a\u001b[2Jb\u001b]0;title\u0007c\u001b]52;c;ZXZpbA==\u001b\\d\u001b]8;;http://evil\u001b\\e\u009b31mf\u0090qg\u001b[31mh\u001b[1;1Hi\u0007j\rk\bl\u007fm\u202en\u2066o"
/** Whatever moves a cursor, hides text, or speaks to the terminal; newline and tab are fine. */
const RAW = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

describeBinary("text of the model, of tools and of files", () => {
  test("never reaches stdout or stderr as control characters", async () => {
    using talk = talking(
      {
        text: NASTY,
        calls: [
          { name: "bash", args: { command: "cat nasty.txt; ls; exit 3", description: NASTY } },
          { name: "bash", args: { command: `echo '${NASTY}'` } },
          { name: "read", args: { path: NASTY } },
          { name: "glob", args: { pattern: "*" } },
          { name: "write", args: { path: `/etc/${NASTY}`, content: NASTY } },
          { name: NASTY, args: { x: NASTY } },
        ],
      },
      { text: `Done: ${NASTY}` },
    )
    writeFileSync(talk.scene.path("nasty.txt"), NASTY)
    writeFileSync(talk.scene.path(`\u001b]0;x\u0007\u001b[2J.txt`), "")
    for (const args of [
      [],
      ["--output-format", "json"],
      ["--output-format", "stream-json"],
      ["--json"],
      ["--output-format", "events"],
    ]) {
      const { out, err } = await talk.scene.run(["-p", `say ${NASTY}`, ...args])
      expect({ args, out: RAW.exec(out)?.[0], err: RAW.exec(err)?.[0] }).toEqual({
        args,
        out: undefined,
        err: undefined,
      })
      expect(out).toContain("Done: ")
    }
  })

  test("of a provider's error is shown as text too", async () => {
    using talk = talking((asked) =>
      asked.refuse(400, JSON.stringify({ error: { type: "invalid_request_error", message: NASTY } })),
    )
    const { err, code } = await talk.scene.run(["-p", "hi"])
    expect([code, RAW.exec(err)?.[0]]).toEqual([1, undefined])
  })

  test("of the command line and the configuration is shown as text", async () => {
    using talk = talking(HELLO)
    mkdirSync(talk.scene.path(".skein"))
    writeFileSync(talk.scene.path(".skein/config.toml"), `"\\u001b[2J" = 1\nmodel = "\\u001b]0;x\\u0007"\n`)
    for (const args of [
      [NASTY],
      [`--${NASTY}`, "x"],
      ["-p", "hi", "-m", NASTY],
      ["-p", "hi", "-C", NASTY],
      ["help", NASTY],
      ["models", NASTY],
      ["resume", NASTY, "x"],
      ["-p", "x", "-i", NASTY],
      ["config", "show", "--origin"],
    ]) {
      const { out, err } = await talk.scene.run(args)
      expect({ args, out: RAW.exec(out)?.[0], err: RAW.exec(err)?.[0] }).toEqual({
        args,
        out: undefined,
        err: undefined,
      })
    }
  })
})

describeBinary("stdout", () => {
  test("holds the answer alone, byte for byte, when both streams are files", async () => {
    using talk = talking(
      { text: "Working. ", calls: [{ name: "bash", args: { command: "echo x; echo y >&2; exit 1" } }] },
      { text: "Zwei Zeilen:\n\tü 🧵\n" },
    )
    const [out, err] = [talk.scene.path("out"), talk.scene.path("err")]
    const child = Bun.spawn([BINARY, "-p", "hi"], {
      cwd: talk.scene.cwd,
      env: talk.scene.env,
      stdin: "ignore",
      stdout: openSync(out, "w"),
      stderr: openSync(err, "w"),
    })
    expect(await child.exited).toBe(0)
    expect(readFileSync(out, "utf8")).toBe("Zwei Zeilen:\n\tü 🧵\n")
    expect(readFileSync(err, "utf8")).toMatch(/^failed {2}echo x; echo y >&2; exit 1 {2}exit 1, 4 B\n$/)
  })

  test("that nobody reads any more ends the run quietly", async () => {
    using talk = talking({ text: "word ".repeat(200_000) })
    const child = Bun.spawn(
      ["bash", "-c", `"${BINARY}" -p hi --output-format events | head -c 10; echo "\${PIPESTATUS[0]}"`],
      {
        cwd: talk.scene.cwd,
        env: talk.scene.env,
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
      },
    )
    const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()])
    expect([out.slice(0, 2), out.trim().split("\n").at(-1)?.slice(-1), err]).toEqual(['{"', "0", ""])
  })

  test("takes an answer of many megabytes through a slow pipe", async () => {
    using talk = talking({ text: `${"0123456789".repeat(300_000)}end` })
    const { code, out } = await talk.scene.run(["-p", "hi"])
    expect([code, out.length, out.slice(-4)]).toEqual([0, 3_000_004, "end\n"])
  })

  test("is the same whatever the locale and the terminal are said to be", async () => {
    using talk = talking(HELLO)
    for (const env of [
      { LANG: "C", TERM: "dumb" },
      { FORCE_COLOR: "3", TERM: "xterm-256color" },
      { NO_COLOR: "1", CLICOLOR_FORCE: "1" },
    ]) {
      const { out, err } = await talk.scene.run(["-p", "hi"], { env })
      expect([out, err]).toEqual(["Hello there.\n", ""])
    }
  })
})
