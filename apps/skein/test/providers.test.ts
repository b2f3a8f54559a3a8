import { expect, test } from "bun:test"
import { STRICT_KEY, STRICT_PROVIDERS, type StrictProvider, strictServer } from "@skein/testkit/providers"
import { describeBinary } from "./ground/binary.ts"
import { Scene } from "./ground/scene.ts"

const COMMAND = "echo from the tool"

describeBinary("every provider of the table, by the key a person has", () => {
  for (const provider of STRICT_PROVIDERS) {
    const name = `${provider.id}/${provider.model}`
    if (provider.manners.lacksTools === true) test(`${name}: prompt, answer`, () => asked(provider, 1))
    else test(`${name}: prompt, call, result, answer`, () => asked(provider, 2))
  }
})

/** What one run sends is taken by a server that refuses what the real one would, and the call it asks for is run. */
async function asked(provider: StrictProvider, requests: number): Promise<void> {
  const server = strictServer(provider, {
    script: (at) =>
      at < requests - 1
        ? { text: "Looking.", calls: [{ name: "bash", args: { command: COMMAND } }] }
        : { text: "It said: from the tool." },
  })
  const scene = new Scene({ ...environment(provider), [provider.baseUrlEnv]: baseUrl(provider, server.origin) })
  try {
    const ran = await scene.run(["-p", "tell me", "-m", `${provider.id}/${provider.model}`])

    expect(server.complaints).toEqual([])
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 0, out: "It said: from the tool.\n" })
    expect(server.journal).toHaveLength(requests)
    const last = server.journal.at(-1)?.understood
    expect(last?.said).toContain("tell me")
    expect(last?.results.map(({ text }) => text)).toEqual(requests === 1 ? [] : ["from the tool\n(exit 0)"])
  } finally {
    server.stop()
    scene.remove()
  }
}

function environment({ env, keyEnv }: StrictProvider): Record<string, string> {
  return { ...env, ...(keyEnv === undefined ? {} : { [keyEnv]: STRICT_KEY }) }
}

/** Some people's variables hold the host alone, and what follows is known. */
function baseUrl({ basePath, query, baseUrlEnv }: StrictProvider, origin: string): string {
  if (baseUrlEnv === "AZURE_OPENAI_ENDPOINT") return `${origin}/`
  return `${origin}${basePath}${query === undefined ? "" : `?${query}`}`
}
