import { expect, setDefaultTimeout, test } from "bun:test"
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import type { Driven } from "@skein/term/driven"
import { bash } from "../ground/attack.ts"
import { describeBinary } from "../ground/binary.ts"
import type { Asked } from "../ground/model.ts"
import type { Scene } from "../ground/scene.ts"
import { left, seated } from "../ground/screen.ts"
import { foreignIn } from "../ground/sequences.ts"
import { talking } from "../ground/talking.ts"

// A hang guard: an attack takes seconds, on a machine that does much else far more.
setDefaultTimeout(120_000)

const ESC = "\u001b"
const BEL = "\u0007"
/** Clipboard, title, links, device control, C1, hidden text, clear, alternate screen; and what only looks like text. */
const EVIL = [
  `${ESC}]52;c;ZXZpbA==${BEL}`,
  `${ESC}]0;title${BEL}`,
  `${ESC}]8;;file:///etc/passwd${BEL}here${ESC}]8;;${BEL}`,
  `${ESC}P1$r0m${ESC}\\`,
  `${ESC}_Gq=1${ESC}\\`,
  "\u009b2J\u009d52;c;ZXZpbA==\u009c",
  `${ESC}[8mhidden${ESC}[0m`,
  `${ESC}[2J${ESC}[H${ESC}[?1049h${ESC}[21t${ESC}c`,
  `a\rb\bc${BEL}\u007f`,
  "safe\u202Egnp.exe\u2066x\u2069",
  "zero\u200Bwidth\u2060\uFEFF",
  "tag\u{E0041}\u{E0042}\u{E007F}",
].join(" | ")
/** For where a slash, a newline or a NUL cannot be. */
const EVIL_NAME = `x${ESC}]52;c;ZXZp${BEL}${ESC}[2J\u202Ey\u200Bz\u{E0041}`
const LINKS = `[click](javascript:alert) [file](file:///etc/passwd) [esc](http://a/${ESC}]0;x${BEL}) <http://b/\u202Ec> [ok](https://example.com/x)`

/** What is not foreign in any of these sessions. */
async function ends(driven: Driven): Promise<void> {
  expect(await left(driven)).toBe(0)
  expect(foreignIn(driven.recording)).toEqual([])
}

async function said(driven: Driven, line: string): Promise<void> {
  driven.type(line)
  await driven.waitFor(`› ${line}`)
  driven.press("enter")
}

function put(scene: Scene, path: string, text: string): void {
  mkdirSync(dirname(scene.path(path)), { recursive: true })
  writeFileSync(scene.path(path), text)
}

/** A summary of what it thought, in pieces, before what it says. */
function thinking(text: string, answer: string) {
  return async (asked: Asked) => {
    const stream = asked.bytes({ text: answer }).toString()
    const at = stream.indexOf("event: content_block_start")
    const event = (body: object & { type: string }) => `event: ${body.type}\ndata: ${JSON.stringify(body)}\n\n`
    const thought = [
      event({
        type: "content_block_start",
        index: 9,
        content_block: { type: "thinking", thinking: "", signature: "" },
      } as never),
      event({ type: "content_block_delta", index: 9, delta: { type: "thinking_delta", thinking: text } } as never),
      event({ type: "content_block_delta", index: 9, delta: { type: "signature_delta", signature: "s" } } as never),
      event({ type: "content_block_stop", index: 9 } as never),
    ]
    await asked.answer.head(200)
    await asked.answer.piece(stream.slice(0, at) + thought.join("") + stream.slice(at))
    await asked.answer.end()
  }
}

describeBinary.each([["inline"], ["full"]])("what is written to a terminal, %s", (screen) => {
  const args = screen === "full" ? ["--full-screen"] : []

  test("T41, T42: nothing that a model, a tool, a file or a provider says is a sequence there", async () => {
    using talk = talking(
      thinking(
        EVIL,
        `${EVIL}\n\n# ${EVIL}\n\n\`\`\`sh\n${EVIL}\n\`\`\`\n\n| a | ${EVIL} |\n|---|---|\n| ${EVIL} | b |\n\n${LINKS}`,
      ),
      {
        text: "Now calls.",
        calls: [
          bash("cat evil.txt; cat evil.txt >&2; ls; sleep 0.4; false"),
          { name: "read", args: { path: EVIL } },
          { name: EVIL_NAME, args: { [EVIL_NAME]: EVIL } },
          { name: "write", args: { path: `${EVIL_NAME}.ts`, content: `${EVIL}\n` } },
          { name: "grep", args: { pattern: EVIL } },
        ],
      },
      (asked) =>
        asked.refuse(429, JSON.stringify({ type: "error", error: { type: "rate_limit_error", message: EVIL } }), {
          "retry-after": "1",
        }),
      (asked) => asked.refuse(400, JSON.stringify({ type: "error", error: { type: EVIL, message: EVIL } })),
      { text: "The end." },
    )
    const { scene } = talk
    mkdirSync(scene.path(`${EVIL_NAME}dir`))
    writeFileSync(scene.path(`${EVIL_NAME}dir`, `a${EVIL_NAME}`), EVIL)
    put(scene, "evil.txt", `${EVIL}\n${EVIL_NAME}\r${EVIL}`)
    put(scene, ".git/HEAD", `ref: refs/heads/${EVIL_NAME}\n`)
    put(scene, ".git/config", "[core]\n\trepositoryformatversion = 0\n")
    put(scene, ".git/objects/x", "")
    put(scene, ".git/refs/heads/x", "")
    const driven = seated(scene, { columns: 100, rows: 40, args: [...args, "--mode", "auto"] })
    await answerTrust(driven)
    await driven.waitFor("claude")
    await said(driven, "think")
    await driven.waitFor(/click[\s\S]*javascript/)
    await driven.waitFor(/Done|›/)
    await said(driven, "call")
    await driven.waitFor("asks again in")
    await driven.waitFor(/HTTP 400[\s\S]*›/)
    await said(driven, "go on")
    await driven.waitFor("The end.")
    driven.type("@x")
    await driven.waitStable()
    for (let times = 0; times < 3; times++) driven.press("escape")
    driven.press("ctrl+u")
    for (const key of ["f3", "f4", "f5", "f6", "f2", "ctrl+p", "ctrl+o", "ctrl+r", "ctrl+e"]) {
      driven.press(key)
      await driven.waitStable()
      driven.press("down")
      driven.press("enter")
      await driven.waitStable()
      for (let times = 0; times < 3; times++) {
        driven.press("escape")
        await driven.waitStable(60)
      }
      driven.press("ctrl+u")
    }
    await ends(driven)
    const shown = [...driven.scrollback(), ...driven.lines()].join("\n")
    if (screen === "inline") {
      expect(shown).toContain("\\e]52;c;ZXZpbA==")
      expect(shown).toContain("\\u{202e}")
      expect(shown).toContain("tag\\u{e0041}")
    }
  })

  test("T41, T42: nothing that is pasted, queued, named or was said before is one either", async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>()
    using talk = talking(
      ...[{ text: "Hello there." }, { text: "Hello again." }],
      async (asked) => {
        await asked.answer.head(200)
        await gate
        await asked.answer.piece(asked.bytes({ text: "Over." }))
        await asked.answer.end()
      },
      { text: "Well." },
    )
    const { scene } = talk
    await scene.run(["-p", EVIL])
    const [{ sessionId }] = JSON.parse((await scene.run(["session", "list", "--json"])).out)
    await scene.run(["session", "rename", sessionId, EVIL_NAME])
    await scene.run(["session", "label", sessionId, EVIL_NAME])
    await scene.run(["-p", `second ${EVIL}`])
    const bin = clipboardOf(scene, EVIL)
    const env = { PATH: `${bin}:/usr/bin:/bin`, WAYLAND_DISPLAY: "wayland-0" }
    const driven = seated(scene, { columns: 100, rows: 40, args, env })
    await driven.waitFor("claude")
    driven.press("up")
    await driven.waitStable()
    driven.press("ctrl+u")
    driven.press("ctrl+v")
    await driven.waitFor("ZXZpbA")
    driven.press("ctrl+u")
    driven.paste(EVIL.replaceAll(`${ESC}[201~`, ""))
    await driven.waitFor("ZXZpbA")
    driven.press("enter")
    await driven.waitFor("esc stop")
    driven.paste(`queued ${EVIL}`)
    await driven.waitFor("queued")
    driven.press("alt+enter")
    await driven.waitStable()
    driven.paste(`steered ${EVIL_NAME}`)
    await driven.waitFor("steered")
    driven.press("enter")
    await driven.waitStable()
    open()
    await driven.waitFor("Well.")
    driven.type(`/rename ${"x"}`)
    driven.paste(EVIL_NAME)
    driven.press("enter")
    await driven.waitStable()
    driven.press("f9")
    await driven.waitStable()
    driven.press("ctrl+b")
    await driven.waitStable()
    await said(driven, "/resume")
    await driven.waitStable()
    driven.press("down")
    driven.press("enter")
    await driven.waitStable()
    await ends(driven)
  })

  test("T41: where skein is started, and what it is asked to trust, are text", async () => {
    using talk = talking({ text: "Hello there." })
    const { scene } = talk
    const folder = scene.path(`${EVIL_NAME}dir`)
    mkdirSync(folder)
    writeFileSync(
      join(folder, ".mcp.json"),
      JSON.stringify({ mcpServers: { [EVIL_NAME]: { command: EVIL, args: [EVIL] } } }),
    )
    const driven = seated(elsewhere(scene, folder), { columns: 100, rows: 40, args })
    await driven.waitFor("n no")
    await answerTrust(driven)
    await driven.waitFor("claude")
    await said(driven, "hi")
    await driven.waitFor("Hello there.")
    await ends(driven)
  })
})

/** The same machine, sat down at in another folder. */
function elsewhere(scene: Scene, cwd: string): Scene {
  return Object.create(scene, { cwd: { value: cwd } })
}

/** A clipboard that holds it, and where its program is. */
function clipboardOf(scene: Scene, text: string): string {
  const bin = join(scene.root, "bin")
  mkdirSync(bin)
  writeFileSync(join(bin, "text"), text)
  const script = `#!/bin/sh\ncase "$*" in *list-types*) echo text/plain;; *) cat ${join(bin, "text")};; esac\n`
  writeFileSync(join(bin, "wl-paste"), script)
  chmodSync(join(bin, "wl-paste"), 0o755)
  return bin
}

/** Yes, when it is asked and could be read. */
async function answerTrust(driven: Driven): Promise<void> {
  await driven.waitFor(/n no|workspace-write/)
  if (!driven.text().includes("n no")) return
  await Bun.sleep(600)
  driven.press("y")
}

const COLUMNS = 90
/** Of a row of what is asked, beside its label and the margin. */
const ROOM = COLUMNS - 14

/** What the whole view says would run, its escapes taken back. */
function shownCommand(lines: readonly string[]): string {
  const from = lines.findIndex((line) => line.startsWith("  runs "))
  const to = lines.findIndex((line) => line.startsWith("  changes "))
  const rows = lines.slice(from, to).map((line) => line.slice(10))
  // Where it would run stands in a row of its own.
  expect(rows.pop()).toMatch(/^ {2}in \//)
  const whole = rows.map((row, at) => {
    const goesOn = rows[at + 1]?.startsWith("┊") === true
    const text = row.slice(2)
    return `${at === 0 || row.startsWith("┊") ? "" : "\n"}${goesOn ? text.padEnd(ROOM) : text}`
  })
  return whole
    .join("")
    .replace(/\\(?:e|r|t|u\{([0-9a-f]+)\})/g, (written, code) =>
      code === undefined ? (UNESCAPED[written] ?? "") : String.fromCodePoint(Number.parseInt(code, 16)),
    )
}

const UNESCAPED: Readonly<Record<string, string>> = { "\\e": ESC, "\\r": "\r", "\\t": "\t" }

describeBinary("an approval on the screen", () => {
  test("T44: shows byte for byte what runs when it is allowed", async () => {
    const hidden = EVIL.replaceAll("'", "")
    const command = `printf '%s' '${hidden}' > out.txt${" ".repeat(200)}; echo two\t> two.txt${"\n".repeat(40)}echo three >> two.txt`
    using talk = talking({ calls: [bash(command)] }, { text: "Over." })
    const driven = seated(talk.scene, { columns: COLUMNS, rows: 100 })
    await driven.waitFor("claude")
    await said(driven, "go")
    await driven.waitFor(/y +once/)
    await Bun.sleep(600)
    driven.press("v")
    await driven.waitFor(/v +less/)
    expect(shownCommand(driven.lines())).toBe(command)
    await Bun.sleep(600)
    driven.press("y")
    await driven.waitFor("Over.")
    expect(readFileSync(talk.scene.path("out.txt"), "utf8")).toBe(hidden)
    expect(talk.scene.read("two.txt")).toBe("two\nthree\n")
    await ends(driven)
  })
})

/** What a terminal may say that was told what to say: by a program before, by a title that somebody else chose. */
const HOSTILE_ANSWERS: Readonly<Record<string, string>> = {
  "a title": `${ESC}]ly\ry\n${ESC}\\`,
  "an icon's label": `${ESC}]Ly${BEL}`,
  "a setting": `${ESC}P1$ry\ry${ESC}\\`,
  "a name with escapes": `${ESC}P>|evil${ESC}[31my${ESC}[200~y\r${ESC}[201~${ESC}\\`,
  "a color with junk": `${ESC}]11;rgb:y/y/y\ry${ESC}\\`,
  "colors and modes that are none": `${ESC}]11;#yyyyyy${BEL}${ESC}[?2026;9$y${ESC}[?999u`,
  "a clipboard": `${ESC}]52;c;eQ0=${ESC}\\`,
  "many cursors": `${ESC}[1;1R${ESC}[40;1R`.repeat(5_000),
  "a megabyte of a color": `${ESC}]11;${"y".repeat(1_000_000)}${ESC}\\`,
  "a megabyte of a name": `${ESC}P>|${"y\r".repeat(500_000)}${ESC}\\`,
  "a megabyte without end": `${ESC}_G${"y".repeat(1_000_000)}`,
}

describeBinary("what a terminal answers", () => {
  test("is never typed, and never a yes", async () => {
    using talk = talking({ calls: [bash("touch yes.txt")] }, { text: "Over." })
    const driven = seated(talk.scene)
    await driven.waitFor("claude")
    for (const [what, answer] of Object.entries(HOSTILE_ANSWERS)) {
      driven.type(answer)
      // Keys of a person's own come through behind it, and nothing stands before them.
      while (!/^› *\S/m.test(driven.text())) {
        driven.press("z")
        await driven.nextBytes(200)
      }
      await driven.waitStable(100)
      expect([what, /^› (.*)$/m.exec(driven.text())?.[1]?.replace(/z+/, "z")]).toEqual([what, "z"])
      driven.press("ctrl+u")
      await driven.waitFor(/^› *$/m)
    }
    expect(talk.server.requests).toHaveLength(0)
    await said(driven, "go")
    await driven.waitFor(/y +once/)
    await Bun.sleep(600)
    for (const answer of Object.values(HOSTILE_ANSWERS)) {
      driven.type(answer)
      // Long enough after whatever would have counted as a key.
      await Bun.sleep(500)
    }
    expect(driven.text()).toMatch(/y +once/)
    expect(talk.server.requests).toHaveLength(1)
    while (!driven.text().includes("Over.")) {
      driven.press("n")
      await Bun.sleep(500)
    }
    expect(() => talk.scene.read("yes.txt")).toThrow()
    await ends(driven)
  })
})
