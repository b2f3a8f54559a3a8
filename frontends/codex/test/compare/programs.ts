import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { program as skein } from "../program.ts"
import { client } from "../talk.ts"
import type { mockModel } from "./mock.ts"

export type Which = "codex" | "skein"

/**
 * One of the two as an app server over a pipe, in a folder and a home of its own. Not below the temporary folder: there Codex
 * makes no sandbox.
 */
export function serving(
  which: Which,
  codex: string,
  model: Pick<ReturnType<typeof mockModel>, "url">,
  /** Of the home. */
  files: Readonly<Record<string, string>> = {},
) {
  const base = realpathSync(mkdtempSync("/var/tmp/skein-compare-"))
  const [work, home] = [join(base, "work"), join(base, "home")]
  mkdirSync(join(home, ".codex"), { recursive: true })
  mkdirSync(work)
  writeFileSync(join(home, ".codex", "config.toml"), configOf(model.url, work))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true })
    writeFileSync(join(home, name), text, { mode: 0o600 })
  }
  const provider = `model_providers.mock={name="mock",base_url="${model.url}",wire_api="responses"}`
  const settings = ["model_provider=mock", "model=gpt-5.5", provider, "network.retries=0"]
  const argv =
    which === "codex" ? [codex, "app-server"] : [skein, "app-server", ...settings.flatMap((setting) => ["-c", setting])]
  const child = Bun.spawn(argv, {
    ...{ cwd: work, stdin: "pipe", stdout: "pipe", stderr: "pipe" },
    env: { PATH: process.env.PATH ?? "/usr/bin:/bin", HOME: home, CODEX_HOME: join(home, ".codex"), RUST_LOG: "off" },
  })
  const host = client((line) => {
    child.stdin.write(`${line}\n`)
    void child.stdin.flush()
  })
  const errors = new Response(child.stderr).text()
  const reading = (async () => {
    let rest = ""
    const text = new TextDecoder()
    for await (const chunk of child.stdout) {
      const lines = (rest + text.decode(chunk, { stream: true })).split("\n")
      rest = lines.pop() ?? ""
      for (const line of lines) host.take(line)
    }
  })()
  return {
    host,
    work,
    home,
    /** Closes its input, waits for its end; gives what it wrote on stderr. */
    async end(): Promise<string> {
      void child.stdin.end()
      await reading
      await child.exited
      rmSync(base, { recursive: true, force: true })
      return errors
    },
  }
}

function configOf(url: string, work: string): string {
  return [
    'model = "gpt-5.5"',
    'model_provider = "mock"',
    "[model_providers.mock]",
    'name = "mock"',
    `base_url = "${url}"`,
    'wire_api = "responses"',
    "request_max_retries = 0",
    "stream_max_retries = 0",
    `[projects."${work}"]`,
    'trust_level = "trusted"',
    "",
  ].join("\n")
}
