import { expect, test } from "bun:test"
import { describeBinary } from "./ground/binary.ts"
import { modelServer } from "./ground/model.ts"
import { eventsOf, Scene } from "./ground/scene.ts"
import { WIRES } from "./ground/wires.ts"

const HANG_MS = 60_000

describeBinary("the window of a model that nobody knows", () => {
  test.each(WIRES.map((wire) => [wire.name, wire] as const))(
    "%s: it is not guessed, and one word about it changes meter and request together",
    async (_, wire) => {
      const model = `${wire.model.slice(0, wire.model.indexOf("/"))}/other-model`
      const server = modelServer(wire, (asked) => asked.say({ text: "Done." }))
      const scene = new Scene(wire.env(server.url))
      try {
        const run = (...more: readonly string[]) =>
          scene.run(["-p", "do it", "-m", model, "--output-format", "events", ...more])
        const windows = (out: string) =>
          eventsOf(out).flatMap((event) => (event.type === "usage.updated" ? [event.contextTokensMax] : []))
        const unknown = await run()
        expect({ code: unknown.code, windows: windows(unknown.out) }).toEqual({ code: 0, windows: [undefined] })
        expect(unknown.err).toContain(`The window of ${model} is not known`)

        const said = await run("-c", `models."${model}".context_tokens=40000`)
        expect({ code: said.code, windows: windows(said.out) }).toEqual({ code: 0, windows: [30_000] })
        expect(said.err).not.toContain("is not known")
        const asked = server.requests.filter(({ method }) => method === "POST").at(-1)?.text ?? ""
        expect(asked).toMatch(/"(?:max_tokens|max_output_tokens|max_completion_tokens|maxOutputTokens)":(?:8192|10000)/)
      } finally {
        server.stop()
        scene.remove()
      }
    },
    HANG_MS,
  )
})
