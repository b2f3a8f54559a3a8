import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Run } from "../../verb.ts"
import { driveApp } from "./drive.ts"
import { repeatingModel } from "./repeating-model.ts"

const STEPS = [
  ...["render:stable", "snapshot:welcome", "line:one two three", "expect:You said: one two three", "render:stable"],
  ...["resize:60x20", "render:stable", "resize:100x30", "render:stable", "type:not sent", "expect:not sent"],
  ...["snapshot:finished", "key:ctrl+c", "absent:not sent"],
]

/** A machine that has nothing but this program: its home, its folder and its model go away with it. */
export const run: Run = async ({ flags, rest, io }) => {
  const root = mkdtempSync(join(tmpdir(), "skein-terminal-app-"))
  const [home, cwd, temporary] = ["home", "project", "tmp"].map((name) => join(root, name)) as [string, string, string]
  for (const folder of [home, cwd, temporary]) mkdirSync(folder)
  writeFileSync(join(cwd, "notes.md"), "# Notes\n")
  const model = repeatingModel()
  try {
    return await driveApp(flags, rest, io, {
      cwd,
      env: {
        ...{ PATH: io.env.PATH ?? "/usr/bin:/bin", HOME: home, TMPDIR: temporary, LANG: "C.UTF-8" },
        ...{ OPENAI_BASE_URL: `${model.url}/v1`, OPENAI_API_KEY: "none-needed" },
      },
      args: ["-m", "openai-chat/repeating"],
      usualSteps: STEPS,
    })
  } finally {
    model.stop()
    rmSync(root, { recursive: true, force: true })
  }
}
