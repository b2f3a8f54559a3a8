import { expect, test } from "bun:test"
import { describeBinary } from "./ground/binary.ts"
import { modelServer } from "./ground/model.ts"
import { Scene } from "./ground/scene.ts"
import { WIRES } from "./ground/wires.ts"

const [wire] = WIRES

describeBinary("the model that stands in for an overloaded one", () => {
  test.each([
    ["mistral/mistral-medium-latest", /cannot be asked: No key for Mistral.* set MISTRAL_API_KEY/],
    ["nobodys-model", /cannot be asked: No model is called "nobodys-model"/],
  ])("is said at the start to be one that cannot be asked, and the turn goes on without it: %s", async (named, why) => {
    if (wire === undefined) throw new Error("There is no wire")
    const server = modelServer(wire, (asked) => asked.say({ text: "Done." }))
    const scene = new Scene(wire.env(server.url))
    try {
      const ran = await scene.run(["-p", "go", "-m", wire.model, "-c", `models.fallback=${JSON.stringify(named)}`])
      expect(ran).toMatchObject({ code: 0, out: "Done.\n" })
      expect(ran.err).toMatch(why)
    } finally {
      server.stop()
      scene.remove()
    }
  })
})
