import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { BINARY } from "./binary.ts"
import type { Scene } from "./scene.ts"

/** Debian's Neovim, or the person's own; undefined where there is none. */
export const NEOVIM = Bun.which("nvim") ?? undefined

/** The plugin's folder. */
export const PLUGIN = resolve(import.meta.dir, "../../../../editors/neovim")
const HANG_MS = 30_000

/** A Neovim without a screen that has the plugin and nothing of the machine's, driven as a person does: by keys and commands. */
export class Neovim {
  readonly #folder: string
  readonly #socket: string
  readonly #child: Bun.Subprocess
  readonly #scene: Scene

  private constructor(scene: Scene, folder: string, options: string, args: readonly string[]) {
    this.#scene = scene
    this.#folder = folder
    this.#socket = join(folder, "nvim.sock")
    const config = join(folder, "init.lua")
    writeFileSync(config, `vim.opt.runtimepath:prepend(${lua(PLUGIN)})\n${options}`)
    const screen = ["--cmd", "set columns=140 lines=50 shortmess+=I"]
    this.#child = Bun.spawn(
      [NEOVIM ?? "nvim", "--clean", "--headless", "--listen", this.#socket, ...screen, "-u", config, ...args],
      { cwd: scene.cwd, env: { ...scene.env, NVIM_LOG_FILE: join(folder, "log") }, stdout: "ignore", stderr: "ignore" },
    )
  }

  /** `options` is the body of the table that `setup` gets, in Lua. Resolves when it takes commands. */
  static async start(scene: Scene, args: readonly string[] = [], options = ""): Promise<Neovim> {
    const folder = mkdtempSync(join(tmpdir(), "skein-nvim-"))
    const setup = `require("skein").setup({ command = { ${lua(BINARY)} }, ${options} })\n`
    const editor = new Neovim(scene, folder, setup, args)
    try {
      await editor.until("true")
    } catch (error) {
      await editor[Symbol.asyncDispose]()
      throw error
    }
    return editor
  }

  /** The value of an expression of Lua, as JSON says it. Undefined while the editor takes none. */
  async value(expression: string): Promise<unknown> {
    const code = `(function() local value = (${expression}) if value == nil then return "null" end return vim.json.encode(value) end)()`
    const asked = this.#remote("--remote-expr", `luaeval(${vim(code)})`)
    // Without a screen it writes a value to stderr.
    const [out, err] = await Promise.all([asked.stdout.text(), asked.stderr.text(), asked.exited])
    const said = `${out}${err}`.trim()
    if (said === "" || /E247|E5108|E5009/.test(said)) {
      if (this.#child.exitCode !== null) throw new Error(`Neovim ended (${this.#child.exitCode}).`)
      if (!said.includes("E247") && said !== "") throw new Error(said)
      return undefined
    }
    return JSON.parse(said)
  }

  /** Waits until an expression of Lua is true. Throws what the chat shows when it never is. */
  async until(condition: string): Promise<void> {
    const giveUp = performance.now() + HANG_MS
    while ((await this.value(condition)) !== true) {
      if (performance.now() > giveUp) throw new Error(`Never came to hold: ${condition}\n${await this.screen()}`)
      await Bun.sleep(20)
    }
  }

  /** Keys as a person presses them: `<CR>`, `<Esc>`. */
  async keys(keys: string): Promise<void> {
    await this.#remote("--remote-send", keys).exited
  }

  /** A command, as after `:`; from normal mode. */
  async command(text: string): Promise<void> {
    await this.keys(`<C-\\><C-n>:${text.replaceAll("<", "<lt>")}<CR>`)
  }

  /** The lines of the buffer whose filetype this is. */
  async lines(filetype: string): Promise<string> {
    const lines = await this.value(`(function()
      for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
        if vim.bo[buffer].filetype == "${filetype}" then
          return vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
        end
      end
      return {}
    end)()`)
    return (Array.isArray(lines) ? lines : []).join("\n")
  }

  /** Waits until the buffer of this filetype holds a text. */
  async shows(filetype: string, text: string): Promise<string> {
    const giveUp = performance.now() + HANG_MS
    for (;;) {
      const lines = await this.lines(filetype)
      if (lines.includes(text)) return lines
      if (performance.now() > giveUp) throw new Error(`${filetype} never showed ${text}\n${await this.screen()}`)
      await Bun.sleep(20)
    }
  }

  /** All that is shown, for a failure. */
  async screen(): Promise<string> {
    const messages = await this.value(`vim.fn.execute("messages")`)
    return [await this.lines("skein"), await this.lines("skein-approval"), String(messages)].join("\n---\n")
  }

  #remote(...args: readonly string[]) {
    const argv = [NEOVIM ?? "nvim", "--clean", "--headless", "--server", this.#socket, ...args]
    return Bun.spawn(argv, { env: this.#scene.env, stdin: "ignore", stdout: "pipe", stderr: "pipe" })
  }

  /** Ends it, and with it the skein that it started. Throws where the plugin broke without anybody seeing it. */
  async [Symbol.asyncDispose](): Promise<void> {
    const messages = String(await this.value(`vim.fn.execute("messages")`))
    await this.keys("<C-\\><C-n>:qall!<CR>")
    const late = setTimeout(() => this.#child.kill("SIGKILL"), 5_000)
    await this.#child.exited
    clearTimeout(late)
    rmSync(this.#folder, { recursive: true, force: true })
    if (/Error executing|stack traceback|the plugin failed/.test(messages)) throw new Error(messages)
  }
}

/** A text as Lua writes it. */
export function lua(text: string): string {
  return JSON.stringify(text).replaceAll("\\/", "/")
}

/** A text as Vim script writes it. */
function vim(text: string): string {
  return `'${text.replaceAll("'", "''").replaceAll("\n", " ")}'`
}
