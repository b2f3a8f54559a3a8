import { expect, test } from "bun:test"
import { describeBinary } from "./ground/binary.ts"
import { modelServer } from "./ground/model.ts"
import { Scene } from "./ground/scene.ts"
import { WIRES } from "./ground/wires.ts"

const [wire] = WIRES

describeBinary("the model that stands in for an overloaded one", () => {
  test("is said at the start to be one that cannot be asked, and the turn goes on without it", async () => {
    if (wire === undefined) throw new Error("There is no wire")
    const server = modelServer(wire, (asked) => asked.say({ text: "Done." }))
    const scene = new Scene(wire.env(server.url))
    try {
      const ran = await scene.run([
        "-p",
        "go",
        "-m",
        wire.model,
        "-c",
        'models.fallback="mistral/mistral-medium-latest"',
      ])
      expect(ran).toMatchObject({ code: 0, out: "Done.\n" })
      expect(ran.err).toMatch(/models\.fallback cannot be asked: No key for Mistral.* Set MISTRAL_API_KEY/)
    } finally {
      server.stop()
      scene.remove()
    }
  })
})
