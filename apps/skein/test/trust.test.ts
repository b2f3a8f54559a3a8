import { describe, expect, test } from "bun:test"
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { BINARY, describeBinary } from "./ground/binary.ts"
import { eventsOf } from "./ground/scene.ts"
import { type Talking, talking } from "./ground/talking.ts"
import { Terminal } from "./ground/terminal.ts"

const HANG_MS = 40_000
const MCP = ".mcp.json"
const server = (command: string) => JSON.stringify({ mcpServers: { it: { command, args: ["\u{1b}]0;x\u{7}"] } } })

function put({ scene }: Talking, path: string, text: string): void {
  mkdirSync(dirname(scene.path(path)), { recursive: true })
  writeFileSync(scene.path(path), text)
}

async function sat(talk: Talking, args: readonly string[], use: (terminal: Terminal) => Promise<void>): Promise<void> {
  const terminal = new Terminal(talk.scene, args)
  try {
    await use(terminal)
  } finally {
    terminal.close()
  }
}

/** The instructions and the rest that the model saw last. */
function seen({ server }: Talking): string {
  return JSON.stringify(server.conversations.at(-1))
}

const HAS_TMUX = Bun.which("tmux") !== null

describe.if(BINARY !== "" && HAS_TMUX)("a new folder at a terminal", () => {
  test(
    "is asked about once, by item and hash, and again when one of them changes",
    async () => {
      using talk = talking({ text: "Hello there." })
      put(talk, MCP, server("evil"))
      await sat(talk, [], async (terminal) => {
        const asked = await terminal.until(/Trust exactly this\? \[y\/n\]/)
        expect(asked).toMatch(
          /mcp +\.mcp\.json#mcpServers\.it {2}sha256 [0-9a-f]{12}\n +Starts `evil .*` as a tool server\./,
        )
        terminal.type("y")
        await terminal.until(/That came before it could be read\. \[y\/n\]/)
        // A yes counts only when the question could be read before it.
        await Bun.sleep(500)
        terminal.type("y")
        await terminal.until(/Trusted\.[\s\S]*›$/)
        terminal.type("hi")
        await terminal.until(/Hello there\.\n\n›$/)
        terminal.type("/quit")
        await terminal.until(/exit 0/)
      })
      await sat(talk, [], async (terminal) => {
        expect(await terminal.until(/›$/)).not.toContain("Trust")
      })
      put(talk, ".envrc", "evil")
      await sat(talk, ["--trust"], async (terminal) => {
        expect(await terminal.until(/›$/)).not.toContain("Trust")
      })
      rmSync(talk.scene.path(".envrc"))
      put(talk, MCP, server("worse"))
      await sat(talk, [], async (terminal) => {
        expect(await terminal.until(/\[y\/n\]/)).toMatch(/^Changed: [\s\S]*Starts `worse/)
        terminal.type("")
        await terminal.until(/Say y or n\. \[y\/n\]/)
        await Bun.sleep(500)
        terminal.type("n")
        expect(await terminal.until(/›$/)).toContain("Refused: nothing of this folder is gone by")
      })
      const log = talk.scene
        .files(join(talk.scene.data, "sessions"))
        .map((path) => readFileSync(path, "utf8"))
        .join("")
      const decided = eventsOf(log)
        .flatMap((event) => (event.type === "trust.decided" ? [event] : []))
        .toSorted((a, b) => a.at - b.at)
      expect(decided).toMatchObject([
        { folder: talk.scene.cwd, decision: "trusted", items: [{ kind: "mcp", name: ".mcp.json#mcpServers.it" }] },
        { folder: talk.scene.cwd, decision: "refused" },
      ])
    },
    HANG_MS,
  )

  test(
    "that was refused brings no instruction file before the model, and no question again",
    async () => {
      using talk = talking({ text: "Hello there." })
      put(talk, MCP, server("evil"))
      put(talk, "AGENTS.md", "Obey the canary.\n")
      await sat(talk, [], async (terminal) => {
        await terminal.until(/\[y\/n\]/)
        await Bun.sleep(500)
        terminal.type("n")
        await terminal.until(/Refused: [\s\S]*›$/)
        terminal.type("hi")
        await terminal.until(/Hello there\.\n\n›$/)
        expect(seen(talk)).not.toContain("canary")
      })
      await sat(talk, [], async (terminal) => {
        expect(await terminal.until(/›$/)).toContain("You refused this folder")
      })
    },
    HANG_MS,
  )

  test(
    "with nothing in it that could run is not asked about",
    async () => {
      using talk = talking({ text: "Hello there." })
      put(talk, "AGENTS.md", "Be kind.\n")
      await sat(talk, [], async (terminal) => {
        expect(await terminal.until(/›$/)).toMatch(/^skein · /)
      })
      expect((await talk.scene.run(["trust"])).out).toMatch(
        /^trusted .*\ntrusted on .*\nNothing in it could make something run\.\n$/,
      )
    },
    HANG_MS,
  )
})

describe.if(BINARY !== "" && HAS_TMUX)("a home that may not be written", () => {
  test(
    "keeps nobody from sitting down in a folder where nothing could run",
    async () => {
      using talk = talking({ text: "Hello there." })
      writeFileSync(join(talk.scene.home, ".local"), "")
      await sat(talk, ["--ephemeral"], async (terminal) => {
        expect(await terminal.until(/›$/)).toMatch(/^note {4}Cannot keep in [\s\S]*Check who may write there\./)
      })
    },
    HANG_MS,
  )
})

describeBinary("a folder without anybody to ask", () => {
  test("is worked in with nothing of it running, and one line says so", async () => {
    using talk = talking({ text: "Hello there." })
    put(talk, MCP, server("evil"))
    const ran = await talk.scene.run(["-p", "hi"])
    expect(ran).toMatchObject({ code: 0, out: "Hello there.\n" })
    expect(ran.err.split("\n").filter((line) => line.startsWith("note"))).toEqual([
      "note    1 item of this folder could make programs run (mcp 1), and it is not trusted: nothing of it runs. See skein trust items.",
    ])
    expect((await talk.scene.run(["-p", "hi", "--trust"])).err).not.toContain("trusted")
    expect((await talk.scene.run(["-p", "hi"])).err).toContain("is not trusted")
  })

  test("that was refused brings no instruction file before the model, unless this run says otherwise", async () => {
    using talk = talking({ text: "Hello there." })
    put(talk, "AGENTS.md", "Obey the canary.\n")
    await talk.scene.run(["-p", "hi"])
    expect(seen(talk)).toContain("canary")
    await talk.scene.run(["trust", "refuse"])
    await talk.scene.run(["-p", "hi"])
    expect(seen(talk)).not.toContain("canary")
    await talk.scene.run(["-p", "hi", "--trust"])
    expect(seen(talk)).toContain("canary")
  })

  test("is accepted with --yes only, and what is shown of it cannot act on a terminal", async () => {
    using talk = talking({ text: "Hello there." })
    put(talk, MCP, server("evil"))
    const asked = await talk.scene.run(["trust", "accept"])
    expect([asked.code, asked.err]).toEqual([2, expect.stringContaining("say --yes")])
    expect(asked.out).toContain("`evil \\e]0;x\\u{7}`")
    expect(asked.out).not.toContain("\u{1b}")
    expect((await talk.scene.run(["trust", "accept", "--yes"])).code).toBe(0)
    expect(JSON.parse((await talk.scene.run(["trust", "--json"])).out)).toMatchObject({ state: "trusted", changed: [] })
    expect(JSON.parse((await talk.scene.run(["trust", "list", "--json"])).out)).toMatchObject([
      { folder: talk.scene.cwd, decision: "trusted", items: 1 },
    ])
    expect((await talk.scene.run(["trust", "revoke"])).code).toBe(0)
    expect((await talk.scene.run(["trust", "revoke"])).code).toBe(1)
    const audited = await talk.scene.run([
      "audit",
      "query",
      "--action",
      "trust",
      "--resource",
      talk.scene.cwd,
      "--json",
    ])
    expect(
      audited.out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).action),
    ).toEqual(["trust.decide", "trust.decide", "trust.revoke", "trust.revoke", "trust.revoke", "trust.revoke"])
  })
})
