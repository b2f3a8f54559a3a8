import { afterAll, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { BINARY, describeBinary, IS_SOAK } from "../ground/binary.ts"
import { numbered, numbersIn, slowly } from "../ground/streaming.ts"
import { talking } from "../ground/talking.ts"

const HANG_MS = 300_000
const RESIZES = 200
const BETWEEN_MS = 50
const LINES = 800

const isRun = IS_SOAK && Bun.which("tmux") !== null

describeBinary("a real tmux whose window is resized while an answer comes", () => {
  const folder = mkdtempSync(join(tmpdir(), "skein-tmux-"))
  const socket = join(folder, "socket")

  afterAll(() => {
    Bun.spawnSync(["tmux", "-S", socket, "kill-server"])
    rmSync(folder, { recursive: true, force: true })
  })

  /** Not synchronously: the model that answers lives in this process. */
  async function tmux(...words: readonly string[]): Promise<string> {
    const child = Bun.spawn(["tmux", "-S", socket, "-f", "/dev/null", ...words], { stdout: "pipe", stderr: "inherit" })
    const text = await new Response(child.stdout).text()
    await child.exited
    return text
  }

  async function until(wanted: string): Promise<void> {
    const endMs = performance.now() + HANG_MS / 3
    while (performance.now() < endMs) {
      if ((await tmux("capture-pane", "-p", "-S", "-")).includes(wanted)) return
      await Bun.sleep(50)
    }
    throw new Error(`Never: ${wanted}\n${await tmux("capture-pane", "-p")}`)
  }

  test.if(isRun)(
    "has every finished line once and in order",
    async () => {
      const seconds = (RESIZES * BETWEEN_MS) / 1000
      const reply = { text: `${numbered(LINES)}\nand the end.` }
      using talk = talking(slowly(reply, 50, Math.ceil((LINES * 130) / (seconds * 50))))
      const { env, cwd } = talk.scene
      const facts = Object.entries({ ...env, COLORTERM: "truecolor" }).map(([name, value]) => `${name}=${value}`)
      const command = ["sh", "-c", 'exec env -i TMUX="$TMUX" "$@"', "sh", ...facts, "TERM=tmux-256color", BINARY]
      const start = ["new-session", "-d", "-x", "80", "-y", "24", "-c", cwd, ...command]
      await tmux("set", "-g", "history-limit", "50000", ";", "set", "-g", "status", "off", ";", ...start)
      await until("claude")
      await tmux("send-keys", "count", "Enter")
      await until("L00003")
      let state = 3
      const roll = (sides: number) => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
        return Math.floor((state / 2 ** 32) * sides)
      }
      for (let times = 0; times < RESIZES; times++) {
        await tmux("resize-window", "-x", String(40 + roll(101)), "-y", String(12 + roll(39)))
        await Bun.sleep(BETWEEN_MS)
      }
      await tmux("resize-window", "-x", "80", "-y", "24")
      await until("and the end.")
      await Bun.sleep(500)
      const all = (await tmux("capture-pane", "-p", "-J", "-S", "-")).split("\n")
      expect(numbersIn(all)).toEqual(Array.from({ length: LINES }, (_, at) => at))
      expect(all.filter((line) => line.includes("› count"))).toHaveLength(1)
    },
    HANG_MS,
  )
})
