import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { BINARY } from "./binary.ts"
import type { Scene } from "./scene.ts"
import { person, Uri } from "./vscode-api.ts"

const ROOT = resolve(import.meta.dir, "../../../..")
const HANG_MS = 30_000
const manifest = JSON.parse(readFileSync(join(ROOT, "editors/vscode/package.json"), "utf8")) as {
  contributes: { configuration: { properties: Record<string, { default: unknown }> } }
}

/** What the editor takes a setting for that nobody set. */
const DEFAULTS = Object.fromEntries(
  Object.entries(manifest.contributes.configuration.properties).map(([name, row]) => [name, row.default]),
)

/** What the extension told its page, by its type. */
export interface Told {
  readonly type: string
  readonly [name: string]: unknown
}

interface Block {
  readonly kind: string
  readonly text?: string
}

/** The extension as it ships, in a window without a screen: the test is the person and the page. */
export class Window {
  readonly #folder = mkdtempSync(join(tmpdir(), "skein-vscode-"))
  readonly #subscriptions: { dispose(): void }[] = []
  /** The newest of each type. */
  readonly told = new Map<string, Told>()
  blocks: Block[] = []
  #next = Promise.withResolvers<void>()
  #take: (message: unknown) => void = () => {}

  /** `folders` are those of the window, the scene's own when left out. */
  constructor(scene: Scene, settings: Readonly<Record<string, unknown>> = {}, folders = [scene.cwd]) {
    person.reset(...folders)
    person.settings = { ...DEFAULTS, "skein.command": ["/usr/bin/env", ...environment(scene), BINARY], ...settings }
    const made = Bun.spawnSync([process.execPath, "run", join(ROOT, "tools/build/vscode.ts"), this.#folder])
    if (!made.success) throw new Error(made.stderr.toString())
    // What the editor gives an extension by this name.
    const api = join(this.#folder, "node_modules/vscode")
    mkdirSync(api, { recursive: true })
    writeFileSync(join(api, "package.json"), JSON.stringify({ name: "vscode", main: "index.cjs" }))
    const source = JSON.stringify(join(import.meta.dir, "vscode-api.ts"))
    writeFileSync(join(api, "index.cjs"), `module.exports = require(${source})\n`)
    const extension = createRequire(join(this.#folder, "host.cjs"))("./extension.cjs") as {
      activate(context: unknown): void
    }
    extension.activate({ subscriptions: this.#subscriptions, extensionUri: Uri.file(this.#folder) })
    person.provider?.resolveWebviewView(this.#view())
    this.page({ type: "ready" })
  }

  /** Something that the person does on the page. */
  page(message: Told): void {
    this.#take(message)
  }

  /** Waits until what was told makes this true. Throws what was told when it never does. */
  async until(isTrue: () => boolean): Promise<void> {
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(() => {
      late.reject(new Error(JSON.stringify([this.blocks, [...this.told.values()], person.said], undefined, 1)))
    }, HANG_MS)
    while (!isTrue()) await Promise.race([this.#next.promise, late.promise])
    clearTimeout(timer)
  }

  /** Waits until the conversation holds this. */
  says(text: string): Promise<void> {
    return this.until(() => this.blocks.some((block) => block.text?.includes(text) === true))
  }

  #view() {
    return {
      onDidDispose: () => ({ dispose() {} }),
      webview: {
        cspSource: "vscode-resource:",
        asWebviewUri: (uri: Uri) => uri,
        onDidReceiveMessage: (take: (message: unknown) => void) => {
          this.#take = take
        },
        postMessage: async (message: Told) => this.#hear(message),
        set html(_: string) {},
      },
      badge: undefined,
    }
  }

  #hear(message: Told): void {
    // As it is on the way to a page: what is no data does not arrive.
    const said = structuredClone(message)
    this.told.set(said.type, said)
    if (said.type === "blocks") this.blocks = [...this.blocks.slice(0, Number(said.from)), ...(said.blocks as Block[])]
    this.#next.resolve()
    this.#next = Promise.withResolvers<void>()
  }

  [Symbol.dispose](): void {
    for (const each of this.#subscriptions) each.dispose()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** The scene's own environment and none of this process's. */
function environment(scene: Scene): string[] {
  return ["-i", ...Object.entries(scene.env).map(([name, value]) => `${name}=${value}`)]
}
