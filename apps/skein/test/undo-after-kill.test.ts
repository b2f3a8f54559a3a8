import { expect, test } from "bun:test"
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { describeBinary } from "./ground/binary.ts"
import { modelServer } from "./ground/model.ts"
import { processesLeft } from "./ground/processes.ts"
import { Scene } from "./ground/scene.ts"
import { WIRES } from "./ground/wires.ts"

const COMMAND =
  "echo new > changed; rm gone; mkdir -p made/deep; echo x > made/deep/file; chmod 600 mode; ln -sfn there link; echo y > ready; sleep 60"

describeBinary("undo after kill -9", () => {
  test("takes back what a command had changed in the middle of which skein was killed, once it is told to", async () => {
    const wire = WIRES[0]
    if (wire === undefined) throw new Error("No wire")
    const server = modelServer(wire, (asked) => asked.say({ calls: [{ name: "bash", args: { command: COMMAND } }] }))
    const scene = new Scene(wire.env(server.url))
    try {
      for (const name of ["changed", "gone", "mode"]) writeFileSync(scene.path(name), `old ${name}\n`)
      chmodSync(scene.path("mode"), 0o755)
      symlinkSync("nowhere", scene.path("link"))
      mkdirSync(scene.path("other"))
      const start = standing(scene.cwd)

      const child = scene.start(["-p", "work", "-m", wire.model])
      while (!existsSync(scene.path("ready"))) await Bun.sleep(5)
      child.kill("SIGKILL")
      await child.exited
      expect(await processesLeft(scene.root, 2_000)).toEqual([])
      writeFileSync(scene.path("other/mine"), "the person's\n")
      const cut = standing(scene.cwd)

      const paths = ["changed", "gone", "link", "made", "made/deep", "made/deep/file", "mode", "other/mine", "ready"]
      const shown = await scene.run(["undo", "--dry-run", "--json"])
      const { files, notCovered } = JSON.parse(shown.out) as {
        files: { path: string; conflict?: string }[]
        notCovered: string[]
      }
      expect(files.map(({ path }) => path.slice(scene.cwd.length + 1))).toEqual(paths)
      expect(new Set(files.map(({ conflict }) => conflict))).toEqual(
        new Set(["skein was killed while a command could change it, and something else may have changed it since"]),
      )
      expect(notCovered.join()).not.toContain("is not known")

      const refused = await scene.run(["undo", "--yes"])
      expect(refused.code).not.toBe(0)
      expect(refused.err).toContain("other/mine")
      expect(standing(scene.cwd)).toEqual(cut)

      const done = await scene.run(["undo", "--yes", "--on-conflict", "overwrite"])
      expect({ code: done.code, err: done.err }).toMatchObject({ code: 0 })
      expect(standing(scene.cwd)).toEqual(start)
      expect(readdirSync(join(scene.data, "checkpoints", "watching"))).toEqual([])

      // What the person had made meanwhile went with it, and comes back.
      expect(await scene.run(["redo", "--yes"])).toMatchObject({ code: 0 })
      expect(standing(scene.cwd)).toEqual(cut)
    } finally {
      server.stop()
      scene.remove()
    }
  }, 60_000)
})

function standing(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()
  return Object.fromEntries(
    names.map((name) => {
      const path = join(folder, name)
      const stats = lstatSync(path)
      const mode = (stats.mode & 0o7777).toString(8)
      if (stats.isSymbolicLink()) return [name, `link ${readlinkSync(path)}`]
      return [name, stats.isFile() ? `file ${mode} ${readFileSync(path, "utf8")}` : `folder ${mode}`]
    }),
  )
}
