import { cpSync, mkdirSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { BINARY } from "./binary.ts"
import type { Scene } from "./scene.ts"

/**
 * The argv of a VS Code server (`code-server` of the npm registry), where there is one: `SKEIN_CODE_SERVER`, its parts apart by
 * blanks, or the program on the path. It is 600 MB and wants a Node of its own, so nothing here installs it.
 */
export const CODE_SERVER = commandOf()

function commandOf(): readonly string[] | undefined {
  const named = process.env.SKEIN_CODE_SERVER
  if (named !== undefined && named !== "") return named.split(" ")
  const found = Bun.which("code-server")
  return found === null ? undefined : [found]
}

const EXTENSION = resolve(import.meta.dir, "../../../../editors/vscode")

/** A VS Code of its own with the extension in it, on the scene's folder. `url` opens it. */
export async function codeServer(scene: Scene, settings: Readonly<Record<string, unknown>>) {
  const data = join(scene.root, "vscode")
  for (const folder of ["User", "Machine"]) mkdirSync(join(data, folder), { recursive: true })
  const quiet = { "workbench.startupEditor": "none", "telemetry.telemetryLevel": "off", "chat.disableAIFeatures": true }
  writeFileSync(join(data, "User/settings.json"), JSON.stringify({ ...quiet, ...settings }))
  writeFileSync(join(data, "Machine/settings.json"), JSON.stringify({ "skein.command": [BINARY], "skein.mode": "ask" }))
  const own = join(data, "extensions/skein.skein-vscode-0.1.0")
  cpSync(EXTENSION, own, { recursive: true, filter: (path) => !path.includes("node_modules") })
  const made = Bun.spawnSync([
    process.execPath,
    "run",
    resolve(EXTENSION, "../../tools/build/vscode.ts"),
    join(own, "dist"),
  ])
  if (!made.success) throw new Error(made.stderr.toString())
  const port = freePort()
  const flags = ["--auth", "none", "--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"]
  const places = [
    "--user-data-dir",
    data,
    "--extensions-dir",
    join(data, "extensions"),
    "--config",
    join(data, "c.yaml"),
  ]
  const argv = [...(CODE_SERVER ?? []), ...flags, ...places, "--bind-addr", `127.0.0.1:${port}`]
  const env = { ...scene.env, PATH: process.env.PATH ?? "" }
  const child = Bun.spawn(argv, { env, stdin: "ignore", stdout: "ignore", stderr: "ignore" })
  while (!(await isUp(port))) {
    if (child.exitCode !== null) throw new Error(`The VS Code server ended with ${child.exitCode}.`)
    await Bun.sleep(50)
  }
  return {
    url: `http://127.0.0.1:${port}/?folder=${scene.cwd}`,
    async [Symbol.asyncDispose]() {
      child.kill()
      await child.exited
    },
  }
}

async function isUp(port: number): Promise<boolean> {
  return await fetch(`http://127.0.0.1:${port}/healthz`).then(
    ({ ok }) => ok,
    () => false,
  )
}

function freePort(): number {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } })
  const { port } = listener
  listener.stop(true)
  return port
}
