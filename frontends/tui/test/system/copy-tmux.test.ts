import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { copy } from "../../src/system/clipboard/copy.ts"
import { machinePrograms } from "../../src/system/programs.ts"
import { fakeMachine } from "./fakes.ts"

const HANG_MS = 20_000

describe.skipIf(Bun.which("tmux") === null)("in a real tmux as it is set up from the start", () => {
  const folder = mkdtempSync(join(tmpdir(), "skein-tmux-"))
  const socket = join(folder, "socket")
  let heard = ""
  let client: Bun.Subprocess

  beforeAll(() => {
    tmux("-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", "exec sleep 1000")
    client = Bun.spawn(["tmux", "-S", socket, "attach"], {
      env: { ...process.env, TMUX: "", TERM: "xterm-256color" },
      terminal: { cols: 80, rows: 24, data: (_, data) => hear(data) },
    })
  })

  afterAll(() => {
    Bun.spawnSync(["tmux", "-S", socket, "kill-server"])
    client.kill(9)
    client.terminal?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  function hear(data: Uint8Array): void {
    heard += Buffer.from(data).toString("latin1")
  }

  function tmux(...words: readonly string[]): string {
    const { exitCode, stdout, stderr } = Bun.spawnSync(["tmux", "-S", socket, ...words])
    if (exitCode !== 0) throw new Error(`tmux ${words[0]}: ${stderr}`)
    return stdout.toString()
  }

  async function until(isSo: () => boolean): Promise<void> {
    const endMs = performance.now() + HANG_MS / 2
    while (!isSo() && performance.now() < endMs) await Bun.sleep(5)
  }

  test(
    "what is copied is tmux's newest buffer, and reaches the terminal that tmux is in",
    async () => {
      await until(() => tmux("list-clients") !== "")
      const around = tmux("display-message", "-p", "#{socket_path},#{pid},0").trim()
      const env = { PATH: process.env.PATH ?? "", TMUX: around, TERM: "tmux-256color" }
      const machine = { ...fakeMachine(() => undefined, { env }), programs: machinePrograms(env) }
      const text = "first → line\nsecond"

      expect(await copy(text, machine)).toEqual({ way: "tmux", isSure: false })

      expect(tmux("show-buffer")).toBe(text)
      const sent = `;${Buffer.from(text).toString("base64")}`
      await until(() => heard.includes(sent))
      expect(heard).toContain(`\u001b]52;`)
      expect(heard).toContain(sent)
      expect(machine.said).toEqual([])
    },
    HANG_MS,
  )
})
