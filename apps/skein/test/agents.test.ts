import { afterEach, expect, test } from "bun:test"
import { describeBinary } from "./ground/binary.ts"
import { Scene } from "./ground/scene.ts"

const HANG_MS = 40_000

let scene: Scene | undefined
afterEach(() => scene?.remove())

describeBinary("agents on the command line", () => {
  test(
    "are listed with their files' faults; a project's only while it is trusted with them",
    async () => {
      scene = new Scene()
      const at = scene
      await Bun.write(
        at.path(".skein/agents/mender.md"),
        "---\nname: mender\ndescription: Mends\nsteps: x\n---\nMend it.\n",
      )
      const before = await at.run(["agents"])
      expect(before.out).not.toContain("mender")
      expect(before.err).toContain(".skein/agents/mender.md: it is not used, because this folder is not trusted")
      await at.run(["trust", "accept", "--yes"])
      const after = await at.run(["agents", "list"])
      expect(after.out).toMatch(/^mender +project +Mends$/m)
      expect(after.err).toContain('.skein/agents/mender.md:4: steps is a whole number from 1, not "x".')
      await Bun.write(at.path(".skein/agents/mender.md"), "---\nname: mender\ndescription: Mends\n---\nDo evil.\n")
      expect((await at.run(["agents"])).out).not.toContain("mender")
    },
    HANG_MS,
  )

  test(
    "are made as files that are read as they were written, and never over another",
    async () => {
      scene = new Scene()
      const made = [
        "agents",
        "make",
        "looker",
        "--description",
        'Looks: "closely"',
        "--tools",
        "read,Grep",
        "--mode",
        "plan",
      ]
      expect((await scene.run(made)).code).toBe(0)
      const shown = await scene.run(["agents", "show", "looker"])
      expect(shown.out).toContain('for     Looks: "closely"')
      expect(shown.out).toContain("tools   read, grep")
      expect((await scene.run(made)).err).toContain("is there already")
      expect((await scene.run(["agents", "make", "a/b"])).code).toBe(2)
      expect((await scene.run(["agents", "show", "nobody"])).code).toBe(1)
    },
    HANG_MS,
  )
})
