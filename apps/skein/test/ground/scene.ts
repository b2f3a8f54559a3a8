import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Event } from "@skein/protocol"
import { BINARY } from "./binary.ts"

/** What a run said and how it ended. */
export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
  readonly ms: number
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** What is piped in; absent: stdin is /dev/null. */
  readonly stdin?: string | Uint8Array
}

/** A person's machine: a home, a folder they work in, and the binary. All of it goes with `remove`. */
export class Scene {
  readonly root: string
  readonly home: string
  readonly cwd: string
  readonly temporary: string
  readonly env: Record<string, string>

  /** `base` is another place for it than the temporary folder, which commands have a private one of. */
  constructor(env: Readonly<Record<string, string>> = {}, base: string = tmpdir()) {
    this.root = realpathSync(mkdtempSync(join(base, "skein-scene-")))
    this.home = join(this.root, "home")
    this.cwd = join(this.root, "project")
    this.temporary = join(this.root, "tmp")
    for (const folder of [this.home, this.cwd, this.temporary]) mkdirSync(folder)
    this.env = { PATH: "/usr/bin:/bin", HOME: this.home, TMPDIR: this.temporary, LANG: "C.UTF-8", ...env }
  }

  /** Runs the binary to its end. */
  async run(args: readonly string[], options: StartOptions = {}): Promise<Ran> {
    const startedAt = performance.now()
    const child = this.start(args, options)
    const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
    return { code, out, err, ms: performance.now() - startedAt }
  }

  start(args: readonly string[], { env = {}, cwd = this.cwd, stdin }: StartOptions = {}) {
    return Bun.spawn([BINARY, ...args], {
      cwd,
      env: { ...this.env, ...env },
      stdin: stdin === undefined ? "ignore" : Buffer.from(stdin),
      stdout: "pipe",
      stderr: "pipe",
    })
  }

  path(...parts: readonly string[]): string {
    return join(this.cwd, ...parts)
  }

  get data(): string {
    return join(this.home, ".local/share/skein")
  }

  /** Every file below the home and the temporary folder, by its path. */
  files(folder: string = this.root): string[] {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
  }

  read(...parts: readonly string[]): string {
    return readFileSync(this.path(...parts), "utf8")
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true })
  }
}

/** The lines of `--output-format events`; a torn last line is left out. */
export function eventsOf(out: string): Event[] {
  const whole = out.slice(0, out.lastIndexOf("\n") + 1)
  return whole
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Event)
}
