import { expect, test } from "bun:test"
import { existsSync, mkdirSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { Scene } from "./ground/scene.ts"

/** The program from its sources, which is what the binary is made of. */
function skein(scene: Scene, ...args: readonly string[]) {
  const main = resolve(import.meta.dir, "../src/main.ts")
  return Bun.spawnSync([process.execPath, main, ...args], { cwd: scene.cwd, env: scene.env, stdin: "ignore" })
}

test("skein sandbox writes nothing unless this run says so, whatever is configured for sessions", () => {
  const scene = new Scene()
  try {
    mkdirSync(join(scene.home, ".config/skein"), { recursive: true })
    const config = join(scene.home, ".config/skein/config.toml")
    for (const configured of ["full-access", "workspace-write"]) {
      writeFileSync(config, `sandbox = "${configured}"\n`)
      skein(scene, "sandbox", "--", "touch", "made")
      expect(existsSync(scene.path("made"))).toBe(false)
    }
    for (const [at, said] of [
      ["--sandbox", "workspace-write"],
      ["-c", "sandbox=workspace-write"],
    ].entries()) {
      skein(scene, "sandbox", ...said, "--", "touch", `said-${at}`)
      expect(existsSync(scene.path(`said-${at}`))).toBe(true)
    }
  } finally {
    scene.remove()
  }
}, 60_000)
