import { expect, test } from "bun:test"
import { describeBinary } from "./ground/binary.ts"
import { type Asked, append, modelServer } from "./ground/model.ts"
import { Scene } from "./ground/scene.ts"
import { WIRES } from "./ground/wires.ts"

const HANG_MS = 60_000

/** A field that the wire sends, how its server complains about it, and what is learned from that. */
const STRICT: Readonly<Record<string, { readonly field: string; readonly says: string; readonly learned: string }>> = {
  "Anthropic Messages": {
    field: "cache_control",
    says: "system.0.cache_control: Extra inputs are not permitted",
    learned: "no cache marks",
  },
  "OpenAI Responses": {
    field: "parallel_tool_calls",
    says: "Unsupported parameter: 'parallel_tool_calls'",
    learned: "no parallel_tool_calls",
  },
  "OpenAI Chat": {
    field: "stream_options",
    says: "Unknown parameter: 'stream_options'.",
    learned: "no stream_options",
  },
  "Google Gemini": {
    field: "parametersJsonSchema",
    says: "Unknown name \"parametersJsonSchema\" at 'tools[0].function_declarations[0]': Cannot find field.",
    learned: "older tool schemas",
  },
}

describeBinary("what a server wants otherwise is found out from its 400", () => {
  test.each(WIRES.map((wire) => [wire.name, wire] as const))(
    "%s: in the middle of a turn, no call runs twice, and it is kept until the person deletes it",
    async (name, wire) => {
      const strict = STRICT[name]
      if (strict === undefined) throw new Error(`${name} has no strict server here`)
      // The second step is refused, so that a call has already run.
      const refuses = ({ request, conversation }: Asked) =>
        conversation.results.length > 0 && request.text.includes(`"${strict.field}"`)
      const server = modelServer(wire, async (asked) => {
        if (refuses(asked)) return await asked.refuse(400, wire.error("invalid_request_error", strict.says))
        await asked.say(asked.conversation.results.length === 0 ? { calls: [append("one")] } : { text: "Done." })
      })
      const scene = new Scene(wire.env(server.url))
      try {
        const run = () => scene.run(["-p", "do it", "-m", wire.model, "--yes"])
        const first = await run()
        expect({ code: first.code, out: first.out }).toEqual({ code: 0, out: "Done.\n" })
        expect(first.err).toContain(`It is asked again with ${strict.learned}.`)
        expect(first.err.match(/^note .*That is kept: skein models quirks show/gm)).toHaveLength(1)
        expect(scene.read("ran.txt")).toBe("one\n")
        expect(server.requests).toHaveLength(3)

        expect((await run()).err).not.toContain("asked again")
        expect(server.requests).toHaveLength(5)

        expect((await scene.run(["models", "quirks"])).out).toContain(strict.learned)
        const shown = await scene.run(["models", "quirks", "show", wire.model])
        expect(shown.out).toContain(strict.says)
        const tested = await scene.run(["models", "quirks", "test", wire.model])
        expect({ code: tested.code, out: tested.out.slice(0, 6) }).toEqual({ code: 0, out: "needed" })
        expect(server.requests).toHaveLength(7)

        expect((await scene.run(["models", "quirks", "delete", wire.model])).code).toBe(0)
        expect((await scene.run(["models", "quirks"])).err).toContain("Nothing was learned of any model")
        expect((await scene.run(["models", "quirks", "show", wire.model])).code).toBe(78)
        expect((await run()).err).toContain("It is asked again with")
        expect(server.complaints).toEqual([])
      } finally {
        server.stop()
        scene.remove()
      }
    },
    HANG_MS,
  )
})
