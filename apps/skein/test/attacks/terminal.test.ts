import { expect, setDefaultTimeout, test } from "bun:test"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { bash } from "../ground/attack.ts"
import { describeBinary } from "../ground/binary.ts"
import { SEATS } from "../ground/person.ts"
import { talking } from "../ground/talking.ts"
import { Terminal } from "../ground/terminal.ts"

// A hang guard: an attack takes a second or two, on a machine that does much else far more.
setDefaultTimeout(120_000)

const ESC = "\u001b"
/** Clipboard, title, link, device control, C1, hidden text, clear, alternate screen; and what only looks like text. */
const HOSTILE = [
  `${ESC}]52;c;ZXZpbA==\u0007`,
  `${ESC}]0;title\u0007`,
  `${ESC}]8;;http://evil.test\u0007here${ESC}]8;;\u0007`,
  `${ESC}P1$r0m${ESC}\\`,
  "\u009b2J\u009d52;c;ZXZpbA==\u009c",
  `${ESC}[8mhidden${ESC}[0m`,
  `${ESC}[2J${ESC}[H${ESC}[?1049h`,
  "a\rb\bc\u0007",
  "safe\u202Egnp.exe",
  "zero\u200Bwidth\u2060\uFEFF",
  "tag\u{E0041}\u{E0042}",
].join(" | ")

const RAW =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|[\u{E0000}-\u{E007F}]/u

/** How much there is of what is not shown. */
const SIZES_SAID: Readonly<Record<string, readonly RegExp[]>> = {
  "a line at a time": [/\d[\d.,]* ?(bytes|B|kB|characters)/],
  "the screen": [/\+300 lines/, /5000 spaces/],
}

describeBinary("what reaches a terminal", () => {
  test("T41, T42: model text, tool output, file names, arguments and errors come without a byte that does something", async () => {
    using talk = talking(
      {
        text: HOSTILE,
        calls: [bash(`printf '%s' ${JSON.stringify(HOSTILE)}; ls; false`), { name: "read", args: { path: HOSTILE } }],
      },
      { text: `The end: ${HOSTILE}` },
    )
    mkdirSync(join(talk.scene.cwd, `${ESC}]0;x\u0007dir`))
    writeFileSync(join(talk.scene.cwd, "a\u202Eb"), "")
    const ran = await talk.scene.run(["run", "--mode", "auto", "show me"])
    expect(ran.out).toContain("The end:")
    expect(RAW.exec(ran.err.replaceAll(/\u001b\[[0-9;]*m/g, ""))).toBeNull()
    const listed = await talk.scene.run(["session", "list"])
    expect(RAW.exec(listed.out)).toBeNull()
    const shown = await talk.scene.run(["session", "show", "--last"])
    expect(RAW.exec(shown.out)).toBeNull()
    for (const args of [
      ["session", "show", "--last", "--json"],
      ["session", "list", "--json"],
      ["session", "log", "--last", "--json"],
      ["session", "export", "--last", "--format", "json", "--output", "-"],
    ]) {
      const json = await talk.scene.run(args)
      expect([args, RAW.exec(json.out), json.code]).toEqual([args, null, 0])
    }
  })

  test("T41: lines of JSON pass nothing through either, and say the same", async () => {
    for (const args of [
      ["-p", "--output-format", "events"],
      ["-p", "--output-format", "json"],
      ["-p", "--output-format", "stream-json", "--verbose"],
      ["exec", "--skip-git-repo-check", "--json"],
    ]) {
      using talk = talking({ text: HOSTILE })
      const { out } = await talk.scene.run([...args, "show me"])
      expect([args, RAW.exec(out)]).toEqual([args, null])
      for (const line of out.trim().split("\n")) JSON.parse(line)
      expect(out).toContain("safe")
    }
  })

  test("T41: on a terminal, `-p` passes nothing through either", async () => {
    using talk = talking({ text: HOSTILE })
    const terminal = new Terminal(talk.scene, ["-p", "show"])
    try {
      const screen = await terminal.until(/exit 0/)
      expect(screen).toContain("]52;c;ZXZpbA==")
      expect(screen).toContain("\\u{202e}")
    } finally {
      terminal.close()
    }
  })

  for (const [way, sit] of Object.entries(SEATS)) {
    test(`T43: however long a command is, the question shows its size, its head and its tail, on ${way}`, async () => {
      const command = `echo start${"\n".repeat(300)}touch harmless${" ".repeat(5000)}; touch ../outside-pwned #end`
      using talk = talking({ calls: [bash(command)] }, { text: "Over." })
      const person = sit(talk.scene)
      try {
        await person.ready()
        await person.say("go")
        const screen = await person.until(/y +(allow )?once/)
        expect(screen).toContain("echo start")
        expect(screen).toContain("touch ../outside-pwned #end")
        for (const size of SIZES_SAID[way] ?? []) expect(screen).toMatch(size)
      } finally {
        await person.close()
      }
    })
  }
})
