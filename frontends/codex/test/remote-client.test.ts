import { afterAll, beforeAll, expect, test } from "bun:test"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { codex } from "./codex-program.ts"
import { type Ground, ground, isMissing, program } from "./program.ts"
import { listening } from "./wires.ts"

let at: Ground
beforeAll(() => {
  at = ground((prompt) =>
    prompt.startsWith("run: ")
      ? { text: "I will.", call: { name: "bash", input: { command: prompt.slice("run: ".length) } } }
      : { text: `It was said: ${prompt.toUpperCase()}` },
  )
})
afterAll(() => at.remove())

/** What Codex's terminal asks a terminal when it begins, and what ours says. */
const ASKED: readonly (readonly [string, string])[] = [
  ["\x1b[6n", "\x1b[1;1R"],
  ["\x1b]10;?", "\x1b]10;rgb:ffff/ffff/ffff\x1b\\"],
  ["\x1b]11;?", "\x1b]11;rgb:0000/0000/0000\x1b\\"],
  ["\x1b[c", "\x1b[?62;c"],
]

/** Codex's own terminal client, with a server elsewhere; `until` waits for a text on its screen. */
function terminal(url: string, prompt: string, env: Readonly<Record<string, string>>) {
  let said = ""
  const waiting = new Set<() => void>()
  const child = Bun.spawn([codex ?? "", "--remote", url, prompt], {
    ...{ cwd: at.folder, env },
    terminal: {
      ...{ cols: 120, rows: 40 },
      data(pty, bytes) {
        const text = Buffer.from(bytes).toString()
        said += text
        for (const [asked, answer] of ASKED) if (text.includes(asked)) pty.write(answer)
        for (const look of waiting) look()
      },
    },
  })
  const shown = () =>
    said.replace(/\x1b\[[0-9;?>=]*[a-zA-Z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)/g, " ").replace(/\s+/g, " ")
  return {
    type: (keys: string) => child.terminal?.write(keys),
    until(text: string): Promise<void> {
      if (shown().includes(text)) return Promise.resolve()
      return new Promise((resolve) => {
        const look = () => {
          if (!shown().includes(text)) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
      })
    },
    async end() {
      child.kill("SIGKILL")
      await child.exited
    },
  }
}

for (const [name, listen] of [
  ["WebSocket", "ws://127.0.0.1:0"],
  ["a Unix socket", "unix://"],
] as const) {
  test.skipIf(isMissing || codex === undefined)(
    `Codex's own terminal drives skein over ${name}: a turn, and a command that is asked about`,
    async () => {
      const model = ["-c", `openai_base_url="${at.provider.url}"`, "-c", "model=gpt-5.5"]
      const argv = [program, "app-server", "--listen", listen, ...model]
      const server = await listening(argv, { env: { ...at.env, OPENAI_API_KEY: "sk-client" }, cwd: at.folder })
      const home = join(at.folder, ".codex")
      mkdirSync(home, { recursive: true })
      writeFileSync(join(home, "config.toml"), `[projects."${at.folder}"]\ntrust_level = "trusted"\n`)
      const person = terminal(server.url, "good morning", { ...at.env, CODEX_HOME: home, TERM: "xterm-256color" })
      try {
        await person.until("It was said: GOOD MORNING")
        await person.until("Worked for")
        person.type(`\x1b[200~run: echo made > ${listen.slice(0, 2)}.txt && git push\x1b[201~`)
        await person.until("git push")
        // In one piece with the words it would be a part of them.
        person.type("\r")
        await person.until("Would you like to run")
        person.type("y")
        await person.until("All done here.")
        expect(readFileSync(join(at.folder, `${listen.slice(0, 2)}.txt`), "utf8")).toBe("made\n")
      } finally {
        await person.end()
        await server.stop()
      }
    },
    60_000,
  )
}
