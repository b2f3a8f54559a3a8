import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { whyUnconfined } from "../world.ts"
import { CASES, picture, type Scene, scene, whyNoLayers } from "./scene.ts"

// A guard against hanging, not a measure.
setDefaultTimeout(60_000)

const reason = (await whyUnconfined()) ?? (await whyNoLayers())
const COUNT = 200
const MAKE = `for i in $(seq ${COUNT}); do echo old > f$i; done; mkdir gone; echo g > gone/g`
const CHANGE = `for i in $(seq ${COUNT}); do echo new > f$i; done; rm -r gone; mkdir made; echo m > made/m`

for (const as of CASES.slice(0, 2)) {
  describe.skipIf(reason !== undefined)(`a skein of uid ${as.uid} that is killed while it keeps a layer`, () => {
    let world: Scene
    beforeEach(() => {
      world = scene(as)
      world.given(MAKE)
    })
    afterEach(() => world.cleanUp())

    const contents = () => new Set(Array.from({ length: COUNT }, (_, i) => at(`f${i + 1}`)))
    const at = (name: string) => readFileSync(join(world.workspace, name), "utf8")
    const strays = () => [
      ...readdirSync(world.workspace).filter((name) => name.startsWith(".skein")),
      ...readdirSync(join(world.base, "data/layers")),
    ]
    /** Kills it as soon as `isNow`, and lets another skein open a layer. */
    const killedWhen = async (isNow: () => boolean) => {
      const child = world.start({ run: CHANGE }, "keep")
      while (child.exitCode === null && !isNow()) await Bun.sleep(1)
      child.kill("SIGKILL")
      await child.exited
      const left = picture(world.workspace).filter((line) => !line.startsWith(".skein"))
      return { left, isCut: child.signalCode === "SIGKILL" }
    }
    const isStaging = () => readdirSync(world.workspace).some((name) => name.startsWith(".skein-keep-"))

    test("while all is made ready, it has changed nothing, and leaves nothing", async () => {
      const before = picture(world.workspace)
      const { left, isCut } = await killedWhen(isStaging)
      await world.layer("changes")

      // Where it was too fast for us all of it is done.
      if (isCut && contents().has("old\n")) expect([left, picture(world.workspace)]).toEqual([before, before])
      expect(contents().size).toBe(1)
      expect(strays()).toEqual([])
    })

    test("in the middle of it, each file is old or new, and the next skein finishes it", async () => {
      await killedWhen(() => isStaging() && at("f1") === "new\n")
      for (const text of contents()) expect(["old\n", "new\n"]).toContain(text)
      await world.layer("changes")

      expect([...contents()]).toEqual(["new\n"])
      expect([existsSync(join(world.workspace, "gone")), at("made/m"), strays()]).toEqual([false, "m\n", []])
    })

    test("what somebody else wrote after it was killed stays as they left it", async () => {
      await killedWhen(() => isStaging() && at("f1") === "new\n")
      world.given(`for i in 1 100 ${COUNT}; do echo theirs > f$i; done`)
      await world.layer("changes")

      expect(["f1", "f100", `f${COUNT}`].map(at)).toEqual(["theirs\n", "theirs\n", "theirs\n"])
      expect([...contents()].toSorted()).toEqual(["new\n", "theirs\n"])
      expect(strays()).toEqual([])
    })

    test("while a command runs in it, nothing is left of the layer", async () => {
      const before = picture(world.workspace, "inodes")
      const child = world.start({ run: "echo new > f1; sleep 60" })
      const written = () => {
        const folder = join(world.base, "data/layers")
        return existsSync(folder) && readdirSync(folder).some((name) => existsSync(join(folder, name, "0/upper/f1")))
      }
      while (!written()) await Bun.sleep(5)
      child.kill("SIGKILL")
      await child.exited
      await world.layer("changes")

      expect(picture(world.workspace, "inodes")).toEqual(before)
      expect(strays()).toEqual([])
    })
  })
}
